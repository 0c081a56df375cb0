package dev.lanyard.protocol.oauth;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.time.Duration;
import java.util.Optional;

/// A refresh token for a SAML assertion: in `access_token`, which it is not.
///
/// @param refreshToken to be exchanged for ID-JAGs
/// @param expiresIn how long it lives; empty if the server does not say
/// @param scopes what was granted; empty if the server does not say, which means: as requested
/// @spec
///   https://datatracker.ietf.org/doc/html/draft-ietf-oauth-identity-assertion-authz-grant-04#section-4.5
///   ID-JAG draft-04 §4.5
public record AssertionExchangeResponse(
    Secret refreshToken, Optional<Duration> expiresIn, Optional<Scopes> scopes) {
  private static final String NOT_APPLICABLE = "N_A";

  /// Reads the body of a 200 answer; unknown members are ignored.
  ///
  /// @throws MalformedException if something else than a refresh token was issued, or a member has
  ///   another type than RFC 8693 gives it
  public static AssertionExchangeResponse parse(JsonObject json) throws MalformedException {
    var issued = json.string("issued_token_type");
    if (issued.filter(TokenType.REFRESH_TOKEN.value()::equals).isEmpty()) {
      throw new MalformedException("issued_token_type is not " + TokenType.REFRESH_TOKEN.value());
    }
    return new AssertionExchangeResponse(
        ResponseMembers.token(json, "access_token"),
        ResponseMembers.lifetime(json),
        ResponseMembers.scopes(json));
  }

  /// The body to send, with `Cache-Control: no-store`.
  public JsonObject toJson() {
    var json =
        JsonObject.builder()
            .put("issued_token_type", TokenType.REFRESH_TOKEN.value())
            .put("access_token", refreshToken.reveal())
            .put("token_type", NOT_APPLICABLE);
    expiresIn.ifPresent(life -> json.put("expires_in", life.toSeconds()));
    return json.putIfPresent("scope", scopes.filter(some -> !some.isEmpty()).map(Scopes::toString))
        .build();
  }
}
