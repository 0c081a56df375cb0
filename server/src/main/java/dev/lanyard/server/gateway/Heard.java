package dev.lanyard.server.gateway;

/// What a message of a server upstream is, as far as its envelope tells. Untrusted.
sealed interface Heard {
  /// A request of the server's own, or a notification: no answer to anything.
  record OfItself() implements Heard {}

  /// It says that it is the result of a request.
  record Result(RpcId id) implements Heard {}

  /// It says that a request has failed.
  ///
  /// @param id [RpcId.None] if it does not say which
  record Failure(RpcId id) implements Heard {}
}
