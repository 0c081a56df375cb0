package dev.lanyard.server.governance.routing;

import dev.lanyard.protocol.json.JsonObject;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What the rules found of one way.
///
/// @param remarks one of every rule that took part, in their order; the last one of a way that is
///   excluded says why
/// @param costPerDay empty if nobody knows
public record Considered(Offer offer, List<Remark> remarks, Optional<BigDecimal> costPerDay) {
  public Considered {
    remarks = List.copyOf(remarks);
  }

  /// What one rule found.
  public record Remark(RoutingRule rule, boolean passed, String reason) {
    JsonObject toJson() {
      return JsonObject.builder()
          .put("rule", rule.value())
          .put("passed", passed)
          .put("reason", reason)
          .build();
    }
  }

  /// Whether every rule let it pass.
  public boolean isPossible() {
    return remarks.stream().allMatch(Remark::passed);
  }

  /// For people: `connector linear`.
  public String name() {
    return offer.kind().words() + " " + offer.name();
  }

  JsonObject toJson() {
    return JsonObject.builder()
        .put("way", offer.kind().name().toLowerCase(Locale.ROOT))
        .put("name", offer.name())
        .put("possible", isPossible())
        .putIfPresent("cost_per_day", costPerDay.map(BigDecimal::toPlainString))
        .put("rules", remarks.stream().map(Remark::toJson).toList())
        .build();
  }
}
