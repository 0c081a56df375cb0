package dev.lanyard.server.ras;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.ras.RasConfig.TokenForm;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.OpaqueTokenStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Gives the claims of an access token the form in which a client holds them, and finds them again:
/// a JWT that says them, or a random value behind which they are kept (TOK-6, TOK-9). Thread-safe.
final class TokenForms {
  /// Of each the claims only, which never change: whether a token counts is asked every time.
  private static final int MOST_IN_MEMORY = 20_000;

  private final KeyRing keys;
  private final OpaqueTokenStore store;
  private final Cache<String, JsonObject> known =
      Caffeine.newBuilder().maximumSize(MOST_IN_MEMORY).build();

  TokenForms(KeyRing keys, OpaqueTokenStore store) {
    this.keys = keys;
    this.store = store;
  }

  /// A token, and what must be durable before anybody may hold it.
  record Minted(Secret token, List<Row> facts) {}

  Minted mint(JsonObject claims, Instant expiresAt, TokenForm.Format format) {
    return switch (format) {
      case JWT -> new Minted(signed(claims), List.of());
      case OPAQUE -> {
        var token = OpaqueToken.secret();
        yield new Minted(token, List.of(store.issued(token, claims, expiresAt)));
      }
    };
  }

  private Secret signed(JsonObject claims) {
    return new Secret(
        new JwtSigner(keys.active(Purpose.ACCESS_TOKEN), AccessToken.TYPE).sign(claims));
  }

  /// Whether a token may be one of the opaque ones, judged by its look.
  static boolean isOpaque(Secret token) {
    return token.reveal().indexOf('.') < 0;
  }

  /// What an opaque token stands for; empty if it is none of ours.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  Optional<JsonObject> claims(Secret token) {
    var hash = OpaqueToken.hash(token);
    var remembered = Optional.ofNullable(known.getIfPresent(hash));
    if (remembered.isPresent()) {
      return remembered;
    }
    var found = store.find(token);
    found.ifPresent(claims -> known.put(hash, claims));
    return found;
  }
}
