package dev.lanyard.protocol.idtoken;

/// What [IdTokenValidator] decided.
public sealed interface IdTokenVerdict {
  /// Authentic, in time and issued to the expected client.
  record Accepted(IdToken idToken) implements IdTokenVerdict {}

  /// Refused for good.
  record Rejected(Reason reason) implements IdTokenVerdict {}

  /// Nobody can say now, because the issuer's keys could not be had. An outage: answer with 5xx.
  ///
  /// @param why for an operator
  record Undecided(String why) implements IdTokenVerdict {}
}
