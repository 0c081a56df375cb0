package dev.lanyard.suite.issuer;

import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.suite.Answer;
import dev.lanyard.suite.Credentials;
import dev.lanyard.suite.Expect;
import dev.lanyard.suite.Outcome;
import dev.lanyard.suite.ServerUnderTest;
import dev.lanyard.suite.UnusableAnswer;
import dev.lanyard.suite.Wire;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// What the checks of an issuer have in common: good exchange requests, each of which a check
/// spoils in one thing. For one thread.
public final class IssuerBench {
  static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
  static final String ID_JAG = "urn:ietf:params:oauth:token-type:id-jag";
  static final String ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
  static final String REFRESH_TOKEN = "urn:ietf:params:oauth:token-type:refresh_token";

  private final IssuerSettings settings;
  private final ServerUnderTest server;

  public IssuerBench(IssuerSettings settings, Wire wire, InstantSource clock) {
    this.settings = settings;
    this.server = new ServerUnderTest(settings.issuer(), wire, clock);
  }

  IssuerSettings settings() {
    return settings;
  }

  ServerUnderTest server() {
    return server;
  }

  long now() {
    return server.now();
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
  Answer exchange(Consumer<Map<String, List<String>>> change)
      throws UnusableAnswer, InterruptedException {
    return exchange(change, settings.client(), Map.of());
  }

  Answer exchange(
      Consumer<Map<String, List<String>>> change, Credentials client, Map<String, String> headers)
      throws UnusableAnswer, InterruptedException {
    return server.send(form(change), client, headers);
  }

  Form.Builder form(Consumer<Map<String, List<String>>> change) {
    var parameters = parameters();
    change.accept(parameters);
    var form = Form.builder();
    parameters.forEach((name, values) -> values.forEach(value -> form.add(name, value)));
    return form;
  }

  /// What has to come of a request that is not good.
  Outcome refuses(Consumer<Map<String, List<String>>> change, String... codes)
      throws UnusableAnswer, InterruptedException {
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
  JsonObject claims(Consumer<Map<String, List<String>>> change)
      throws UnusableAnswer, InterruptedException {
    return idJag(exchange(change)).unverifiedClaims().all();
  }

  JsonObject claims() throws UnusableAnswer, InterruptedException {
    return claims(_ignored -> {});
  }
}
