package dev.lanyard.server.governance.contract;

import java.util.Optional;
import java.util.Set;

/// An identity provider that there is a contract with.
///
/// @param quota how many ID-JAGs a person gets for one resource in a month; empty if it has none
/// @param connectors whose seats it counts; empty for all
record Provider(String name, SeatPrices prices, Optional<Integer> quota, Set<String> connectors) {
  Provider {
    connectors = Set.copyOf(connectors);
  }

  boolean counts(String connector) {
    return connectors.isEmpty() || connectors.contains(connector);
  }
}
