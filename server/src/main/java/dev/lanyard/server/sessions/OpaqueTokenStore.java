package dev.lanyard.server.sessions;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Row;
import java.time.Instant;
import java.util.Optional;

/// What the opaque access tokens of one server stand for.
public interface OpaqueTokenStore {
  /// The fact that a token was issued.
  ///
  /// @param claims what a JWT in its place would say
  Row issued(Secret token, JsonObject claims, Instant expiresAt);

  /// What a token stands for, also one that has expired or was revoked.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  Optional<JsonObject> find(Secret token);
}
