package dev.lanyard.server.ras;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.accesstoken.AccessTokenValidator;
import dev.lanyard.protocol.accesstoken.AccessTokenVerdict;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.claims.TrustedIssuers;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.AccessTokenType;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.clients.AgentSubject;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.database.GroupCommit;
import dev.lanyard.server.database.Unit;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.ras.RasConfig.TokenForm;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Origins;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.sessions.StatusEntry;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.IntrospectionEndpoint;
import dev.lanyard.server.token.Platform;
import dev.lanyard.server.token.RevocationEndpoint;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The access tokens that are out there: what they are worth now, and how they are taken back.
/// Answers from memory, but for an opaque token that this node has not seen before.
final class RasTokens
    implements IntrospectionEndpoint.ActiveTokens, RevocationEndpoint.RevocableTokens {
  private final Map<ResourceIndicator, AccessTokenValidator> governed = new LinkedHashMap<>();
  private final Resources resources;
  private final TokenForms forms;
  private final GroupCommit commits;
  private final Directory directory;
  private final DenySet denied;
  private final Revocation revocation;
  private final ConsentPolicy policy;
  private final Issuer self;
  private final InstantSource clock;
  private final Agents agents;

  RasTokens(
      RasConfig config,
      KeyRing keys,
      TokenForms forms,
      Directory directory,
      Revocation revocation,
      Rights rights,
      Platform platform) {
    this.self = config.issuer();
    this.agents = rights.agents();
    var own =
        new TrustedIssuer(
            config.issuer(), keys.of(Purpose.ACCESS_TOKEN), EnumSet.allOf(SigningAlgorithm.class));
    for (var resource : config.resources()) {
      var validator =
          new AccessTokenValidator(
              TrustedIssuers.of(own), resource.resource(), platform.skew(), platform.clock());
      governed.put(resource.resource(), validator);
    }
    this.resources = new Resources(config.resources());
    this.forms = forms;
    this.commits = platform.database().groupCommit();
    this.directory = directory;
    this.revocation = revocation;
    this.denied = revocation.denied();
    this.policy = rights.people();
    this.clock = platform.clock();
  }

  /// Who may have what, as it is now.
  ///
  /// @param agents clients of themselves
  /// @param people by their own consent
  record Rights(Agents agents, ConsentPolicy people) {}

  Instant now() {
    return clock.instant();
  }

  /// Makes a token of nobody's, to see what it is worth.
  Secret made(JsonObject claims, Instant expiresAt, TokenForm form) {
    var minted = forms.mint(claims, expiresAt, form);
    if (!minted.facts().isEmpty()) {
      var _ = commits.commit(Unit.of(minted.facts()));
    }
    return minted.token();
  }

  /// Whether we would tell the server of a resource that this token counts.
  boolean isActive(ResourceIndicator resource, Secret token) {
    return accepted(Stream.of(resource), token).filter(this::isLive).isPresent();
  }

  /// A token that counts now at one of these resources.
  Optional<AccessToken> living(Secret token, Set<ResourceIndicator> resources) {
    return accepted(resources.stream().filter(governed::containsKey), token).filter(this::isLive);
  }

  @Override
  public Optional<JsonObject> describe(Client caller, Secret token) {
    return accepted(governed.keySet().stream().filter(caller::mayIntrospect), token)
        .filter(this::isLive)
        .map(accepted -> description(caller, accepted));
  }

  /// The token as the first of these resources takes it.
  private Optional<AccessToken> accepted(Stream<ResourceIndicator> resources, Secret token) {
    return TokenForms.isOpaque(token)
        ? forms
            .claims(token)
            .flatMap(claims ->
                resources
                    .flatMap(one -> accepted(validator(one).judgeVouched(claims)).stream())
                    .findFirst())
        : signed(resources, token);
  }

  /// Its signature is verified once, not for each resource: anybody may send a made-up one.
  private Optional<AccessToken> signed(Stream<ResourceIndicator> resources, Secret token) {
    try {
      var said = Set.copyOf(UnverifiedJwt.parse(token.reveal()).unverifiedClaims().audience());
      return resources
          .filter(resource -> said.contains(resource.value()))
          .findFirst()
          .flatMap(one -> accepted(validator(one).judge(token.reveal())));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private AccessTokenValidator validator(ResourceIndicator resource) {
    return Optional.ofNullable(governed.get(resource)).orElseThrow();
  }

  private static Optional<AccessToken> accepted(AccessTokenVerdict verdict) {
    return verdict instanceof AccessTokenVerdict.Accepted(var accepted)
        ? Optional.of(accepted)
        : Optional.empty();
  }

  private boolean isLive(AccessToken token) {
    var origins =
        Origins.accessToken(token.subject(), token.issuedAt())
            .token(token.id())
            .grant(token.grant())
            .session(text(token, "sid"))
            .provider(text(token, "idp"))
            .client(token.issuer(), token.client())
            .resources(List.of(token.audience()));
    return AgentSubject.isOne(token.subject())
        ? isLive(token.client(), audience(token), token.scopes(), origins)
        : isLive(token.subject(), origins, consented(text(token, "idp"), token.client()));
  }

  /// Of a client's own token: nothing has killed it, and the library would give it now.
  private boolean isLive(
      ClientId agent, List<ResourceIndicator> resources, Scopes scopes, Origins origins) {
    return denied.denial(origins).isEmpty()
        && agents.isGiven(agent, resources, scopes, clock.instant());
  }

  /// Whether a token that has this place in a status list counts.
  boolean isLive(StatusEntry entry) {
    var origins =
        Origins.accessToken(entry.person(), entry.issuedAt())
            .token(entry.token())
            .grant(entry.grant())
            .session(entry.session())
            .provider(entry.provider())
            .client(self, entry.client())
            .resources(entry.resources());
    return AgentSubject.isOne(entry.person())
        ? isLive(entry.client(), entry.resources(), Scopes.NONE, origins)
        : isLive(entry.person(), origins, consented(entry.provider(), entry.client()));
  }

  /// Whether what a person was given by their own consent they may still decide. What an issuer
  /// said is none of this.
  private Predicate<Person> consented(Optional<String> provider, ClientId client) {
    return provider.equals(Optional.of(self.value()))
        ? person -> policy.refusal(person, client).isEmpty()
        : _ -> true;
  }

  private boolean isLive(String person, Origins origins, Predicate<Person> may) {
    return directory
        .person(new PersonId(person))
        .filter(Person::active)
        .filter(may)
        .filter(one -> denied.denial(origins.organisation(one.organisation())).isEmpty())
        .isPresent();
  }

  private static List<ResourceIndicator> audience(AccessToken token) {
    try {
      return token.all().stringOrStrings("aud").orElseThrow().stream()
          .map(ResourceIndicator::new)
          .toList();
    } catch (MalformedException e) {
      throw new IllegalStateException("we issued an access token with an odd audience", e);
    }
  }

  private static Optional<String> text(AccessToken token, String claim) {
    try {
      return token.all().string(claim);
    } catch (MalformedException e) {
      throw new IllegalStateException("we issued an access token with an odd " + claim, e);
    }
  }

  private JsonObject description(Client caller, AccessToken token) {
    var type = token.keyThumbprint().isPresent() ? AccessTokenType.DPOP : AccessTokenType.BEARER;
    return JsonObject.builder()
        .put("active", true)
        .put("token_type", type.value())
        .build()
        .with(concerning(caller, token));
  }

  /// Of a token for several resources a server learns what concerns its own (TOK-11).
  private JsonObject concerning(Client caller, AccessToken token) {
    var audience = audience(token);
    if (audience.size() == 1) {
      return token.all();
    }
    var own = audience.stream().filter(caller::mayIntrospect).toList();
    var known = resources.of(own);
    var scopes = token.scopes().intersect(known.scopes());
    var details = GrantedDetails.concerning(token.authorizationDetails(), known);
    var narrowed =
        JsonObject.builder()
            .put("authorization_details", details.all())
            .putOneOrMany("aud", own.stream().map(ResourceIndicator::value).toList())
            .putIfPresent("scope", Optional.of(scopes.toString()).filter(text -> !text.isEmpty()));
    return token.all().without("scope").without("authorization_details").with(narrowed.build());
  }

  @Override
  public Findings revoke(Client client, Secret token, String correlationId) {
    var accepted = accepted(governed.keySet().stream(), token);
    if (accepted.isPresent()) {
      return revoke(client, accepted.get(), correlationId);
    }
    // Also an expired one, which RFC 7009 §2.2 answers like an unknown one: it is dead already, and
    // it no longer proves that whoever holds it may end what else its grant gave.
    return found("unknown");
  }

  private Findings revoke(Client client, AccessToken token, String correlationId) {
    var grant = token.grant();
    if (!token.client().equals(client.id()) || grant.isEmpty()) {
      return found("another client's");
    }
    revocation.report(
        Source.of(Source.Kind.CLIENT, client.id().value()),
        new Subject.Grant(grant.get()),
        Happening.TOKENS_REVOKED,
        "revoked by the client",
        correlationId);
    var evidence = JsonObject.builder().put("token", token.id()).put("grant", grant.get()).build();
    var person = Optional.of(token.subject()).filter(subject -> !AgentSubject.isOne(subject));
    return new Findings(Optional.empty(), person, evidence);
  }

  private static Findings found(String what) {
    return Findings.of(JsonObject.builder().put("token", what).build());
  }
}
