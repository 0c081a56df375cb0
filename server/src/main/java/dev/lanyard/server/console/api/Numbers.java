package dev.lanyard.server.console.api;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;

/// Numbers that a body must have.
final class Numbers {
  private Numbers() {}

  static long of(JsonObject json, String name) throws MalformedException {
    return json.integer(name)
        .orElseThrow(() -> new MalformedException("'" + name + "' is missing"));
  }
}
