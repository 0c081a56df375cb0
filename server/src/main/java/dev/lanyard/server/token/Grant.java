package dev.lanyard.server.token;

/// Decides token requests of one or more grant types, and does nothing else: what it wants written
/// it hands to the endpoint. Thread-safe.
public interface Grant {
  /// The type of its audit events, e.g. `token.exchange`.
  String event();

  /// Decides. May block for keys and for the store.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer; nothing is granted then
  TokenResult decide(TokenRequest request);
}
