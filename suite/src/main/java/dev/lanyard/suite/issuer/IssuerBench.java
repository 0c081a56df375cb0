package dev.lanyard.suite.issuer;

import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.metadata.WellKnown;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.suite.Answer;
import dev.lanyard.suite.Credentials;
import dev.lanyard.suite.DpopProofs;
import dev.lanyard.suite.Expect;
import dev.lanyard.suite.Members;
import dev.lanyard.suite.Outcome;
import dev.lanyard.suite.UnusableAnswer;
import dev.lanyard.suite.Wire;
import java.net.URI;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// What the checks of an issuer have in common: good exchange requests, each of which a check
/// spoils in one thing. For one thread.
public final class IssuerBench {
  static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
  static final String ID_JAG = "urn:ietf:params:oauth:token-type:id-jag";
  static final String ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
  static final String REFRESH_TOKEN = "urn:ietf:params:oauth:token-type:refresh_token";

  private final IssuerSettings settings;
  private final Wire wire;
  private final InstantSource clock;
  private Optional<JsonObject> metadata = Optional.empty();

  public IssuerBench(IssuerSettings settings, Wire wire, InstantSource clock) {
    this.settings = settings;
    this.wire = wire;
    this.clock = clock;
  }

  IssuerSettings settings() {
    return settings;
  }

  Wire wire() {
    return wire;
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

  private JsonObject discovered() throws UnusableAnswer {
    for (var place : WellKnown.authorizationServer(settings.issuer()).reversed()) {
      var answer = wire.get(place);
      if (answer.status() == 200) {
        return answer.json();
      }
    }
    throw new UnusableAnswer("no metadata at the well-known places of " + settings.issuer());
  }

  URI endpoint(String member) throws UnusableAnswer {
    var found = Members.strings(metadata(), member);
    if (found.size() != 1) {
      throw new UnusableAnswer("the metadata names no " + member);
    }
    return URI.create(found.getFirst());
  }

  URI tokenEndpoint() throws UnusableAnswer {
    return endpoint("token_endpoint");
  }

  /// The parameters of a good request, to be changed one by one.
  Map<String, List<String>> parameters() {
    var target = settings.target();
    var all = new LinkedHashMap<String, List<String>>();
    all.put("grant_type", List.of(EXCHANGE));
    all.put("requested_token_type", List.of(ID_JAG));
    all.put("audience", List.of(target.audience().value()));
    all.put("resource", List.of(target.resource().value()));
    all.put("scope", List.of(target.scopes().toString()));
    all.put("subject_token", List.of(settings.subject().idToken().reveal()));
    all.put("subject_token_type", List.of(ID_TOKEN));
    return all;
  }

  /// A good request with one thing changed.
  Answer exchange(Consumer<Map<String, List<String>>> change) throws UnusableAnswer {
    return exchange(change, settings.client(), Map.of());
  }

  Answer exchange(
      Consumer<Map<String, List<String>>> change, Credentials client, Map<String, String> headers)
      throws UnusableAnswer {
    var all = new HashMap<>(client.headers());
    all.putAll(headers);
    return send(client.into(form(change)).build(), all);
  }

  Form.Builder form(Consumer<Map<String, List<String>>> change) {
    var parameters = parameters();
    change.accept(parameters);
    var form = Form.builder();
    parameters.forEach((name, values) -> values.forEach(value -> form.add(name, value)));
    return form;
  }

  /// As it is, with nothing that would prove a client.
  Answer send(Form form, Map<String, String> headers) throws UnusableAnswer {
    return wire.post(tokenEndpoint(), form, headers);
  }

  /// What has to come of a request that is not good.
  Outcome refuses(Consumer<Map<String, List<String>>> change, String... codes)
      throws UnusableAnswer {
    return Expect.refused(exchange(change), codes);
  }

  /// The ID-JAG of an answer, for looking: see [Issued] for its signature.
  UnverifiedJwt idJag(Answer answer) throws UnusableAnswer {
    if (answer.status() != 200) {
      throw new UnusableAnswer(answer.inShort());
    }
    try {
      return UnverifiedJwt.parse(answer.text("access_token"));
    } catch (MalformedException e) {
      throw new UnusableAnswer("the ID-JAG is no JWT: " + e.getMessage(), e);
    }
  }

  /// The claims of the ID-JAG for a good request with one thing changed.
  JsonObject claims(Consumer<Map<String, List<String>>> change) throws UnusableAnswer {
    return idJag(exchange(change)).unverifiedClaims().all();
  }

  JsonObject claims() throws UnusableAnswer {
    return claims(_ignored -> {});
  }

  DpopProofs proofs() throws UnusableAnswer {
    return DpopProofs.random(tokenEndpoint(), clock);
  }

  boolean knowsDpop() throws UnusableAnswer {
    return metadata().has("dpop_signing_alg_values_supported");
  }
}
