package dev.lanyard.resourceserver;

import dev.lanyard.protocol.accesstoken.AccessToken;

/// What a [Guard] decided about a request.
public sealed interface Verdict {
  /// The request may be served, as this person through this client.
  record Admitted(AccessToken accessToken) implements Verdict {}

  /// The request must not be served; [Guard#answer(Refusal)] says what to answer.
  record Refused(Refusal refusal) implements Verdict {}

  /// Nobody can say now whether the token is good. It is not served either: answer
  /// [Guard#unavailable()] (fail closed).
  ///
  /// @param why for an operator
  record Unavailable(String why) implements Verdict {}
}
