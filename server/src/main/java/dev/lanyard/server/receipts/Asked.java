package dev.lanyard.server.receipts;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.revocation.Denied;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A receipt that is to be made, or made anew.
///
/// @param facts what the pipeline knew
/// @param sequence of the change that brought the denials
/// @param at when we acted
/// @param seenAt when a node first saw the incident committed
/// @param isSigned whether there is a receipt already, which is not final
record Asked(
    String incident,
    Optional<String> organisation,
    String person,
    JsonObject facts,
    long sequence,
    String correlationId,
    Instant at,
    Instant seenAt,
    boolean isSigned) {

  /// Whether everything is dead that the person had.
  boolean killsPerson() {
    return denied().stream()
        .anyMatch(one -> Facts.text(one, "kind").equals(Optional.of(Denied.Kind.PERSON.name())));
  }

  /// What is dead: kind and value each.
  List<JsonObject> denied() {
    try {
      return facts.objects("denied").orElse(List.of());
    } catch (MalformedException e) {
      throw new IllegalStateException("the facts of an incident are not readable", e);
    }
  }
}
