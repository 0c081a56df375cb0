package dev.lanyard.protocol.securityevent;

import dev.lanyard.protocol.jose.JwtClaims;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// An OpenID Provider's word that a session, or every session of a person, has ended there.
///
/// @param id `jti`
/// @param subject `sub`; with no [#session] every session of this person is meant
/// @param session `sid`: this session only
/// @spec https://openid.net/specs/openid-connect-backchannel-1_0.html#LogoutToken OpenID Connect
///   Back-Channel Logout 1.0 §2.4 (BCL-1, BCL-4)
public record LogoutToken(
    Issuer issuer,
    String id,
    Instant issuedAt,
    Instant expiresAt,
    Optional<String> subject,
    Optional<String> session) {
  /// The `typ` header that we sign with. On reading, none and `JWT` are as good.
  public static final String TYPE = "logout+jwt";

  /// The one member of `events`.
  public static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

  static final List<String> REQUIRED = List.of("iss", "aud", "iat", "exp", "jti", "events");

  static LogoutToken of(JwtClaims claims, Issuer issuer) throws MalformedException {
    return new LogoutToken(
        issuer,
        claims.all().nonEmptyString("jti"),
        claims.issuedAt().orElseThrow(),
        claims.expiresAt().orElseThrow(),
        claims.subject().filter(text -> !text.isEmpty()),
        claims.all().string("sid").filter(text -> !text.isEmpty()));
  }

  /// The claims of a logout token to be signed for a client.
  public JsonObject claimsFor(ClientId client) {
    return JsonObject.builder()
        .put("iss", issuer.value())
        .put("aud", client.value())
        .put("iat", issuedAt.getEpochSecond())
        .put("exp", expiresAt.getEpochSecond())
        .put("jti", id)
        .putIfPresent("sub", subject)
        .putIfPresent("sid", session)
        .put("events", JsonObject.builder().put(EVENT, JsonObject.EMPTY).build())
        .build();
  }

  /// Not the subject: it is personal.
  @Override
  public String toString() {
    return "LogoutToken[" + issuer + " " + id + "]";
  }
}
