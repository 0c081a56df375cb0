package dev.lanyard.suite.issuer;

import dev.lanyard.suite.Check;
import dev.lanyard.suite.Suite;
import java.util.ArrayList;

/// The checks of an identity provider that issues ID-JAGs.
public final class IdentityProvider {
  private IdentityProvider() {}

  /// In the order in which they are made.
  public static Suite<IssuerBench> suite() {
    var after = new ArrayList<Check<IssuerBench>>();
    after.addAll(Issued.answers());
    after.addAll(Issued.assertions());
    after.addAll(Asked.checks());
    after.addAll(Askers.subjects());
    after.addAll(Askers.clients());
    after.addAll(Askers.requests());
    after.addAll(Proofs.checks());
    return new Suite<>("issuer", Documents.checks(), Issued.FOUNDATION, after);
  }
}
