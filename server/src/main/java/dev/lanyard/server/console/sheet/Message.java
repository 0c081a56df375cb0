package dev.lanyard.server.console.sheet;

import java.util.Optional;

/// A page that only says something: what happened, and what to do.
///
/// @param reference under which an administrator finds more
public record Message(String what, String then, Optional<Way> way, String reference) {

  /// A way on.
  public record Way(String address, String label) {}
}
