package dev.lanyard.server.gateway.task;

import dev.lanyard.server.gateway.admission.Begun;
import java.time.Duration;
import java.time.Instant;

/// Whose a task is, and what was called.
///
/// @param tool by the name that its server has for it; judged again whenever somebody asks
/// @param begun when the call was made, and who said then that the person may: what kills
///   everything of that kind kills it
/// @param keptFor how long it is remembered after it was asked for last, at least
/// @param forgetAfter when it is forgotten
public record KeptTask(
    Owner owner, String tool, Begun begun, Duration keptFor, Instant forgetAfter) {
  /// How long after its call a task may be asked for, whoever asks how often: what kills it must be
  /// remembered for longer.
  public static final Duration LONGEST_LIFE = Duration.ofDays(8);

  public KeptTask {
    var end = begun.at().plus(LONGEST_LIFE);
    forgetAfter = forgetAfter.isAfter(end) ? end : forgetAfter;
  }

  /// Who may ask what became of it.
  ///
  /// @param subject `sub`
  /// @param client at the resource authorization server
  /// @param sessionHash of the session in which the call was made; empty if there was none
  public record Owner(String subject, String client, String sessionHash) {}

  /// Whether it is this one of this owner, whenever it was made.
  boolean isSame(KeptTask other) {
    return owner.equals(other.owner) && tool.equals(other.tool);
  }

  /// Whether more than half of the time is over after which it is forgotten.
  boolean isForgottenSoon(Instant now) {
    return forgetAfter.minus(keptFor.dividedBy(2)).isBefore(now);
  }
}
