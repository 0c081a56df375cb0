package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Row;
import java.time.Instant;
import java.util.Optional;

/// The authorization codes of one server.
public interface AuthorizationCodeStore {
  /// The fact that a code was issued.
  Row issued(Secret code, AuthorizationCode meaning);

  /// What a code stands for, also one that was redeemed or has expired.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  Optional<AuthorizationCode> find(Secret code);

  /// The claim on a code: of all who redeem it, exactly one is first (AC-5).
  Row redemption(Secret code, AuthorizationCode meaning, Instant at);
}
