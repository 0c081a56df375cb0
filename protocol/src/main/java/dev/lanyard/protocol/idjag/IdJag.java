package dev.lanyard.protocol.idjag;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.claims.Confirmation;
import dev.lanyard.protocol.jose.JwtClaims;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.AuthorizationDetails;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An ID-JAG that was judged authentic and meant for us and for the client that presented it.
///
/// Only [IdJagValidator] can make one. Immutable.
///
/// @spec
///   https://datatracker.ietf.org/doc/html/draft-ietf-oauth-identity-assertion-authz-grant-04#section-3.1
///   ID-JAG draft-04 §3.1
public final class IdJag {
  /// The `typ` header.
  public static final String TYPE = "oauth-id-jag+jwt";

  /// What `email_verified` says of an address that counts, as JSON.
  private static final Set<String> VERIFIED = Set.of("true", "\"true\"");

  /// It goes into stores and records as it is; issuers make theirs of far less.
  private static final int LONGEST_ID = 256;

  static final List<String> REQUIRED_CLAIMS =
      List.of("iss", "sub", "aud", "client_id", "jti", "exp", "iat");

  private final Issuer issuer;
  private final String subject;
  private final Issuer audience;
  private final ClientId client;
  private final String id;
  private final Instant issuedAt;
  private final Instant expiresAt;
  private final Optional<Instant> notBefore;
  private final List<ResourceIndicator> resources;
  private final Scopes scopes;
  private final AuthorizationDetails authorizationDetails;
  private final Confirmation confirmation;
  private final AuthenticationContext authentication;
  private final Optional<JsonObject> actor;
  private final Optional<String> tenant;
  private final Optional<String> audienceTenant;
  private final Optional<String> audienceSubject;
  private final Optional<SamlNameId> samlNameId;
  private final Optional<String> email;
  private final JsonObject all;

  /// @param claims with all of [#REQUIRED_CLAIMS]
  /// @param issuer what `iss` was found to be
  /// @param audience the authorization server that `aud` was found to name
  /// @throws MalformedException if a claim has another form than the draft gives it
  IdJag(JwtClaims claims, Issuer issuer, Issuer audience) throws MalformedException {
    this.all = claims.all();
    this.issuer = issuer;
    this.subject = all.nonEmptyString("sub");
    this.audience = audience;
    this.client = ClientId.parse(all.nonEmptyString("client_id"));
    this.id = all.nonEmptyString("jti");
    if (id.length() > LONGEST_ID) {
      throw new MalformedException("member 'jti' is longer than " + LONGEST_ID + " characters");
    }
    this.issuedAt = claims.issuedAt().orElseThrow();
    this.expiresAt = claims.expiresAt().orElseThrow();
    this.notBefore = claims.notBefore();
    this.resources = resources(all);
    // An empty scope or resource is refused: as "not given" it would widen the grant.
    this.scopes = all.has("scope") ? Scopes.parse(all.nonEmptyString("scope")) : Scopes.NONE;
    this.authorizationDetails =
        AuthorizationDetails.of(all.objects("authorization_details").orElse(List.of()));
    this.confirmation = Confirmation.of(all);
    this.authentication = AuthenticationContext.of(all);
    this.actor = all.object("act");
    this.tenant = all.string("tenant");
    this.audienceTenant = all.string("aud_tenant");
    this.audienceSubject = all.string("aud_sub");
    this.samlNameId = SamlNameId.of(all);
    this.email = isUnverified(all) ? Optional.empty() : all.string("email");
  }

  /// Whether `email_verified` is there and not true, be it a string, as some issuers write it.
  private static boolean isUnverified(JsonObject claims) {
    return claims.text("email_verified").filter(text -> !VERIFIED.contains(text)).isPresent();
  }

  private static List<ResourceIndicator> resources(JsonObject claims) throws MalformedException {
    var resources = new ArrayList<ResourceIndicator>();
    for (var resource : claims.stringOrStrings("resource").orElse(List.of())) {
      resources.add(ResourceIndicator.parse(resource));
    }
    if (resources.isEmpty() && claims.has("resource")) {
      throw new MalformedException("member 'resource' names nothing");
    }
    return List.copyOf(resources);
  }

  /// `iss`: the identity provider.
  public Issuer issuer() {
    return issuer;
  }

  /// `sub`: the person, in the name space of the issuer and, if there is one, the [#tenant()].
  public String subject() {
    return subject;
  }

  /// `aud`: the resource authorization server, which is us.
  public Issuer audience() {
    return audience;
  }

  /// `client_id`: the client that presented it.
  public ClientId client() {
    return client;
  }

  /// `jti`, unique at the issuer.
  public String id() {
    return id;
  }

  /// `iat`.
  public Instant issuedAt() {
    return issuedAt;
  }

  /// `exp`.
  public Instant expiresAt() {
    return expiresAt;
  }

  Optional<Instant> notBefore() {
    return notBefore;
  }

  /// `resource`: what the identity provider granted access to; empty if it did not say.
  public List<ResourceIndicator> resources() {
    return resources;
  }

  /// `scope`: what the identity provider granted; none if it did not say.
  public Scopes scopes() {
    return scopes;
  }

  /// `authorization_details`; empty if there are none.
  public AuthorizationDetails authorizationDetails() {
    return authorizationDetails;
  }

  /// `cnf`: a [Confirmation.Bearer] or a [Confirmation.DpopKey]. Whether a proof by that key came
  /// with the request is not checked here (RAS-30 to RAS-34).
  public Confirmation confirmation() {
    return confirmation;
  }

  /// `cnf.jkt`, if the grant is bound to a key.
  public Optional<String> keyThumbprint() {
    return confirmation.keyThumbprint();
  }

  /// `auth_time`, `acr` and `amr`.
  public AuthenticationContext authentication() {
    return authentication;
  }

  /// `act`: on whose behalf the issuer says the client acts. It is neither the client nor the
  /// subject, and replaces neither (RAS-19).
  public Optional<JsonObject> actor() {
    return actor;
  }

  /// `tenant`: the issuer's tenant, if it has several.
  public Optional<String> tenant() {
    return tenant;
  }

  /// `aud_tenant`: our tenant, as the issuer knows it.
  public Optional<String> audienceTenant() {
    return audienceTenant;
  }

  /// `aud_sub`: our own identifier of the person, as the issuer knows it.
  public Optional<String> audienceSubject() {
    return audienceSubject;
  }

  /// `sub_id` of the format `saml-nameid`. Its SAML issuer is a statement of the ID-JAG's issuer
  /// and creates no trust: use it only if both are tied by configuration (RAS-10).
  public Optional<SamlNameId> samlNameId() {
    return samlNameId;
  }

  /// `email`; empty if the issuer says by `email_verified` that the address is not verified
  /// (SEC-9). Nobody says that the issuer may speak for its domain.
  public Optional<String> email() {
    return email;
  }

  /// Every claim.
  public JsonObject all() {
    return all;
  }

  /// Who issued it under which identifier: what may be logged.
  @Override
  public String toString() {
    return "IdJag[" + issuer + " " + id + "]";
  }
}
