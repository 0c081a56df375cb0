package dev.lanyard.protocol.claims;

import java.time.Duration;
import java.time.Instant;

/// How far the clock of a peer may differ from ours; one for all validators of a server (SEC-18).
///
/// @param tolerance between [#MIN] and [#MAX]
/// @spec https://www.rfc-editor.org/rfc/rfc7519.html#section-4.1.4 RFC 7519 §4.1.4
public record ClockSkew(Duration tolerance) {
  /// Clocks do differ: up to this much must be accepted (TOK-15).
  public static final Duration MIN = Duration.ofSeconds(10);

  /// Beyond it a token from the future must be refused (TOK-15).
  public static final Duration MAX = Duration.ofSeconds(60);

  /// 30 seconds.
  public static final ClockSkew DEFAULT = new ClockSkew(Duration.ofSeconds(30));

  /// @throws IllegalArgumentException if the tolerance is outside these bounds
  public ClockSkew {
    if (tolerance.compareTo(MIN) < 0 || tolerance.compareTo(MAX) > 0) {
      throw new IllegalArgumentException("the clock skew must be 10 to 60 s, not " + tolerance);
    }
  }

  /// Whether something that lives until `end` is over. The end is exclusive: at that very second,
  /// moved by the tolerance, it is.
  public boolean isOver(Instant end, Instant now) {
    return !now.isBefore(end.plus(tolerance));
  }

  /// When by our clock something may have been made of which a peer says when it was.
  public Instant earliest(Instant said) {
    return said.minus(tolerance);
  }

  /// Whether a moment has not come yet. Inclusive: at that very second, moved by the tolerance, it
  /// has.
  public boolean isAhead(Instant moment, Instant now) {
    return moment.isAfter(now.plus(tolerance));
  }

  /// Whether a moment is more than `age` ago. Inclusive: at exactly that age it is not yet.
  public boolean isOlderThan(Duration age, Instant moment, Instant now) {
    return moment.plus(age).plus(tolerance).isBefore(now);
  }
}
