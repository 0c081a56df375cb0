package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Secret;
import java.time.Instant;
import java.util.Optional;

/// Authorization requests that clients have pushed to one server, and that browsers take up by a
/// reference.
public interface PushedRequestStore {
  /// Keeps a request. When this returns, every node finds it.
  ///
  /// @param reference what the browser will bring
  /// @param parameters the request, form-encoded
  /// @throws java.io.UncheckedIOException if it is not durable
  void push(Secret reference, ClientId client, String parameters, Instant expiresAt);

  /// Takes a request up: from now on it is found by another reference, and by the first one no
  /// more. One atomic, durable step: of several browsers that bring the same reference, on all
  /// nodes, exactly one takes it up.
  ///
  /// @param client who has to have pushed it
  /// @return whether there was such a request and it had not expired
  /// @throws java.io.UncheckedIOException if the store cannot answer
  boolean begin(Secret reference, ClientId client, Begun begun, Instant now);

  /// What a request becomes when a browser has taken it up.
  ///
  /// @param reference by which it is found from now on
  /// @param expiresAt when the sign-in has to be over
  record Begun(Secret reference, Instant expiresAt) {}

  /// The parameters of a request that was taken up and has not expired.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  Optional<String> begun(Secret reference, ClientId client, Instant now);
}
