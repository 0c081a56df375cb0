package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.Secret;
import java.util.Optional;

/// The sign-ins at upstream providers that are under way.
public interface UpstreamSignInStore {
  /// Keeps one.
  ///
  /// @param state the `state` parameter of the request
  /// @throws java.io.UncheckedIOException if it could not be made durable
  void begin(Secret state, UpstreamSignIn signIn);

  /// Takes one away: whoever comes second with the same state gets nothing (SEC-17).
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  Optional<UpstreamSignIn> take(Secret state);
}
