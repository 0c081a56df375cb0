package dev.lanyard.server.governance.contract;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;

/// What is agreed and assumed.
///
/// @param quarters how many are planned, the current one included
/// @param growth of all seats, from one quarter to the next
/// @param expansion the fee for each connector that launches in a quarter
/// @param reviews what one policy review takes, and costs an hour
/// @param budget of a quarter
record Terms(
    Currency currency,
    int quarters,
    Spread<BigDecimal> growth,
    List<Provider> providers,
    Schedule expansion,
    Reviews reviews,
    Usage usage,
    Schedule budget) {
  Terms {
    providers = List.copyOf(providers);
  }

  /// One review for each provider and quarter.
  record Reviews(BigDecimal hours, BigDecimal rate) {}
}
