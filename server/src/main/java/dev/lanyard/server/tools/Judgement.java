package dev.lanyard.server.tools;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// What an administrator says to one definition of a tool.
///
/// @param connector its id in the role library
/// @param tool its name
/// @param hash exactly what was looked at: if the server says something else by now, it does not
///   count
/// @param grade that the role library gives the tool
/// @param despite what they have seen that speaks against it, and accept it all the same
/// @param by who judges
/// @param correlationId of the command or request
public record Judgement(
    String connector,
    String tool,
    String hash,
    String grade,
    Set<Despite> despite,
    String by,
    String correlationId) {
  private static final String TYPE = "tool.accepted";

  public Judgement {
    despite = Set.copyOf(despite);
  }

  /// What speaks against accepting a tool, unless the administrator says that they know of it.
  public enum Despite {
    /// What [Inspection] finds in its definition.
    SUSPICIONS,
    /// An administrator has taken its acceptance back, for a reason of their own.
    WITHDRAWAL
  }

  /// @param beside whether what was accepted before is to stay accepted
  AuditEvent event(Acceptance result, List<Suspicion> suspicions, boolean beside, Instant at) {
    var evidence =
        JsonObject.builder()
            .put("connector", connector)
            .put("tool", tool)
            .put("hash", hash)
            .put("grade", grade)
            .put("by", by)
            .put("beside", beside)
            .putAll(Suspicion.evidence(suspicions));
    switch (result) {
      case Acceptance.Accepted() -> {
        return AuditEvent.of(TYPE, Outcome.SUCCESS, at, correlationId, evidence.build());
      }
      case Acceptance.Unknown() -> evidence.put("reason", "unknown-tool");
      case Acceptance.Suspicious(_) -> evidence.put("reason", "suspicious");
      case Acceptance.Withdrawn() -> evidence.put("reason", "withdrawn");
      case Acceptance.NotBeside(_) -> evidence.put("reason", "not-beside");
      case Acceptance.Overtaken(var current) ->
          evidence.put("reason", "overtaken").putIfPresent("current_hash", current);
    }
    return AuditEvent.of(TYPE, Outcome.REFUSED, at, correlationId, evidence.build());
  }
}
