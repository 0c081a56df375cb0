package dev.lanyard.protocol.securityevent;

/// What a validator of this package decided.
///
/// @param <T> the kind of token
public sealed interface SignalVerdict<T> {
  /// Authentic, of this kind, and for us. Whether it was seen before is not known.
  record Accepted<T>(T token) implements SignalVerdict<T> {}

  /// Refused for good.
  record Rejected<T>(Reason reason) implements SignalVerdict<T> {}

  /// Nobody can say now, because the issuer's keys could not be had. An outage: answer with 5xx.
  ///
  /// @param why for an operator
  record Undecided<T>(String why) implements SignalVerdict<T> {}
}
