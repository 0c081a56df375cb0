package dev.lanyard.server.console.api;

import java.time.Instant;

/// Where a page of what is in the order of time has ended, as its cursor has it.
///
/// @param id of what is there, since several may have happened at one moment
record Place(Instant at, String id) {
  /// A page of ours has ended so: cursors are sealed.
  static Place of(String text) {
    int end = text.indexOf(' ');
    return new Place(
        Instant.ofEpochMilli(Long.parseLong(text.substring(0, end))), text.substring(end + 1));
  }

  String text() {
    return at.toEpochMilli() + " " + id;
  }
}
