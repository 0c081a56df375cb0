package dev.lanyard.server.database;

import dev.lanyard.protocol.json.JsonObject;

/// A change that a transaction tells of. It gets its number when everything else of that
/// transaction is done.
public final class Appended {
  private final String kind;
  private final JsonObject body;
  private long sequence;

  Appended(String kind, JsonObject body) {
    this.kind = kind;
    this.body = body;
  }

  String kind() {
    return kind;
  }

  JsonObject body() {
    return body;
  }

  void numbered(long number) {
    sequence = number;
  }

  /// Its place in the order of all changes.
  ///
  /// @throws IllegalStateException if the transaction goes on: see [ChangeFeed#onceNumbered]
  public long sequence() {
    if (sequence == 0) {
      throw new IllegalStateException("a change has its number at the end of its transaction");
    }
    return sequence;
  }
}
