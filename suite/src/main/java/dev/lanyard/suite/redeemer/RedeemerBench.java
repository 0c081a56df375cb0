package dev.lanyard.suite.redeemer;

import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.suite.Answer;
import dev.lanyard.suite.Credentials;
import dev.lanyard.suite.Expect;
import dev.lanyard.suite.Jws;
import dev.lanyard.suite.Outcome;
import dev.lanyard.suite.ServerUnderTest;
import dev.lanyard.suite.UnusableAnswer;
import dev.lanyard.suite.Wire;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// What the checks of a redeemer have in common: good assertions, each of which a check spoils in
/// one thing, and the requests that carry them. For one thread.
public final class RedeemerBench {
  /// The `typ` of an ID-JAG.
  static final String TYPE = "oauth-id-jag+jwt";

  private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  private static final long LIFE_SECONDS = 240;

  private final RedeemerSettings settings;
  private final Jws key;
  private final ServerUnderTest server;

  /// @param key what the identity provider signs with; the server gets its public half
  public RedeemerBench(RedeemerSettings settings, Jws key, Wire wire, InstantSource clock) {
    this.settings = settings;
    this.key = key;
    this.server = new ServerUnderTest(settings.issuer(), wire, clock);
  }

  RedeemerSettings settings() {
    return settings;
  }

  Jws key() {
    return key;
  }

  ServerUnderTest server() {
    return server;
  }

  long now() {
    return server.now();
  }

  /// Claims of a good assertion: for the target, with all its scopes.
  JsonObject claims() {
    return JsonObject.builder()
        .put("iss", settings.identityProvider().value())
        .put("aud", settings.issuer().value())
        .put("client_id", settings.client().id().value())
        .put("jti", UUID.randomUUID().toString())
        .put("iat", now())
        .put("exp", now() + LIFE_SECONDS)
        .put("resource", settings.target().resource().value())
        .put("scope", settings.target().scopes().toString())
        .build()
        .with(settings.subject());
  }

  /// A good assertion but for what is done to its claims.
  String assertion(UnaryOperator<JsonObject> spoil) {
    return key.signed(TYPE, spoil.apply(claims()));
  }

  String assertion() {
    return assertion(claims -> claims);
  }

  Form.Builder form(String assertion) {
    return Form.builder().add("grant_type", JWT_BEARER).add("assertion", assertion);
  }

  Answer redeem(String assertion) throws UnusableAnswer, InterruptedException {
    return redeem(form(assertion));
  }

  Answer redeem(Form.Builder form) throws UnusableAnswer, InterruptedException {
    return redeem(form, settings.client(), Map.of());
  }

  Answer redeem(Form.Builder form, Credentials client, Map<String, String> headers)
      throws UnusableAnswer, InterruptedException {
    return server.send(form, client, headers);
  }

  /// What has to come of an assertion that is not good (RAS-21).
  Outcome refuses(String assertion) throws UnusableAnswer, InterruptedException {
    return Expect.refused(redeem(assertion), "invalid_grant");
  }

  /// What a token says: as a JWT, or by introspection where that was set up. For looking only: its
  /// signature is the resource server's affair.
  Optional<JsonObject> contents(Answer answer) throws UnusableAnswer, InterruptedException {
    var token = answer.text("access_token");
    try {
      return Optional.of(UnverifiedJwt.parse(token).unverifiedClaims().all());
    } catch (MalformedException e) {
      return introspected(token);
    }
  }

  private Optional<JsonObject> introspected(String token)
      throws UnusableAnswer, InterruptedException {
    var endpoint = server.endpoint("introspection_endpoint");
    if (endpoint.isEmpty() || settings.introspection().isEmpty()) {
      return Optional.empty();
    }
    var caller = settings.introspection().get();
    var form = caller.into(Form.builder().add("token", token)).build();
    return Optional.of(server.wire().post(endpoint.get(), form, caller.headers()).json());
  }
}
