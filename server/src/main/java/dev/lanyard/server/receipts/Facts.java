package dev.lanyard.server.receipts;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.Optional;

/// Reads what this package has written itself.
final class Facts {
  private Facts() {}

  static Optional<String> text(JsonObject json, String name) {
    try {
      return json.string(name);
    } catch (MalformedException e) {
      throw new IllegalStateException("a fact is not readable: " + name, e);
    }
  }
}
