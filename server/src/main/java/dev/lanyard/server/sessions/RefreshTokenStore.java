package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Row;
import java.time.Instant;
import java.util.Optional;

/// The refresh tokens of one server.
public interface RefreshTokenStore {
  /// The fact that a token was issued, beside whatever else its family has.
  Row issued(Secret token, RefreshToken meaning);

  /// The claim to be the one successor of a generation: of two rotations of its tokens, be they the
  /// same or not, exactly one is first.
  ///
  /// @param generation that of `old`
  Row rotation(Secret old, String generation, Secret successor, RefreshToken meaning);

  /// What a token stands for, also one that was rotated or has expired.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  Optional<RefreshToken> find(Secret token);

  /// What came after the generation of a token; empty if none of it was rotated.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  Optional<Succession> succession(Secret token);

  /// The rotation of a token.
  ///
  /// @param generation that of the successor
  /// @param at when
  /// @param ofAnother whether it was another token of the same generation that was rotated
  /// @param followed whether the successor's generation has one itself, so that our answer did
  ///   arrive
  record Succession(String generation, Instant at, boolean ofAnother, boolean followed) {}
}
