package dev.lanyard.server.tools;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.Outcome;
import java.time.Instant;
import java.util.List;

/// What an administrator says to one definition of a tool.
///
/// @param connector its id in the role library
/// @param tool its name
/// @param hash exactly what was looked at: if the server says something else by now, it does not
///   count
/// @param grade that the role library gives the tool
/// @param despiteSuspicions whether they have seen what [Inspection] finds and accept it all the
///   same
/// @param by who judges
/// @param correlationId of the command or request
public record Judgement(
    String connector,
    String tool,
    String hash,
    String grade,
    boolean despiteSuspicions,
    String by,
    String correlationId) {
  private static final String TYPE = "tool.accepted";

  AuditEvent event(Acceptance result, List<Suspicion> suspicions, Instant at) {
    var evidence =
        JsonObject.builder()
            .put("connector", connector)
            .put("tool", tool)
            .put("hash", hash)
            .put("grade", grade)
            .put("by", by)
            .put("suspicions", suspicions.stream().map(Suspicion::toJson).toList());
    switch (result) {
      case Acceptance.Accepted() -> {
        return AuditEvent.of(TYPE, Outcome.SUCCESS, at, correlationId, evidence.build());
      }
      case Acceptance.Unknown() -> evidence.put("reason", "unknown-tool");
      case Acceptance.Suspicious(_) -> evidence.put("reason", "suspicious");
      case Acceptance.Overtaken(var current) ->
          evidence.put("reason", "overtaken").putIfPresent("current_hash", current);
    }
    return AuditEvent.of(TYPE, Outcome.REFUSED, at, correlationId, evidence.build());
  }
}
