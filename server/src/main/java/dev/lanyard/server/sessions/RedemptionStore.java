package dev.lanyard.server.sessions;

import dev.lanyard.server.database.Row;
import java.time.Instant;
import java.util.Optional;

/// The redemptions of ID-JAGs at one resource authorization server.
public interface RedemptionStore {
  /// The claim on one use of an ID-JAG: of all who redeem it, on all nodes, exactly one is first
  /// (RAS-8).
  Row claim(Redemption redemption);

  /// The fact of the grant that an ID-JAG gives.
  Row granted(Redemption.Assertion assertion, Redemption.Grant grant);

  /// The first use of an ID-JAG.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  Optional<FirstUse> firstUse(Redemption.Assertion assertion);

  /// How many times an ID-JAG was used.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  int uses(Redemption.Assertion assertion);

  /// What must be the same when a client that lost our answer asks again.
  ///
  /// @param assertionHash of the assertion that was redeemed under this `jti`
  record FirstUse(String assertionHash, Redemption.Grant grant, Instant at) {}
}
