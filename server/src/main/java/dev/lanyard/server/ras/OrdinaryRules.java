package dev.lanyard.server.ras;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.authorization.AuthorizationRequest.Valid;
import dev.lanyard.server.authorization.FlowRules;
import dev.lanyard.server.authorization.Grounds;
import dev.lanyard.server.authorization.upstream.AuthenticationRequirement;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.ras.RasConfig.Resource;
import dev.lanyard.server.token.TokenRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/// What the resource authorization server decides in the ordinary flow: it offers its resources, to
/// whomever their organisation lets decide, and asks the person what a client may do there.
final class OrdinaryRules implements FlowRules {
  /// Asked for by clients that want to renew. It is honoured and not needed: whether a client may
  /// renew, its registration says (AC-18).
  static final String OFFLINE_ACCESS = "offline_access";

  private static final String OFFLINE_WORDS = "Keep this access while you are away";

  private final Issuer self;
  private final Resources governed;
  private final Duration lasting;
  private final ConsentPolicy policy;
  private final RefusedPage refused;
  private final OrdinaryTokens tokens;

  /// @param lasting how long a client may renew
  OrdinaryRules(
      Issuer self,
      Resources governed,
      Duration lasting,
      ConsentPolicy policy,
      RefusedPage refused,
      OrdinaryTokens tokens) {
    this.self = self;
    this.governed = governed;
    this.lasting = lasting;
    this.policy = policy;
    this.refused = refused;
    this.tokens = tokens;
  }

  @Override
  public Demand demand(Form form, Client client) {
    if (client.id().value().equals(self.value())) {
      // Our own page about consents: it wants nobody's resources.
      return new Demand.Granted(List.of(), Scopes.NONE, AuthenticationRequirement.NONE);
    }
    if (form.has("authorization_details")) {
      // Nobody could tell a person in words what they mean.
      return refused(
          ErrorCode.INVALID_AUTHORIZATION_DETAILS, "authorization_details", "none here", "some");
    }
    var chosen = governed.named(form.all("resource"));
    if (chosen.isEmpty()) {
      var actual = form.all("resource").isEmpty() ? "none" : form.all("resource").toString();
      return refused(ErrorCode.INVALID_TARGET, "resource", "governed here", actual);
    }
    var named = chosen.get();
    var known = named.scopes();
    try {
      var asked = form.has("scope") ? Scopes.parse(form.required("scope")) : known;
      var granted = asked.intersect(known.union(Scopes.of(OFFLINE_ACCESS)));
      return isNothing(granted, known)
          ? refused(ErrorCode.INVALID_SCOPE, "scope", "some of " + known, asked.toString())
          : new Demand.Granted(named.identifiers(), granted, strength(named.all()));
    } catch (MalformedException e) {
      return refused(ErrorCode.INVALID_SCOPE, "scope", "well-formed", e.getMessage());
    }
  }

  /// A resource without scopes is opened by the grant alone.
  private static boolean isNothing(Scopes granted, Scopes known) {
    return granted.intersect(known).isEmpty() && !known.isEmpty();
  }

  /// What is good enough for all of these resources. Where nothing is, a token is refused in the
  /// end: each resource is looked at once more then.
  private static AuthenticationRequirement strength(List<Resource> resources) {
    var demanding =
        resources.stream().map(Resource::signIn).filter(one -> !one.contexts().isEmpty()).toList();
    var contexts = demanding.isEmpty() ? List.<String>of() : demanding.getFirst().contexts();
    var good =
        contexts.stream()
            .filter(context -> demanding.stream().allMatch(one -> one.contexts().contains(context)))
            .toList();
    return new AuthenticationRequirement(
        good,
        resources.stream().flatMap(one -> one.signIn().maxAge().stream()).min(Duration::compareTo));
  }

  private static Demand refused(ErrorCode code, String check, String expected, String actual) {
    return new Demand.Refused(code, new Evidence(check, expected, actual, "AC-7"));
  }

  @Override
  public Optional<Response> refusal(
      Request request, Valid waiting, Person person, Optional<String> upstream, String event) {
    if (waiting.resources().isEmpty()) {
      return Optional.empty();
    }
    return policy
        .refusal(person, waiting.client().id())
        .or(() -> nothingLeft(waiting, person))
        .map(why -> refused.of(request, waiting, person, why, event));
  }

  private Optional<Evidence> nothingLeft(Valid waiting, Person person) {
    var known = governed.of(waiting.resources()).scopes();
    return isNothing(policy.within(person, waiting.scopes()), known)
        ? Optional.of(
            new Evidence(
                "scope", "some that the organisation allows", waiting.scopes().toString(), "AC-7"))
        : Optional.empty();
  }

  @Override
  public Optional<Terms> terms(Valid waiting, Person person) {
    if (waiting.resources().isEmpty()) {
      return Optional.empty();
    }
    var allowed = policy.within(person, waiting.scopes());
    var offline = Scopes.of(OFFLINE_ACCESS).intersect(waiting.scopes());
    var wanted =
        governed.of(waiting.resources()).all().stream()
            .map(one -> wanted(one, allowed.intersect(one.scopes()).union(offline)))
            .toList();
    return Optional.of(
        new Terms(
            wanted,
            isRenewable(waiting.client(), waiting.scopes())
                ? Optional.of(lasting)
                : Optional.empty(),
            Optional.empty()));
  }

  @Override
  public Wanted described(ResourceIndicator resource, Scopes scopes) {
    return governed.of(List.of(resource)).all().stream()
        .findFirst()
        .map(one -> wanted(one, scopes))
        .orElseGet(() -> FlowRules.super.described(resource, scopes));
  }

  private static Wanted wanted(Resource resource, Scopes scopes) {
    var words = new HashMap<>(resource.words());
    words.put(OFFLINE_ACCESS, OFFLINE_WORDS);
    return new Wanted(resource.resource(), resource.name(), scopes, words);
  }

  @Override
  public Issue first(TokenRequest request, Grounds grounds, Optional<String> nonce, Instant at) {
    return tokens.first(request, grounds, isRenewable(request.client(), grounds.scopes()), at);
  }

  @Override
  public Issue again(TokenRequest request, Grounds grounds, Instant at) {
    return tokens.again(request, grounds, at);
  }

  @Override
  public Optional<Evidence> death(Grounds grounds) {
    return tokens.death(grounds);
  }

  @Override
  public boolean isRenewable(Client client, Scopes scopes) {
    return client.grantTypes().contains(GrantType.REFRESH_TOKEN);
  }
}
