package dev.lanyard.server.revocation;

import java.time.Instant;

/// What an authenticated source says has happened.
///
/// @param source who says it
/// @param id unique within the source, such as a `jti`: the same signal twice has one effect
/// @param subject whom or what it is about
/// @param what has happened
/// @param occurredAt when, by the source's clock: the order of what happened to one person. A time
///   in our future counts as now, or nothing that happens later would ever count
/// @param reason one sentence, for the record
/// @param correlationId of the request that brought it
public record Signal(
    Source source,
    String id,
    Subject subject,
    Happening what,
    Instant occurredAt,
    String reason,
    String correlationId) {

  /// Not the id, the subject and the reason: they are others' text and may be personal.
  @Override
  public String toString() {
    return "Signal[" + what + " by " + source.name() + " in " + correlationId + "]";
  }
}
