package dev.lanyard.suite;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// A resource authorization server that does everything right, but for its flaws.
final class SpoilableRedeemer extends SpoilableServer {
  static final Issuer PROVIDER = new Issuer("https://idp.example");
  static final String PERSON = "ana";
  static final Map<String, List<String>> GOVERNED =
      Map.of(
          "https://mcp.example/mcp",
          List.of("read", "write"),
          "https://mcp.example/other",
          List.of("list"));

  private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

  private final Jws provider;
  private final Set<String> used = ConcurrentHashMap.newKeySet();

  SpoilableRedeemer(Jws provider, Set<String> flaws) {
    super(flaws);
    this.provider = provider;
  }

  @Override
  JsonObject metadata() {
    var metadata =
        JsonObject.builder()
            .put("issuer", issuer() + (has("metadata of another") ? "/" : ""))
            .put("token_endpoint", url("token_endpoint", tokenUrl()))
            .put("jwks_uri", url("jwks_uri", issuer() + "/jwks"))
            .put("dpop_signing_alg_values_supported", List.of("ES256"))
            .put("token_endpoint_auth_methods_supported", List.of("client_secret_basic"));
    if (!has("names no grant type")) {
      metadata.put("grant_types_supported", List.of(JWT_BEARER));
    }
    if (!has("names no profile")) {
      metadata.put(
          "authorization_grant_profiles_supported",
          List.of("urn:ietf:params:oauth:grant-profile:id-jag"));
    }
    if (has("names its customers")) {
      metadata.put("x_issuers", List.of(PROVIDER.value()));
    }
    return metadata.build();
  }

  @Override
  Answered granted(Form form, ClientId client, Optional<String> thumbprint)
      throws MalformedException {
    var type = form.one("grant_type");
    boolean any = has("takes any grant type");
    if (form.one("assertion").isEmpty() && has("needs no assertion")) {
      return ok(tokenAnswer("a token"));
    }
    if ((type.isEmpty() && !any) || form.one("assertion").isEmpty()) {
      return error("invalid_request");
    }
    if (!type.equals(one(JWT_BEARER)) && !any) {
      return error("unsupported_grant_type");
    }
    var assertion = form.required("assertion");
    if (has("takes what is no JWT") && !assertion.contains(".")) {
      return ok(tokenAnswer("a token"));
    }
    try {
      var claims = verified(assertion);
      if (claims.isEmpty() || !isGood(claims.get(), client, thumbprint)) {
        return refused(assertion);
      }
      return narrowed(claims.get(), form, client, thumbprint);
    } catch (MalformedException | GeneralSecurityException e) {
      return refused(assertion);
    }
  }

  private Answered refused(String assertion) {
    if (has("401 for bad assertions")) {
      return new Answered(401, Members.member("error", "invalid_grant"));
    }
    var error = Members.member("error", "invalid_grant");
    return new Answered(
        400,
        has("repeats assertions")
            ? error.with(Members.member("error_description", assertion))
            : error);
  }

  /// The claims of an assertion with the right header and signature.
  private Optional<JsonObject> verified(String assertion)
      throws MalformedException, GeneralSecurityException {
    var parts = assertion.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    var header = json(parts[0]);
    var algorithm = header.nonEmptyString("alg");
    boolean unsigned = algorithm.equals("none") && has("takes alg none");
    boolean hashed = algorithm.equals("HS256") && has("lets the token choose the algorithm");
    var trusted = provider.keys().getPublic();
    if (has("trusts embedded keys") && header.has("jwk")) {
      trusted = EcKeys.of(header.object("jwk").orElseThrow());
    }
    boolean named = header.string("kid").equals(Optional.of(provider.keyId()));
    // Whoever has no key for a kid can check nothing.
    boolean unchecked = has("checks no signature") || (has("takes any kid") && !named);
    boolean signed = algorithm.equals("ES256") && (unchecked || verifies(assertion, trusted));
    boolean known = named || has("takes any kid");
    boolean critical = header.has("crit") && !has("ignores crit");
    boolean odd = has("minds what it does not know") && header.has("x-unknown");
    boolean good = (signed || unsigned || hashed) && known && !critical && !odd && hasType(header);
    return good ? Optional.of(json(parts[1])) : Optional.empty();
  }

  private boolean hasType(JsonObject header) throws MalformedException {
    var type = header.string("typ").orElse("none");
    if (has("takes any type")) {
      return true;
    }
    if (has("takes types that begin so")) {
      return type.startsWith("oauth-id-jag+jwt");
    }
    return has("compares types letter by letter")
        ? type.equals("oauth-id-jag+jwt")
        : type.toLowerCase(Locale.ROOT)
            .replaceFirst("^application/", "")
            .equals("oauth-id-jag+jwt");
  }

  private boolean isGood(JsonObject claims, ClientId client, Optional<String> thumbprint)
      throws MalformedException {
    return !(has("minds what it does not know") && claims.has("x-unknown"))
        && isForUs(claims)
        && isInTime(claims)
        && (has("ignores client_id") || claims.string("client_id").equals(one(client.value())))
        && isOfSomebody(claims)
        && isBoundTo(claims, thumbprint)
        && isFirst(claims);
  }

  private static Optional<String> one(String value) {
    return Optional.of(value);
  }

  private boolean isForUs(JsonObject claims) throws MalformedException {
    var audience = claims.stringOrStrings("aud").orElse(List.of());
    if (has("needs no audience") && String.join("", audience).isEmpty()) {
      audience = List.of(issuer().value());
    }
    boolean single = audience.size() == 1 || has("takes several audiences");
    boolean array = claims.text("aud").orElse("").startsWith("[");
    boolean named =
        audience.contains(issuer().value())
            || (has("takes the token endpoint as audience") && audience.contains(tokenUrl()))
            || (has("ignores slashes") && audience.contains(issuer() + "/"))
            || has("takes any audience");
    var from = claims.string("iss").orElse("");
    boolean trusted =
        from.equals(PROVIDER.value())
            || (has("trusts any issuer") && !from.isEmpty())
            || (has("needs no issuer") && from.isEmpty())
            || (has("ignores slashes") && from.equals(PROVIDER + "/"));
    return single && named && trusted && !(array && has("takes no array"));
  }

  private boolean isInTime(JsonObject claims) throws MalformedException {
    long now = System.currentTimeMillis() / 1000;
    var issued = claims.instant("iat");
    if (issued.isEmpty() && has("needs no iat")) {
      issued = Optional.of(Instant.ofEpochSecond(now));
    }
    var ends = ends(claims);
    if (issued.isEmpty() || (ends.isEmpty() && !has("takes endless ones"))) {
      return false;
    }
    long end = ends.map(one -> one.getEpochSecond()).orElse(Long.MAX_VALUE);
    long life = end - issued.get().getEpochSecond();
    boolean brief =
        has("takes any life")
            || ends.isEmpty()
            || (has("judges life by iat")
                ? now - issued.get().getEpochSecond() <= 300
                : life <= 3_600);
    return (has("takes expired ones") || end > now)
        && (has("takes future ones") || issued.get().getEpochSecond() <= now + 30)
        && (has("ignores nbf")
            || claims.instant("nbf").map(one -> one.getEpochSecond()).orElse(0L) <= now + 30)
        && brief;
  }

  private Optional<Instant> ends(JsonObject claims) throws MalformedException {
    return claims.isString("exp") && has("takes endless ones")
        ? Optional.empty()
        : claims.instant("exp");
  }

  private boolean isOfSomebody(JsonObject claims) throws MalformedException {
    if (has("needs no sub") && claims.string("sub").orElse("").isEmpty()) {
      return true;
    }
    return has("creates people") && !claims.string("sub").orElse("").isEmpty()
        || claims.string("sub").equals(one(PERSON))
        || (has("believes sub_id") && claims.has("sub_id"));
  }

  private boolean isBoundTo(JsonObject claims, Optional<String> thumbprint)
      throws MalformedException {
    var confirmation = claims.object("cnf");
    if (confirmation.isEmpty() || has("ignores cnf")) {
      return true;
    }
    var key = confirmation.get().string("jkt");
    return key.isEmpty() ? has("ignores unknown cnf") : key.equals(thumbprint);
  }

  private boolean isFirst(JsonObject claims) throws MalformedException {
    if (claims.string("jti").isEmpty()) {
      return has("needs no jti");
    }
    var assertion =
        has("compares all but jti")
            ? claims.without("jti").toCanonicalJson()
            : claims.nonEmptyString("jti");
    return used.add(assertion) || has("redeems twice");
  }

  private Answered narrowed(
      JsonObject claims, Form form, ClientId client, Optional<String> thumbprint)
      throws MalformedException {
    var named = claims.stringOrStrings("resource").orElse(List.of());
    if (named.isEmpty() && has("guesses a resource")) {
      named = List.of("https://mcp.example/mcp");
    }
    if (named.isEmpty() || !(GOVERNED.keySet().containsAll(named) || has("governs everything"))) {
      return error("invalid_grant");
    }
    var asked = form.all("resource");
    if (has("takes no resource in requests") && !asked.isEmpty()) {
      return error("invalid_target");
    }
    if (!named.containsAll(asked) && !has("lets requests widen resources")) {
      return error("invalid_target");
    }
    var granted = asked.isEmpty() || has("ignores the requested resource") ? named : asked;
    var scopes = scopes(claims, form, granted);
    return scopes.isEmpty() ? error("invalid_scope") : answer(client, granted, scopes, thumbprint);
  }

  private Set<String> scopes(JsonObject claims, Form form, List<String> resources)
      throws MalformedException {
    var allowed = new LinkedHashSet<>(Members.scopes(claims.string("scope").orElse("")));
    var asked = form.one("scope").filter(text -> !text.isEmpty()).map(Members::scopes);
    if (has("no scope ceiling") && asked.isPresent()) {
      allowed.addAll(asked.get());
    }
    if (!has("grants unknown scopes")) {
      allowed.retainAll(
          resources.stream()
              .flatMap(one -> GOVERNED.getOrDefault(one, List.of()).stream())
              .toList());
    }
    if (asked.isPresent() && !has("ignores the requested scope")) {
      allowed.retainAll(asked.get());
    }
    return allowed;
  }

  private Answered answer(
      ClientId client, List<String> resources, Set<String> scopes, Optional<String> thumbprint) {
    long now = System.currentTimeMillis() / 1000;
    var claims =
        JsonObject.builder()
            .put("iss", issuer().value())
            .put("sub", PERSON)
            .putOneOrMany("aud", has("no audience in tokens") ? List.of("account") : resources)
            .put("client_id", has("names another client") ? "another" : client.value())
            .put("jti", UUID.randomUUID().toString())
            .put("iat", now)
            .put("exp", now + 600);
    if (!has("binds no token")) {
      thumbprint.ifPresent(jkt -> claims.put("cnf", Members.member("jkt", jkt)));
    }
    var said = has("leaves claims out") ? claims.build().without("jti") : claims.build();
    var token = key.signed(has("plain tokens") ? "JWT" : "at+jwt", said);
    var body =
        JsonObject.builder()
            .put("access_token", token)
            .put(
                "token_type", has("says N_A") ? "N_A" : thumbprint.isPresent() ? "DPoP" : "Bearer");
    if (!has("says little")) {
      body.put("expires_in", has("lives for a day") ? 86_400 : 600)
          .put("scope", String.join(" ", new ArrayList<>(scopes)))
          .putOneOrMany("resource", resources);
    }
    if (has("gives refresh tokens")) {
      body.put("refresh_token", Base64.getUrlEncoder().encodeToString(new byte[16]));
    }
    return ok(body.build());
  }
}
