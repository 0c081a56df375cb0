package dev.lanyard.client.ema;

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
/// @param idToken the latest ID token; none yet after a sign-in by SAML
/// @param refreshToken to go on when it has expired
public record Session(Optional<IdToken> idToken, Optional<Secret> refreshToken) {
  /// A token this close to its end would be refused before it arrives.
  private static final Duration MARGIN = Duration.ofSeconds(10);

  /// An ID token.
  ///
  /// @param expiresAt until when it is worth presenting
  public record IdToken(Secret value, Instant expiresAt) {}

  /// One with an ID token.
  public Session(Secret idToken, Instant idTokenExpiresAt, Optional<Secret> refreshToken) {
    this(Optional.of(new IdToken(idToken, idTokenExpiresAt)), refreshToken);
  }

  /// One that has a refresh token only: whoever signed in with a SAML assertion (CLI-42).
  public static Session renewing(Secret refreshToken) {
    return new Session(Optional.empty(), Optional.of(refreshToken));
  }

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

  /// For a [dev.lanyard.client.CredentialStore].
  Secret toKeep() {
    var json = JsonObject.builder();
    idToken.ifPresent(token ->
        json.put("id_token", token.value().reveal())
            .put("id_token_expires_at", token.expiresAt().getEpochSecond()));
    return new Secret(
        json.putIfPresent("refresh_token", refreshToken.map(Secret::reveal)).build().toJson());
  }

  /// What was kept; empty if it is none of ours.
  static Optional<Session> kept(Secret kept) {
    try {
      var json = JsonObject.parse(kept.reveal());
      var idToken = json.string("id_token").map(Secret::new);
      var until = json.integer("id_token_expires_at").map(Instant::ofEpochSecond);
      var refreshToken = json.string("refresh_token").map(Secret::new);
      var whole = idToken.flatMap(token -> until.map(end -> new IdToken(token, end)));
      return whole.isEmpty() && (refreshToken.isEmpty() || idToken.isPresent())
          ? Optional.empty()
          : Optional.of(new Session(whole, refreshToken));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /// The ID token, if it is worth presenting.
  Optional<Secret> liveIdToken(Instant now) {
    return idToken
        .filter(token -> now.isBefore(token.expiresAt().minus(MARGIN)))
        .map(IdToken::value);
  }

  /// Whether its ID token is by the same issuer about the same person as an earlier one. What
  /// cannot be compared is not.
  ///
  /// @spec https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse OpenID
  ///   Connect Core §12.2 (CLI-37)
  boolean isOfTheOneWhoSignedIn(Session earlier) {
    var who = idToken.flatMap(Session::who);
    return who.isPresent() && who.equals(earlier.idToken.flatMap(Session::who));
  }

  /// Whether this session may take the place of an earlier one without a sign-out between: not if
  /// another person has signed in. Of two without an ID token the application that received the
  /// assertions knows whose they are (CLI-42).
  boolean maySucceed(Session earlier) {
    return isOfTheOneWhoSignedIn(earlier) || (idToken.isEmpty() && earlier.idToken.isEmpty());
  }

  private static Optional<Who> who(IdToken token) {
    try {
      var claims = UnverifiedJwt.parse(token.value().reveal()).unverifiedClaims();
      return claims.issuer().flatMap(issuer -> claims.subject().map(sub -> new Who(issuer, sub)));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private record Who(String issuer, String subject) {}

  /// The same with another refresh token.
  Session renewedBy(Secret newRefreshToken) {
    return new Session(idToken, Optional.of(newRefreshToken));
  }
}
