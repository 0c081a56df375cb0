package dev.lanyard.client;

import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What a sign-in at the identity provider left with this client. Keep it where secrets are kept
/// (CLI-17).
///
/// @param idToken the latest ID token
/// @param idTokenExpiresAt until when it is worth presenting
/// @param refreshToken to go on when it has expired
public record Session(Secret idToken, Instant idTokenExpiresAt, Optional<Secret> refreshToken) {
  /// A token this close to its end would be refused before it arrives.
  private static final Duration MARGIN = Duration.ofSeconds(10);

  /// Reads the expiry from the ID token itself. Nothing is verified: a client that received the
  /// token from the identity provider directly, or was given it by its user, only presents it
  /// again.
  ///
  /// @throws MalformedException if it is not a JWT with `exp`
  public static Session of(Secret idToken, Optional<Secret> refreshToken)
      throws MalformedException {
    var expiry = UnverifiedJwt.parse(idToken.reveal()).unverifiedClaims().expiresAt();
    return new Session(
        idToken,
        expiry.orElseThrow(() -> new MalformedException("the ID token has no 'exp'")),
        refreshToken);
  }

  /// For a [CredentialStore].
  Secret toKeep() {
    return new Secret(
        JsonObject.builder()
            .put("id_token", idToken.reveal())
            .put("id_token_expires_at", idTokenExpiresAt.getEpochSecond())
            .putIfPresent("refresh_token", refreshToken.map(Secret::reveal))
            .build()
            .toJson());
  }

  /// What was kept; empty if it is none of ours.
  static Optional<Session> kept(Secret kept) {
    try {
      var json = JsonObject.parse(kept.reveal());
      var idToken = json.string("id_token").map(Secret::new);
      var until = json.integer("id_token_expires_at").map(Instant::ofEpochSecond);
      var refreshToken = json.string("refresh_token").map(Secret::new);
      return idToken.flatMap(token -> until.map(end -> new Session(token, end, refreshToken)));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  boolean hasLiveIdToken(Instant now) {
    return now.isBefore(idTokenExpiresAt.minus(MARGIN));
  }
}
