package dev.lanyard.server.broker;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.authorization.AuthorizationRequest.Valid;
import dev.lanyard.server.authorization.ClientNames;
import dev.lanyard.server.authorization.FlowRules;
import dev.lanyard.server.authorization.Grounds;
import dev.lanyard.server.authorization.upstream.AuthenticationRequirement;
import dev.lanyard.server.clients.ApiScope;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.token.TokenRequest;
import dev.lanyard.server.token.TokenResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the broker decides in the flow: it offers the person themselves (OpenID Connect), and gives
/// ID Tokens.
///
/// There is no consent here: which application may act for whom is decided by the enterprise, in
/// its policy, at every single exchange. Only whoever gives away a token for the API of
/// administrators is asked, each time.
final class BrokerRules implements FlowRules {
  /// What can be asked for at the broker; anything else is not granted.
  static final Scopes SCOPES = Scopes.of("openid", "email", "profile", "groups", "offline_access");

  private static final Scopes ABOUT_THE_PERSON = Scopes.of("openid", "email", "profile", "groups");

  /// For a token for the API somebody signs in anew, for this very request (decision 131).
  private static final AuthenticationRequirement ANEW =
      new AuthenticationRequirement(List.of(), Optional.of(Duration.ZERO));

  /// How long the question after that sign-in may stay unanswered: whoever comes back to the
  /// computer later does not find it open.
  private static final Duration ANSWERED_WITHIN = Duration.ofMinutes(5);

  private final ResourceIndicator api;
  private final Admission admission;
  private final TokenIssue issue;
  private final IdTokenHints hints;
  private final ClientNames names;

  /// @param api the JSON API of administrators, of which the broker is the authorization server
  BrokerRules(
      ResourceIndicator api,
      Admission admission,
      TokenIssue issue,
      IdTokenHints hints,
      ClientNames names) {
    this.api = api;
    this.admission = admission;
    this.issue = issue;
    this.hints = hints;
    this.names = names;
  }

  @Override
  public Demand demand(Form form, Client client) {
    try {
      // Some clients leave it out; there is only one thing to ask the broker for.
      var asked = Scopes.parse(form.one("scope").orElse("openid"));
      if (!asked.contains("openid")) {
        return refused(asked.toString());
      }
      var resources = form.all("resource");
      // Any other resource is asked for at the exchange; some clients name it here as well.
      return resources.contains(api.value())
          ? administration(resources, asked, client)
          : new Demand.Granted(List.of(), asked.intersect(SCOPES), AuthenticationRequirement.NONE);
    } catch (MalformedException e) {
      return refused(e.getMessage());
    }
  }

  /// A token for the API, for which nothing else is good. It cannot be renewed.
  private Demand administration(List<String> resources, Scopes asked, Client client) {
    var scopes = asked.intersect(client.administration());
    if (resources.size() > 1) {
      return new Demand.Refused(
          ErrorCode.INVALID_TARGET,
          new Evidence("resource", api + " alone", resources.toString(), "AC-7"));
    }
    if (client.administration().isEmpty()) {
      return new Demand.Refused(
          ErrorCode.INVALID_TARGET,
          new Evidence(
              "resource", "of a client with 'administration'", client.id().value(), "AC-7"));
    }
    if (scopes.isEmpty()) {
      return new Demand.Refused(
          ErrorCode.INVALID_SCOPE,
          new Evidence("scope", client.administration().toString(), asked.toString(), "AC-7"));
    }
    return new Demand.Granted(List.of(api), scopes.union(asked.intersect(ABOUT_THE_PERSON)), ANEW);
  }

  private static Demand refused(String actual) {
    return new Demand.Refused(
        ErrorCode.INVALID_SCOPE, new Evidence("scope", "openid", actual, "AC-1"));
  }

  @Override
  public Optional<Response> refusal(
      Request request, Valid waiting, Person person, Optional<String> upstream, String event) {
    return admission.refusal(request, waiting, person, upstream, event);
  }

  @Override
  public Optional<Terms> terms(Valid waiting, Person person) {
    return waiting.resources().contains(api)
        ? Optional.of(
            new Terms(
                List.of(described(api, waiting.scopes().intersect(ApiScope.all()))),
                Optional.empty(),
                Optional.of(ANSWERED_WITHIN)))
        : Optional.empty();
  }

  @Override
  public Wanted described(ResourceIndicator resource, Scopes scopes) {
    return new Wanted(resource, "The administration of Lanyard", scopes, ApiScope.words());
  }

  @Override
  public Optional<String> person(Client client, String subject) {
    return names.personOf(client, subject);
  }

  @Override
  public Optional<Hinted> hinted(String idToken) {
    return hints.read(idToken);
  }

  /// A token for the API is for nothing else. Any other resource is named at the exchange, and by
  /// some clients here as well.
  @Override
  public Issue first(TokenRequest request, Grounds grounds, Optional<String> nonce, Instant at) {
    var granted = grounds.resources().stream().map(ResourceIndicator::value).toList();
    var asked = request.form().all("resource");
    if (!granted.isEmpty() && !granted.containsAll(asked)) {
      return new Issue.NotGiven(
          TokenResult.Refused.of(
              ErrorCode.INVALID_TARGET,
              "the code is for another resource",
              new Evidence("resource", granted.toString(), asked.toString(), "AC-7")));
    }
    return new Issue.Given(
        issue.tokens(request.client(), grounds, nonce, at), List.of(), JsonObject.EMPTY);
  }

  @Override
  public Issue again(TokenRequest request, Grounds grounds, Instant at) {
    // OpenID Connect Core §12.2: no nonce in a refreshed ID Token.
    return new Issue.Given(
        issue.tokens(request.client(), grounds, Optional.empty(), at), List.of(), JsonObject.EMPTY);
  }

  @Override
  public boolean isRenewable(Client client, Scopes scopes) {
    return scopes.contains("offline_access")
        && client.grantTypes().contains(GrantType.REFRESH_TOKEN);
  }
}
