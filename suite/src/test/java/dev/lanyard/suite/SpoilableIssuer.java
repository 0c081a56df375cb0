package dev.lanyard.suite;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import java.security.GeneralSecurityException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// An identity provider that does everything right, but for its flaws.
final class SpoilableIssuer extends SpoilableServer {
  static final String AUDIENCE = "https://ras.example";
  static final String RESOURCE = "https://mcp.example/mcp";
  static final String FORBIDDEN = "https://secret.example/mcp";
  static final String CLIENT_THERE = "client-there";

  private static final Set<String> SCOPES = Set.of("read", "write");
  private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
  private static final String TYPES = "urn:ietf:params:oauth:token-type:";

  SpoilableIssuer(Set<String> flaws) {
    super(flaws);
  }

  /// What somebody has got who signed in through the client.
  String idToken() {
    long now = System.currentTimeMillis() / 1000;
    return key.signed(
        "JWT",
        JsonObject.builder()
            .put("iss", issuer().value())
            .put("sub", "ana")
            .put("aud", CLIENT.id().value())
            .put("iat", now)
            .put("exp", now + 600)
            .build());
  }

  @Override
  JsonObject publicKey() {
    var jwk = key.publicJwk();
    if (has("unnamed keys")) {
      return jwk.without("kid");
    }
    if (has("publishes a secret")) {
      return jwk.with(Members.member("kty", "oct"));
    }
    return has("publishes private keys") ? jwk.with(Members.member("d", "AA")) : jwk;
  }

  @Override
  JsonObject metadata() {
    var metadata =
        JsonObject.builder()
            .put("issuer", issuer() + (has("metadata of another") ? "/" : ""))
            .put("token_endpoint", url("token_endpoint", tokenUrl()))
            .put("jwks_uri", url("jwks_uri", issuer() + "/jwks"))
            .put("dpop_signing_alg_values_supported", List.of("ES256"));
    if (!has("names no grant type")) {
      metadata.put("grant_types_supported", List.of(EXCHANGE));
    }
    if (!has("names no requested type")) {
      metadata.put("identity_chaining_requested_token_types_supported", List.of(TYPES + "id-jag"));
    }
    if (has("names its targets")) {
      metadata.put("x_targets", List.of(AUDIENCE));
    }
    return metadata.build();
  }

  @Override
  Answered granted(Form form, ClientId client, Optional<String> thumbprint)
      throws MalformedException {
    var type = form.one("grant_type");
    if (has("redeems its own") && form.has("assertion")) {
      return ok(tokenAnswer("a token"));
    }
    if (!type.equals(Optional.of(EXCHANGE)) && !has("takes any grant type")) {
      return error("unsupported_grant_type");
    }
    var malformed = malformed(form);
    if (malformed) {
      return error("invalid_request");
    }
    return hasSubject(form, client) ? judged(form, thumbprint) : error("invalid_grant");
  }

  private boolean malformed(Form form) {
    boolean typed =
        form.one("requested_token_type").equals(Optional.of(TYPES + "id-jag"))
            || has("issues whatever is asked");
    boolean subject =
        form.has("subject_token")
            && form.one("subject_token_type")
                .filter(type ->
                    List.of(TYPES + "id_token", TYPES + "refresh_token").contains(type)
                        || has("takes any subject type"))
                .isPresent();
    boolean actor = isThere(form, "actor_token") == isThere(form, "actor_token_type");
    return !typed || !(subject || has("takes any subject")) || !(actor || has("ignores actors"));
  }

  private static boolean isThere(Form form, String name) {
    return form.one(name).filter(value -> !value.isEmpty()).isPresent();
  }

  private boolean hasSubject(Form form, ClientId client) {
    if (has("takes any subject")) {
      return true;
    }
    try {
      var token = form.required("subject_token");
      var parts = token.split("\\.", -1);
      if (parts.length != 3) {
        return false;
      }
      var header = json(parts[0]);
      var claims = json(parts[1]);
      boolean signed =
          has("checks no signature")
              || (header.string("alg").equals(Optional.of("ES256"))
                  && verifies(token, key.keys().getPublic()));
      boolean kind =
          has("takes any type of token") || header.string("typ").equals(Optional.of("JWT"));
      boolean own =
          has("takes tokens of other clients")
              || claims.stringOrStrings("aud").orElse(List.of()).contains(client.value());
      return signed && kind && own;
    } catch (MalformedException | GeneralSecurityException e) {
      return false;
    }
  }

  private Answered judged(Form form, Optional<String> thumbprint) throws MalformedException {
    var audiences = form.all("audience");
    if (audiences.isEmpty() && has("needs no audience")) {
      audiences = List.of(AUDIENCE);
    }
    var audience =
        has("ignores slashes")
            ? audiences.stream().map(one -> one.replaceFirst("/$", "")).toList()
            : audiences;
    boolean known =
        has("takes any audience")
            || audience.equals(List.of(AUDIENCE))
            || (has("takes several audiences") && audience.contains(AUDIENCE));
    if (!known || audiences.isEmpty()) {
      var error = error(audiences.size() == 1 ? "invalid_target" : "invalid_request");
      var token = Members.member("error_description", form.required("subject_token"));
      return has("repeats tokens") ? new Answered(400, error.body().with(token)) : error;
    }
    var resources = form.all("resource");
    if (resources.equals(List.of(FORBIDDEN)) && !has("has no policy")) {
      return has("401 for policy")
          ? new Answered(401, Members.member("error", "access_denied"))
          : error("invalid_grant");
    }
    boolean governed =
        resources.equals(List.of(RESOURCE))
            || has("governs everything")
            || (has("ignores fragments") && resources.equals(List.of(RESOURCE + "#x")))
            || resources.equals(List.of(FORBIDDEN));
    if (!governed) {
      return error("invalid_target");
    }
    return scoped(form, audiences.getFirst(), resources, thumbprint);
  }

  private Answered scoped(
      Form form, String audience, List<String> resources, Optional<String> thumbprint) {
    var asked = new LinkedHashSet<>(Members.scopes(form.one("scope").orElse("")));
    var granted = new LinkedHashSet<>(asked);
    if (!has("grants any scope")) {
      granted.retainAll(SCOPES);
    }
    if (has("grants every scope")) {
      granted.addAll(SCOPES);
      granted.add("admin");
    }
    return granted.isEmpty()
        ? error("invalid_scope")
        : issued(audience, resources, String.join(" ", granted), form, thumbprint);
  }

  private Answered issued(
      String audience,
      List<String> resources,
      String scope,
      Form form,
      Optional<String> thumbprint) {
    long now = System.currentTimeMillis() / 1000;
    var claims =
        JsonObject.builder()
            .put("iss", issuer().value() + (has("another issuer") ? "/" : ""))
            .put("sub", has("another subject each time") ? UUID.randomUUID().toString() : "ana")
            .put("client_id", has("its own client id") ? CLIENT.id().value() : CLIENT_THERE)
            .put("jti", has("one identifier for all") ? "1" : UUID.randomUUID().toString())
            .put("iat", now - (has("issued yesterday") ? 86_400 : 0))
            .put("exp", now + (has("lives for a day") ? 86_400 : 300))
            .put("resource", has("no resource") ? "x" : resources.getFirst())
            .put("scope", scope);
    if (has("audience as array")) {
      claims.put("aud", List.of(AUDIENCE));
    } else if (has("names the resource as audience")) {
      claims.put("aud", resources.getFirst());
    } else {
      claims.put("aud", has("audience as asked") ? audience : AUDIENCE);
    }
    if (has("binds to anything")) {
      claims.put("cnf", Members.member("jkt", "x"));
    } else if (!has("binds nothing")) {
      thumbprint.ifPresent(jkt -> claims.put("cnf", Members.member("jkt", jkt)));
    }
    if (has("writes any actor") && isThere(form, "actor_token")) {
      claims.put("act", Members.member("sub", "an agent"));
    }
    var signer = has("signs with another key") ? Jws.generate(key.algorithm(), "x") : key;
    var idJag = signer.signed(has("plain type") ? "JWT" : "oauth-id-jag+jwt", claims.build());
    var body =
        JsonObject.builder()
            .put("access_token", idJag)
            .put(
                "issued_token_type", TYPES + (has("says access token") ? "access_token" : "id-jag"))
            .put("token_type", has("says Bearer") ? "Bearer" : "N_A");
    if (!has("says little")) {
      body.put("expires_in", 300);
    }
    if (has("gives refresh tokens")) {
      body.put("refresh_token", "r");
    }
    return ok(body.build());
  }
}
