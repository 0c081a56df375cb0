package dev.lanyard.suite.redeemer;

import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.metadata.WellKnown;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.suite.Answer;
import dev.lanyard.suite.Credentials;
import dev.lanyard.suite.DpopProofs;
import dev.lanyard.suite.Expect;
import dev.lanyard.suite.Jws;
import dev.lanyard.suite.Outcome;
import dev.lanyard.suite.UnusableAnswer;
import dev.lanyard.suite.Wire;
import java.net.URI;
import java.time.InstantSource;
import java.util.HashMap;
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
  private final Wire wire;
  private final InstantSource clock;
  private Optional<JsonObject> metadata = Optional.empty();

  /// @param key what the identity provider signs with; the server gets its public half
  public RedeemerBench(RedeemerSettings settings, Jws key, Wire wire, InstantSource clock) {
    this.settings = settings;
    this.key = key;
    this.wire = wire;
    this.clock = clock;
  }

  RedeemerSettings settings() {
    return settings;
  }

  Jws key() {
    return key;
  }

  long now() {
    return clock.instant().getEpochSecond();
  }

  /// The metadata, asked for once.
  JsonObject metadata() throws UnusableAnswer {
    if (metadata.isEmpty()) {
      metadata = Optional.of(discovered());
    }
    return metadata.get();
  }

  /// From the first well-known place that has it.
  private JsonObject discovered() throws UnusableAnswer {
    Optional<Answer> last = Optional.empty();
    for (var place : WellKnown.authorizationServer(settings.issuer())) {
      var answer = wire.get(place);
      if (answer.status() == 200) {
        return answer.json();
      }
      last = Optional.of(answer);
    }
    throw new UnusableAnswer(
        "no metadata at the well-known places of " + settings.issuer() + ": " + last);
  }

  URI tokenEndpoint() throws UnusableAnswer {
    return endpoint("token_endpoint").orElseThrow(() -> new UnusableAnswer("no token_endpoint"));
  }

  private Optional<URI> endpoint(String member) throws UnusableAnswer {
    try {
      return metadata().string(member).map(URI::create);
    } catch (MalformedException | IllegalArgumentException e) {
      throw new UnusableAnswer("the metadata has an odd " + member, e);
    }
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

  Answer redeem(String assertion) throws UnusableAnswer {
    return redeem(form(assertion));
  }

  Answer redeem(Form.Builder form) throws UnusableAnswer {
    return redeem(form, settings.client(), Map.of());
  }

  Answer redeem(Form.Builder form, Credentials client, Map<String, String> headers)
      throws UnusableAnswer {
    var all = new HashMap<>(client.headers());
    all.putAll(headers);
    return send(client.into(form).build(), all);
  }

  /// As it is, with nothing that would prove a client.
  Answer send(Form form, Map<String, String> headers) throws UnusableAnswer {
    return wire.post(tokenEndpoint(), form, headers);
  }

  Wire wire() {
    return wire;
  }

  /// Proofs by a new key for the token endpoint.
  DpopProofs proofs() throws UnusableAnswer {
    return DpopProofs.random(tokenEndpoint(), clock);
  }

  /// What has to come of an assertion that is not good (RAS-21).
  Outcome refuses(String assertion) throws UnusableAnswer {
    return Expect.refused(redeem(assertion), "invalid_grant");
  }

  /// What a token says: as a JWT, or by introspection where that was set up. For looking only: its
  /// signature is the resource server's affair.
  Optional<JsonObject> contents(Answer answer) throws UnusableAnswer {
    var token = answer.text("access_token");
    try {
      return Optional.of(UnverifiedJwt.parse(token).unverifiedClaims().all());
    } catch (MalformedException e) {
      return introspected(token);
    }
  }

  private Optional<JsonObject> introspected(String token) throws UnusableAnswer {
    var endpoint = endpoint("introspection_endpoint");
    if (endpoint.isEmpty() || settings.introspection().isEmpty()) {
      return Optional.empty();
    }
    var caller = settings.introspection().get();
    var form = caller.into(Form.builder().add("token", token)).build();
    return Optional.of(wire.post(endpoint.get(), form, caller.headers()).json());
  }

  /// Whether the server says that it takes DPoP proofs.
  boolean knowsDpop() throws UnusableAnswer {
    return metadata().has("dpop_signing_alg_values_supported");
  }
}
