package dev.lanyard.server.receipts;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.revocation.Denied;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

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

  /// The facts with grants that were lost in consequence.
  static JsonObject with(JsonObject facts, Collection<String> grants, Instant refusedFrom) {
    var all = new ArrayList<>(denied(facts));
    var known = all.stream().map(Dead::what).collect(Collectors.toSet());
    for (var grant : grants) {
      if (known.add(Denied.grant(grant))) {
        all.add(Dead.lost(grant, refusedFrom));
      }
    }
    return facts.with(
        JsonObject.builder().put("denied", all.stream().map(Dead::toJson).toList()).build());
  }

  static Optional<String> text(JsonObject json, String name) {
    try {
      return json.string(name);
    } catch (MalformedException e) {
      throw new IllegalStateException("a fact is not readable: " + name, e);
    }
  }
}
