package dev.lanyard.protocol.idjag;

/// What [IdJagValidator] decided.
public sealed interface IdJagVerdict {
  /// Authentic, in time, for us and for this client; not yet authorized.
  record Accepted(IdJag idJag) implements IdJagVerdict {}

  /// Refused for good: answer `invalid_grant` (RAS-21).
  record Rejected(Reason reason) implements IdJagVerdict {}

  /// Nobody can say now, because the issuer's keys could not be had. An outage: answer with 5xx.
  ///
  /// @param why for an operator
  record Undecided(String why) implements IdJagVerdict {}
}
