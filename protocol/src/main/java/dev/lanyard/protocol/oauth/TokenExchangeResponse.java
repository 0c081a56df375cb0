package dev.lanyard.protocol.oauth;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.time.Duration;
import java.util.Optional;

/// A successful token exchange: the ID-JAG in `access_token`, which it is not. Never with a refresh
/// token (IDP-38).
///
/// @param idJag the assertion to redeem; opaque to a client
/// @param expiresIn how long it lives; empty if the server does not say
/// @param scopes what was granted; empty if the server does not say, which means: as requested
/// @param details the authorization details that were granted; none if the server names none
/// @spec
///   https://datatracker.ietf.org/doc/html/draft-ietf-oauth-identity-assertion-authz-grant-04#section-4.3.4
///   ID-JAG draft-04 §4.3.4 (IDP-37)
public record TokenExchangeResponse(
    Secret idJag,
    Optional<Duration> expiresIn,
    Optional<Scopes> scopes,
    AuthorizationDetails details) {
  /// An ID-JAG is no access token, also when it is bound to a key.
  private static final String NOT_APPLICABLE = "N_A";

  /// A response without authorization details.
  public TokenExchangeResponse(
      Secret idJag, Optional<Duration> expiresIn, Optional<Scopes> scopes) {
    this(idJag, expiresIn, scopes, AuthorizationDetails.NONE);
  }

  /// Reads the body of a 200 answer; unknown members are ignored.
  ///
  /// @throws MalformedException if something else than an ID-JAG was issued (CLI-33), or a member
  ///   has another type than RFC 8693 gives it
  public static TokenExchangeResponse parse(JsonObject json) throws MalformedException {
    if (json.string("issued_token_type").filter(TokenType.ID_JAG.value()::equals).isEmpty()) {
      throw new MalformedException("issued_token_type is not " + TokenType.ID_JAG.value());
    }
    if (json.string("token_type").filter(NOT_APPLICABLE::equalsIgnoreCase).isEmpty()) {
      throw new MalformedException("token_type is not " + NOT_APPLICABLE);
    }
    return new TokenExchangeResponse(
        ResponseMembers.token(json, "access_token"),
        ResponseMembers.lifetime(json),
        ResponseMembers.scopes(json),
        ResponseMembers.details(json));
  }

  /// The body to send, with `Cache-Control: no-store`.
  public JsonObject toJson() {
    var json =
        JsonObject.builder()
            .put("issued_token_type", TokenType.ID_JAG.value())
            .put("access_token", idJag.reveal())
            .put("token_type", NOT_APPLICABLE);
    expiresIn.ifPresent(life -> json.put("expires_in", life.toSeconds()));
    return json.putIfPresent("scope", scopes.filter(some -> !some.isEmpty()).map(Scopes::toString))
        .put("authorization_details", details.all())
        .build();
  }
}
