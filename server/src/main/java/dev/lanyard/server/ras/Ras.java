package dev.lanyard.server.ras;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.idjag.IdJagValidator;
import dev.lanyard.protocol.idjag.Limits;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Flag;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Supported;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.authorization.AuthorizationFlow;
import dev.lanyard.server.clients.AuthMethod;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.clients.authentication.ClientAuthenticator;
import dev.lanyard.server.delivery.EnforcementPoints;
import dev.lanyard.server.delivery.Held;
import dev.lanyard.server.delivery.ProbeResult;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.feed.EventFeed;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.ras.organisations.Member;
import dev.lanyard.server.ras.organisations.Organisations;
import dev.lanyard.server.ras.organisations.SubjectResolution;
import dev.lanyard.server.revocation.Denial;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.sessions.OpaqueTokenStore;
import dev.lanyard.server.sessions.RedemptionStore;
import dev.lanyard.server.sessions.StatusEntryStore;
import dev.lanyard.server.token.ClientIntake;
import dev.lanyard.server.token.ErrorAnswers;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Grant;
import dev.lanyard.server.token.IntrospectionEndpoint;
import dev.lanyard.server.token.Journal;
import dev.lanyard.server.token.KnownClients;
import dev.lanyard.server.token.Paths;
import dev.lanyard.server.token.Platform;
import dev.lanyard.server.token.RevocationEndpoint;
import dev.lanyard.server.token.ServerMetadata;
import dev.lanyard.server.token.SignedIntrospection;
import dev.lanyard.server.token.TokenEndpoint;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The resource authorization server, wired: what it is made of, and its row of the route table.
public final class Ras implements AutoCloseable {
  /// The purposes that its key ring must have been opened for.
  public static final Set<Purpose> PURPOSES =
      Set.of(Purpose.ACCESS_TOKEN, Purpose.INTROSPECTION, Purpose.STATUS_LIST, EventFeed.PURPOSE);

  /// `none` is for hosted clients that are registered under their URL; see `Client.mayRedeem`.
  private static final AuthMethod[] METHODS = AuthMethod.values();

  /// Introspecting needs a client that proves who it is.
  private static final AuthMethod[] PROVING_METHODS = {
    AuthMethod.CLIENT_SECRET_BASIC, AuthMethod.CLIENT_SECRET_POST, AuthMethod.PRIVATE_KEY_JWT
  };

  private static final String INTROSPECT = "/introspect";
  private static final String STREAM = "/revocation-stream";

  private final RasConfig config;
  private final Platform platform;
  private final ClientRegistry clients;
  private final KeyRing keys;
  private final Directory directory;
  private final Optional<OrdinaryFlow> ordinary;
  private final Revocation revocation;
  private final EnforcementPoints points;
  private final Listeners listeners;
  private final StatusPlaces places;
  private final StatusEntryStore entries;
  private final TokenForms forms;
  private final ClientAuthenticator authenticator;
  private final EventFeed feed;
  private final Agents agents;
  private final RasTokens tokens;
  private final AccessTokens accessTokens;
  private final Resources governed;
  private final KillProbe probe;
  private final HeldConnectors held;
  private final Organisations organisations;
  private final Map<GrantType, Grant> grants;

  /// @param keys opened for [#PURPOSES]
  /// @param policy what the role library gives clients that act for themselves
  public Ras(
      RasConfig config,
      Platform platform,
      ClientRegistry clients,
      KeyRing keys,
      AuthorizationFlow.People people,
      Revocation revocation,
      Policy policy) {
    this.config = config;
    this.platform = platform;
    this.clients = clients;
    this.agents = new Agents(policy, clients, config.issuer());
    this.keys = keys;
    this.directory = people.directory();
    this.revocation = revocation;
    this.points = new EnforcementPoints(platform.database(), Denial.CHANGE, platform.clock());
    this.places = new StatusPlaces(config.issuer());
    this.entries = new StatusEntryStore(platform.database(), config.issuer());
    this.organisations = Organisations.open(config.organisations(), platform);
    this.forms =
        new TokenForms(
            keys, new OpaqueTokenStore(platform.database(), config.issuer()), places, entries);
    this.accessTokens = new AccessTokens(config, forms, revocation);
    this.governed = new Resources(config.resources());
    var consents = new ConsentPolicy(organisations);
    this.tokens =
        new RasTokens(
            config,
            keys,
            forms,
            directory,
            revocation,
            new RasTokens.Rights(agents, consents),
            platform);
    this.ordinary =
        config
            .flow()
            .map(flow ->
                new OrdinaryFlow(
                    config,
                    flow,
                    platform,
                    clients,
                    people,
                    revocation,
                    new OrdinaryFlow.Parts(accessTokens, consents)));
    var holders = new Holders(platform.database(), config.issuer());
    this.probe = new KillProbe(config, tokens, platform.egress(), holders, this::seconds);
    this.held = new HeldConnectors(config, holders, clients::all, this::seconds);
    this.listeners =
        new Listeners(
            revocation.denied(), platform.database().changes(), points::head, platform.jobs());
    this.authenticator = platform.authenticator(config.issuer(), clients);
    this.feed =
        new EventFeed(
            config.issuer(), at(Paths.JWKS), platform, authenticator, keys, revocation.denied());
    this.grants = newGrants();
  }

  /// What an access token of this server says that counts now at one of these resources.
  public Optional<AccessToken> living(Secret token, Set<ResourceIndicator> resources) {
    return tokens.living(token, resources);
  }

  /// An issuer with the customer that it speaks for, now; empty if there is no such one.
  public Optional<Member> member(Issuer issuer) {
    return organisations.member(issuer);
  }

  /// Every route, with the path of the issuer. To be called once.
  public List<Route> routes() {
    var journal = platform.journal();
    var intake =
        new ClientIntake(
            authenticator, platform.database().changes(), revocation.denied().at(config.issuer()));
    var token =
        new TokenEndpoint(
            intake, grants, platform.dpopAt(at(Paths.TOKEN)), journal, platform.clock());
    var revoke =
        new RevocationEndpoint(
            intake,
            ordinary
                .<RevocationEndpoint.RevocableTokens>map(one -> one.revocable(tokens))
                .orElse(tokens),
            journal);
    var introspect =
        new IntrospectionEndpoint(
            intake,
            tokens,
            new SignedIntrospection(
                config.issuer(), () -> keys.active(Purpose.INTROSPECTION), platform.clock()),
            journal);
    var stream = new RevocationStreamEndpoint(intake, listeners, points, journal, platform.clock());
    var routes = new ArrayList<>(ServerMetadata.routes(metadata()));
    routes.addAll(feed.routes(points));
    var below = new ArrayList<>(interactive(intake));
    below.addAll(
        List.of(
            Route.get(Paths.JWKS, Access.PUBLIC, request -> keys.jwks().handle(request))
                .anyOrigin()
                .nonBlocking(),
            Route.post(Paths.TOKEN, Access.CLIENT, token::handle).anyOrigin(),
            Route.post(Paths.REVOKE, Access.CLIENT, revoke::handle).anyOrigin(),
            Route.post(INTROSPECT, Access.CLIENT, introspect::handle),
            Route.get(StatusPlaces.PATH, Access.PUBLIC, newStatusLists()::handle).anyOrigin(),
            Route.post(STREAM, Access.CLIENT, stream::listen),
            Route.post(STREAM + "/acknowledgement", Access.CLIENT, stream::acknowledge)));
    var path = ServerMetadata.path(config.issuer());
    below.stream().map(route -> route.under(path)).forEach(routes::add);
    return List.copyOf(routes);
  }

  private List<Route> interactive(ClientIntake intake) {
    return ordinary
        .map(flow -> flow.routes(intake))
        .orElseGet(() -> List.of(Route.get(Paths.AUTHORIZE, Access.PUBLIC, this::authorize)));
  }

  private Map<GrantType, Grant> newGrants() {
    var made = new HashMap<GrantType, Grant>();
    var redemption = newRedemption();
    made.put(GrantType.JWT_BEARER, redemption);
    made.put(GrantType.JWT_DPOP, redemption);
    made.put(
        GrantType.CLIENT_CREDENTIALS,
        new ClientCredentialsGrant(
            config.issuer(), governed, agents, accessTokens, revocation.denied()));
    ordinary.map(OrdinaryFlow::newGrants).ifPresent(made::putAll);
    return Map.copyOf(made);
  }

  /// The ordinary flow, if it is on.
  public Optional<OrdinaryFlow> ordinaryFlow() {
    return ordinary;
  }

  private StatusListEndpoint newStatusLists() {
    return new StatusListEndpoint(
        entries, tokens, places, keys, revocation.denied(), platform.database().changes());
  }

  /// Calls connectors with tokens that a denial must have killed, and tells what was met.
  ///
  /// @param dead a person, grant, client, connector, provider or everything
  /// @param killedAt when we acted: whoever held a grant then is tried
  /// @param issuedAt the date of the tokens
  public List<ProbeResult> probe(Denied dead, Instant killedAt, Instant issuedAt) {
    return probe.probe(dead, killedAt, issuedAt);
  }

  /// For which connectors somebody held what is dead.
  public List<Held> held(List<Denied> dead, Instant killedAt) {
    return held.by(dead, killedAt);
  }

  private List<Denied> seconds(Denied dead) {
    if (dead.kind() != Denied.Kind.PERSON) {
      return List.of();
    }
    return PersonId.parse(dead.value()).map(directory.own()::seconds).stream()
        .flatMap(Set::stream)
        .map(second -> Denied.person(second.value()))
        .toList();
  }

  /// Ends what runs beside the requests; to be called when they have ended.
  @Override
  public void close() {
    listeners.close();
    feed.close();
  }

  /// Without the ordinary flow nobody is answered at a redirect URI, whether a client has one or
  /// not.
  private Response authorize(Request request) {
    var error =
        new OAuthError(
            ErrorCode.UNAUTHORIZED_CLIENT,
            "this server gives tokens for identity assertions only, not for a visit");
    platform
        .journal()
        .refusedStranger(
            request,
            new Journal.Subject("authorize", request.correlationId(), Optional.empty()),
            error,
            Findings.of(new Evidence("flow", "an identity assertion", "a visit", "TOK-4")));
    return ErrorAnswers.answer(error, request);
  }

  private Grant newRedemption() {
    var limits = new Limits(platform.skew(), Limits.MAX, Limits.MAX);
    var life = new AssertionLife(directory, revocation.denied(), platform.skew());
    return new JwtBearerGrant(
        new IdJagValidator(config.issuer(), organisations, limits, platform.clock()),
        new JwtBearerGrant.Customers(organisations, new SubjectResolution(directory)),
        life,
        config.issuer(),
        new Narrowing(governed),
        new Redemptions(
            new RedemptionStore(platform.database()), life, accessTokens, platform.skew()),
        new Refusals(platform.revision(), platform.skew()));
  }

  /// What the server says of itself: exactly what it enforces, and nothing about its customers
  /// (META-7, META-19).
  private AuthorizationServerMetadata metadata() {
    var scopes = governed.scopes();
    var metadata = described(ordinary.isEmpty() ? scopes : scopes.union(OrdinaryFlow.SCOPES));
    if (clients.takesUrls()) {
      metadata.flag(Flag.CLIENT_ID_METADATA_DOCUMENT);
    }
    if (clients.takesRegistrations()) {
      metadata.endpoint(Endpoint.REGISTRATION, at(KnownClients.REGISTER));
    }
    ordinary.ifPresent(flow -> flow.describe(metadata));
    return metadata.build();
  }

  private AuthorizationServerMetadata.Builder described(Scopes scopes) {
    return AuthorizationServerMetadata.builder(config.issuer())
        // The metadata must name response types (RFC 8414 §2), and the official TypeScript SDK
        // reads no
        // document without an authorization endpoint.
        .endpoint(Endpoint.AUTHORIZATION, at(Paths.AUTHORIZE))
        .supported(Supported.RESPONSE_TYPES, "code")
        .supported(Supported.CODE_CHALLENGE_METHODS, "S256")
        .endpoint(Endpoint.TOKEN, at(Paths.TOKEN))
        .endpoint(Endpoint.JWKS, at(Paths.JWKS))
        .endpoint(Endpoint.REVOCATION, at(Paths.REVOKE))
        .endpoint(Endpoint.INTROSPECTION, at(INTROSPECT))
        .supported(Supported.SCOPES, scopes.values())
        .supported(
            Supported.AUTHORIZATION_DETAILS_TYPES,
            config.resources().stream()
                .flatMap(resource -> resource.details().keySet().stream())
                .distinct()
                .sorted()
                .toList())
        .supported(
            Supported.GRANT_TYPES, grants.keySet().stream().map(GrantType::value).sorted().toList())
        .supported(Supported.GRANT_PROFILES, AuthorizationServerMetadata.ID_JAG_PROFILE)
        .supported(Supported.TOKEN_AUTH_METHODS, ServerMetadata.methods(METHODS))
        .supported(Supported.REVOCATION_AUTH_METHODS, ServerMetadata.methods(METHODS))
        .supported(Supported.INTROSPECTION_AUTH_METHODS, ServerMetadata.methods(PROVING_METHODS))
        .supported(
            Supported.INTROSPECTION_ALGORITHMS,
            keys.active(Purpose.INTROSPECTION).algorithm().value())
        .supported(Supported.TOKEN_AUTH_ALGORITHMS, ServerMetadata.algorithms())
        .supported(Supported.DPOP_ALGORITHMS, ServerMetadata.algorithms());
  }

  private URI at(String path) {
    return Paths.at(config.issuer(), path);
  }
}
