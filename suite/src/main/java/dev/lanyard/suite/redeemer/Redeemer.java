package dev.lanyard.suite.redeemer;

import dev.lanyard.suite.Check;
import dev.lanyard.suite.Suite;
import java.util.ArrayList;

/// The checks of a resource authorization server.
public final class Redeemer {
  private Redeemer() {}

  /// In the order in which they are made.
  public static Suite<RedeemerBench> suite() {
    var after = new ArrayList<Check<RedeemerBench>>();
    after.addAll(Redeemed.responses());
    after.addAll(Redeemed.tokens());
    after.addAll(Redeemed.tolerated());
    after.addAll(Spoilt.checks());
    after.addAll(Replays.checks());
    after.addAll(Identities.clients());
    after.addAll(Identities.people());
    after.addAll(Narrowed.resources());
    after.addAll(Narrowed.scopes());
    after.addAll(Requests.checks());
    after.addAll(Proofs.checks());
    return new Suite<>("redeemer", Documents.checks(), Redeemed.FOUNDATION, after);
  }
}
