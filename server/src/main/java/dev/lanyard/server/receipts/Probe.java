package dev.lanyard.server.receipts;

import dev.lanyard.server.delivery.ProbeResult;
import java.time.Instant;
import java.util.List;

/// Tries what a killed person could try, where we have reach.
@FunctionalInterface
public interface Probe {
  /// Calls connectors as the person.
  ///
  /// @param person our own id
  /// @param killedAt when we acted
  List<ProbeResult> probe(String person, Instant killedAt);
}
