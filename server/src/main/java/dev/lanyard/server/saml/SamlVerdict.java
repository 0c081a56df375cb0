package dev.lanyard.server.saml;

import dev.lanyard.protocol.evidence.Evidence;

/// What became of an assertion.
public sealed interface SamlVerdict {
  /// It is authentic, meant for us, and in time. Whether it is used for the first time is for
  /// [SamlReplay] to say.
  record Accepted(SamlAssertion assertion) implements SamlVerdict {}

  /// It is not to be believed.
  sealed interface Refusal extends SamlVerdict {
    /// The one check that it failed.
    Evidence evidence();
  }

  /// It failed a check.
  record Rejected(Evidence evidence) implements Refusal {}

  /// It may be good, but is written in a way that is not read here.
  ///
  /// @param remedy what an administrator must change at the provider
  record Unsupported(Evidence evidence, String remedy) implements Refusal {}

  /// The keys of the provider cannot be had.
  record Undecided(String why) implements SamlVerdict {}
}
