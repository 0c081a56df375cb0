package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Row;
import java.time.Instant;
import java.util.Optional;

/// The refresh tokens of one server.
public interface RefreshTokenStore {
  /// The fact that a token was issued, beside whatever else its family has.
  Row issued(Secret token, RefreshToken meaning);

  /// The claim to be the one successor of a token: of two rotations of `old` exactly one is first.
  Row rotation(Secret old, Secret successor, RefreshToken meaning);

  /// What a token stands for, also one that was rotated or has expired.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  Optional<RefreshToken> find(Secret token);

  /// What came after a token; empty if it was not rotated.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  Optional<Succession> succession(Secret token);

  /// The rotation of a token.
  ///
  /// @param at when
  /// @param followed whether the successor has been rotated itself, so that our answer did arrive
  record Succession(Instant at, boolean followed) {}
}
