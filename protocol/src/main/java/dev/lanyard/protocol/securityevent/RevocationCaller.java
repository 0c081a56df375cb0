package dev.lanyard.protocol.securityevent;

import dev.lanyard.protocol.jose.JwtClaims;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Who calls for a global token revocation, as the bearer JWT of the call says.
///
/// @param subject `sub`: the application at the identity provider that we are configured as
/// @param id `jti`
/// @spec https://developer.okta.com/docs/guides/oin-universal-logout-overview/ Okta Universal
///   Logout (GTR-4)
public record RevocationCaller(Issuer issuer, String subject, String id, Instant expiresAt) {
  /// The `typ` header.
  public static final String TYPE = "global-token-revocation+jwt";

  /// A caller's token that lives longer than this is refused: it authenticates one call.
  public static final Duration MAX_LIFE = Duration.ofHours(1);

  static final List<String> REQUIRED = List.of("iss", "sub", "aud", "exp", "iat", "jti");

  static RevocationCaller of(JwtClaims claims, Issuer issuer) throws MalformedException {
    return new RevocationCaller(
        issuer,
        claims.all().nonEmptyString("sub"),
        claims.all().nonEmptyString("jti"),
        claims.expiresAt().orElseThrow());
  }

  /// The claims to be signed for a call.
  ///
  /// @param endpoint that is called
  public JsonObject claimsFor(URI endpoint, Instant now) {
    return JsonObject.builder()
        .put("iss", issuer.value())
        .put("sub", subject)
        .put("aud", endpoint.toString())
        .put("jti", id)
        .put("iat", now.getEpochSecond())
        .put("exp", expiresAt.getEpochSecond())
        .build();
  }
}
