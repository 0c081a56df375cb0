package dev.lanyard.protocol.idjag;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.claims.Confirmation;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Builds the claims of an ID-JAG, to be signed with the type [IdJag#TYPE]. What is not asked for
/// is not in it: an identity provider tells each server only what that needs (IDP-29). Not
/// thread-safe. Requirements IDP-21 to IDP-32.
///
/// @spec
///   https://datatracker.ietf.org/doc/html/draft-ietf-oauth-identity-assertion-authz-grant-04#section-3.1
///   ID-JAG draft-04 §3.1
public final class IdJagClaims {
  /// 10 minutes: the longest life of an ID-JAG from us (IDP-32).
  public static final Duration MAX_LIFE = Duration.ofMinutes(10);

  private final JsonObject.Builder claims = JsonObject.builder();

  /// @param issuer the identity provider that signs
  /// @param subject the person, by the identifier that the *audience* would see at sign-in (IDP-24)
  /// @param audience the resource authorization server; written as a plain string (IDP-23)
  /// @param client the client's identifier *at the audience* (IDP-22)
  /// @throws IllegalArgumentException if the issuer would be its own audience (IDP-35) or the
  ///   subject is empty
  public IdJagClaims(Issuer issuer, String subject, Issuer audience, ClientId client) {
    if (issuer.equals(audience)) {
      throw new IllegalArgumentException("an ID-JAG is for another domain than its issuer's");
    }
    if (subject.isEmpty()) {
      throw new IllegalArgumentException("an ID-JAG needs a subject");
    }
    claims
        .put("iss", issuer.value())
        .put("sub", subject)
        .put("aud", audience.value())
        .put("client_id", client.value());
  }

  /// `resource`: what was granted; one as a string, several as an array.
  public IdJagClaims resources(List<ResourceIndicator> resources) {
    claims.putOneOrMany("resource", resources.stream().map(ResourceIndicator::value).toList());
    return this;
  }

  /// `scope`: what was granted; left out if there are none.
  public IdJagClaims scopes(Scopes scopes) {
    if (!scopes.isEmpty()) {
      claims.put("scope", scopes.toString());
    }
    return this;
  }

  /// `authorization_details`: what was granted; left out if there are none.
  public IdJagClaims authorizationDetails(List<JsonObject> details) {
    claims.put("authorization_details", details);
    return this;
  }

  /// `auth_time`, `acr` and `amr` of the real sign-in (IDP-31).
  public IdJagClaims authentication(AuthenticationContext authentication) {
    claims.putAll(authentication.toJson());
    return this;
  }

  /// `email`.
  public IdJagClaims email(String email) {
    claims.put("email", email);
    return this;
  }

  /// `tenant`: which of the issuer's tenants the subject belongs to (IDP-26).
  public IdJagClaims tenant(String tenant) {
    claims.put("tenant", tenant);
    return this;
  }

  /// `aud_tenant`: the tenant at the audience.
  public IdJagClaims audienceTenant(String tenant) {
    claims.put("aud_tenant", tenant);
    return this;
  }

  /// `aud_sub`: the audience's own identifier of the person (IDP-27).
  public IdJagClaims audienceSubject(String subject) {
    claims.put("aud_sub", subject);
    return this;
  }

  /// `sub_id` for an audience that knows the person by a SAML NameID (IDP-28).
  public IdJagClaims samlNameId(SamlNameId nameId) {
    claims.put("sub_id", nameId.toJson());
    return this;
  }

  /// `cnf.jkt`: only a holder of the key of this thumbprint may redeem it (IDP-33).
  public IdJagClaims boundTo(String keyThumbprint) {
    claims.put("cnf", new Confirmation.DpopKey(keyThumbprint).toJson());
    return this;
  }

  /// `txn`: what ties the exchange to all that follows (AUD-2).
  public IdJagClaims transaction(String transaction) {
    claims.put("txn", transaction);
    return this;
  }

  /// The claims.
  ///
  /// @param id `jti`, never used before
  /// @param issuedAt `iat`
  /// @param expiresAt `exp`; the caller keeps it within the person's session
  /// @throws IllegalArgumentException if the life is not positive or longer than [#MAX_LIFE]
  public JsonObject build(String id, Instant issuedAt, Instant expiresAt) {
    var life = Duration.between(issuedAt, expiresAt);
    if (!life.isPositive() || life.compareTo(MAX_LIFE) > 0) {
      throw new IllegalArgumentException("an ID-JAG lives up to " + MAX_LIFE + ", not " + life);
    }
    return claims
        .put("jti", id)
        .put("iat", issuedAt.getEpochSecond())
        .put("exp", expiresAt.getEpochSecond())
        .build();
  }
}
