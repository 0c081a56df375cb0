package dev.lanyard.server.receipts;

import dev.lanyard.server.delivery.Held;
import dev.lanyard.server.delivery.ProbeResult;
import dev.lanyard.server.revocation.Denied;
import java.time.Instant;
import java.util.List;

/// Connectors where we have reach.
public interface Probe {
  /// Tries what could be tried with a token that must be dead: calls connectors with tokens that a
  /// denial must have killed.
  ///
  /// @param dead a person, grant, client, connector, provider or everything
  /// @param killedAt when we acted: whoever held a grant then is tried
  /// @param issuedAt the date of the tokens: the denial reaches as far, at most to `killedAt`
  List<ProbeResult> probe(Denied dead, Instant killedAt, Instant issuedAt);

  /// For which of them somebody held what is dead.
  List<Held> held(List<Denied> dead, Instant killedAt);
}
