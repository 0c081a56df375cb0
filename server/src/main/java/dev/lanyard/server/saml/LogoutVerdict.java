package dev.lanyard.server.saml;

/// What became of a logout request.
public sealed interface LogoutVerdict {
  /// It is the provider's.
  record Accepted(SamlLogout logout) implements LogoutVerdict {}

  /// It is not to be believed.
  record Rejected(SamlVerdict.Refusal refusal) implements LogoutVerdict {}

  /// The keys of the provider cannot be had.
  record Undecided(String why) implements LogoutVerdict {}
}
