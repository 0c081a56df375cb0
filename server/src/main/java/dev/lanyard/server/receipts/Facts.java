package dev.lanyard.server.receipts;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads what this package has written itself.
final class Facts {
  private Facts() {}

  /// What is dead, of the facts of an incident.
  static List<Dead> denied(JsonObject facts) {
    try {
      var all = new ArrayList<Dead>();
      for (var one : facts.objects("denied").orElse(List.of())) {
        all.add(Dead.of(one));
      }
      return all;
    } catch (MalformedException e) {
      throw new IllegalStateException("the facts of an incident are not readable", e);
    }
  }

  static Optional<String> text(JsonObject json, String name) {
    try {
      return json.string(name);
    } catch (MalformedException e) {
      throw new IllegalStateException("a fact is not readable: " + name, e);
    }
  }
}
