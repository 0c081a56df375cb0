package dev.lanyard.protocol.accesstoken;

/// What [AccessTokenValidator] decided.
public sealed interface AccessTokenVerdict {
  /// Authentic, in time and for this resource; whether it suffices for the call is not decided.
  record Accepted(AccessToken accessToken) implements AccessTokenVerdict {}

  /// Refused for good: answer 401 with `invalid_token` (RS-1).
  record Rejected(Reason reason) implements AccessTokenVerdict {}

  /// Nobody can say now, because the issuer's keys could not be had. An outage: answer with 5xx.
  ///
  /// @param why for an operator
  record Undecided(String why) implements AccessTokenVerdict {}
}
