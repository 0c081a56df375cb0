package dev.lanyard.server.ras.organisations;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// How often one ID-JAG may be redeemed; the specifications disagree (D-1). Whatever the policy,
/// all tokens of one ID-JAG belong to one grant and die together.
public sealed interface ReplayPolicy {
  /// When an ID-JAG that is used for the first time can be used for the last.
  ///
  /// @param first the first use
  /// @param expiry when the ID-JAG is refused for its age
  Instant lastUse(Instant first, Instant expiry);

  /// Once.
  record SingleUse() implements ReplayPolicy {
    @Override
    public Instant lastUse(Instant first, Instant expiry) {
      return first;
    }
  }

  /// Once, and again within a moment for the same assertion, client and key: for a client that lost
  /// our answer.
  record SingleUseWithGrace(Duration grace) implements ReplayPolicy {
    /// A few retries, not a way to live on one ID-JAG.
    public static final int MOST_USES = 5;

    public SingleUseWithGrace {
      if (!grace.isPositive() || grace.compareTo(Duration.ofMinutes(1)) > 0) {
        throw new IllegalArgumentException("the grace must be up to a minute, not " + grace);
      }
    }

    @Override
    public Instant lastUse(Instant first, Instant expiry) {
      return first.plus(grace);
    }
  }

  /// Until it expires, up to a ceiling.
  record ReusableUntilExpiry(int mostUses) implements ReplayPolicy {
    public ReusableUntilExpiry {
      if (mostUses < 2 || mostUses > 1000) {
        throw new IllegalArgumentException("reusable means 2 to 1000 uses, not " + mostUses);
      }
    }

    @Override
    public Instant lastUse(Instant first, Instant expiry) {
      return expiry;
    }
  }

  /// The names of those that let an assertion be used no more often than one does, the strictest
  /// first.
  ///
  /// @param name of a policy
  static List<String> upTo(String name) {
    var names = List.of("single-use", "single-use+grace", "reusable-until-exp");
    return names.subList(0, names.indexOf(name) + 1);
  }

  /// The policy of this name in the configuration.
  ///
  /// @throws IllegalArgumentException if there is none
  static ReplayPolicy named(String name) {
    return switch (name) {
      case "single-use" -> new SingleUse();
      case "single-use+grace" -> new SingleUseWithGrace(Duration.ofSeconds(10));
      case "reusable-until-exp" -> new ReusableUntilExpiry(20);
      default ->
          throw new IllegalArgumentException(
              "replay must be single-use, single-use+grace or reusable-until-exp, not '"
                  + name
                  + "'");
    };
  }
}
