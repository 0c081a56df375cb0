package dev.lanyard.server.governance.routing;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// A way that workloads may go besides the connectors themselves, or what connectors cost.
///
/// @param name what it is called; of a direct API the connector that it goes past
/// @param holds of a knowledge base: the connectors or categories whose data it has
/// @param upTo the most sensitive data class that may go this way; empty for none at all
/// @param refreshed of a knowledge base: how often it is made anew
/// @param residual how long somebody who was cut off still has what it gave; empty if nobody knows
/// @param costPer1000 of a thousand calls, in whatever currency the file is written; empty if
///   nobody knows
/// @param mostPerDay how many calls a day it bears; empty without a limit
public record Offer(
    Kind kind,
    String name,
    Set<String> holds,
    Optional<String> upTo,
    Optional<Duration> refreshed,
    Optional<Duration> residual,
    Optional<BigDecimal> costPer1000,
    OptionalLong mostPerDay) {
  public Offer {
    holds = Set.copyOf(holds);
  }

  /// In the order in which they are preferred where everything else is equal.
  public enum Kind {
    /// Through Lanyard: policy, grades, the kill.
    CONNECTOR("connector"),
    /// Past it, with a credential of the application's own.
    DIRECT("direct API"),
    /// A copy.
    LOCAL("local knowledge base");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /// For people.
    public String words() {
      return words;
    }
  }

  /// The connector itself, with what the file says of connectors.
  static Offer connector(String id, Terms terms) {
    return new Offer(
        Kind.CONNECTOR,
        id,
        Set.of(id),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        terms.costPer1000(),
        terms.mostPerDay());
  }

  /// What a way costs and bears.
  record Terms(Optional<BigDecimal> costPer1000, OptionalLong mostPerDay) {
    static final Terms UNKNOWN = new Terms(Optional.empty(), OptionalLong.empty());
  }
}
