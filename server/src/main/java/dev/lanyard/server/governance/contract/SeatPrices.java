package dev.lanyard.server.governance.contract;

import dev.lanyard.server.yaml.YamlMap;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a connector-policy seat costs in a month: one person at one connector. The price of the
/// tier that the number of all seats is in holds for every one of them.
record SeatPrices(List<Tier> tiers) {
  SeatPrices {
    tiers = List.copyOf(tiers);
  }

  /// @param to the last number of seats in it; empty for the last tier
  record Tier(long from, Optional<Long> to, BigDecimal price) {}

  static SeatPrices read(YamlMap provider) {
    var tiers = new ArrayList<Tier>();
    long next = 1;
    boolean isOpen = true;
    for (var map : provider.maps("seat_price")) {
      long from = map.value("from", SeatPrices::number);
      if (!isOpen) {
        map.fault("from", "'seat_price': the tier before has no 'to', so nothing can follow it");
      } else if (from != next) {
        map.fault(
            "from",
            "'seat_price': this tier begins with %d and not with %d: tiers have no holes"
                .formatted(next, from));
      }
      var to = map.optionalValue("to", SeatPrices::number);
      if (to.isPresent() && to.get() < from) {
        map.fault("to", "'seat_price': 'to' is smaller than 'from'");
      }
      tiers.add(new Tier(from, to, map.value("price", Money::parse)));
      isOpen = to.isPresent();
      next = to.orElse(from) + 1;
    }
    if (!tiers.isEmpty() && isOpen) {
      provider.fault("seat_price", "'seat_price': the last tier has no end, so remove its 'to'");
    }
    return new SeatPrices(tiers);
  }

  private static long number(String text) {
    if (!text.matches("[1-9]\\d{0,8}")) {
      throw new IllegalArgumentException("needs a number of seats from 1");
    }
    return Long.parseLong(text);
  }

  /// What so many seats cost in a month.
  BigDecimal month(BigDecimal seats) {
    return tiers.stream()
        .filter(tier -> seats.compareTo(BigDecimal.valueOf(tier.from())) >= 0)
        .reduce((_, later) -> later)
        // Fewer seats than one are an expectation below one: of the first tier.
        .or(() -> tiers.stream().findFirst())
        .map(tier -> seats.multiply(tier.price()))
        .orElse(BigDecimal.ZERO);
  }
}
