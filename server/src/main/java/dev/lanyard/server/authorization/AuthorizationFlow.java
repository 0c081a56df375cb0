package dev.lanyard.server.authorization;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.clients.ClientSource.Lookup;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PasswordStore;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.sessions.AuthorizationCodeStore;
import dev.lanyard.server.sessions.PushedRequestStore;
import dev.lanyard.server.sessions.RefreshTokenStore;
import dev.lanyard.server.sessions.SessionStore;
import dev.lanyard.server.token.ClientIntake;
import dev.lanyard.server.token.Grant;
import dev.lanyard.server.token.Journal;
import dev.lanyard.server.token.Paths;
import dev.lanyard.server.token.Platform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The flow, wired: its routes for browsers, and the grants by which clients redeem and renew what
/// a person agreed to.
public final class AuthorizationFlow {
  /// What `prompt` may say (AC-14). Consent is asked for where a server's rules demand it, also
  /// unasked.
  public static final List<String> PROMPTS = List.of("none", "login", "consent", "select_account");

  private static final SignInThrottle.Limits ATTEMPTS_A_MINUTE =
      new SignInThrottle.Limits(10, 60, 100);

  private final Config config;
  private final Platform platform;
  private final ClientRegistry clients;
  private final People people;
  private final Revocation revocation;
  private final Browser browser;
  private final Liveness liveness;
  private final Visitors visitors;
  private final SessionStart sessions;
  private final RefreshTokens refreshTokens;
  private final Consents consents;
  private final Upstreams upstreams;
  private final AssertionSignIn assertions;
  private final OwnClient own;

  public AuthorizationFlow(
      Config config,
      Platform platform,
      ClientRegistry clients,
      People people,
      Revocation revocation) {
    this.config = config;
    this.platform = platform;
    this.clients = clients;
    this.people = people;
    this.revocation = revocation;
    var sessionStore = new SessionStore(platform.database(), config.self());
    this.browser = new Browser(config.self(), config.cookie(), sessionStore);
    this.liveness = new Liveness(people.directory(), revocation.denied(), config.self());
    this.own = new OwnClient(config.self(), config.page());
    this.visitors = new Visitors(browser, liveness, own, platform.clock());
    this.sessions = new SessionStart(sessionStore, config.sessionLife(), platform);
    this.refreshTokens =
        new RefreshTokens(
            new RefreshTokenStore(platform.database(), config.self()),
            liveness,
            revocation,
            config.refreshTokenLife());
    this.consents = new Consents(config.self(), platform.database(), revocation, platform.clock());
    this.upstreams =
        new Upstreams(config.ways(), config.self(), people.directory(), revocation, platform);
    this.assertions =
        upstreams.newAssertions(
            new AssertionSignIn.Parts(
                sessions, liveness, revocation.denied(), config.self(), platform.skew()));
  }

  /// What a server says about its flow.
  ///
  /// @param self the server
  /// @param cookie how its cookies begin: browsers send them to every port of a host
  /// @param ways how people sign in
  /// @param page the page of its own that people sign in for
  /// @param sessionLife how long a browser stays signed in
  /// @param refreshTokenLife how long a client may renew without the person
  /// @param pushedRequestsOnly whether every client has to push its authorization requests
  public record Config(
      Issuer self,
      String cookie,
      SignInWays ways,
      OwnPage page,
      Duration sessionLife,
      Duration refreshTokenLife,
      boolean pushedRequestsOnly) {}

  /// Whom it can sign in.
  public record People(Directory directory, PasswordStore passwords) {}

  /// Who is signed in here with which browser.
  public Visitors visitors() {
    return visitors;
  }

  /// Whether what was issued still counts.
  public Liveness liveness() {
    return liveness;
  }

  /// What refresh tokens are good for.
  public RefreshTokens refreshTokens() {
    return refreshTokens;
  }

  /// What people have agreed to at this server.
  public Consents consents() {
    return consents;
  }

  /// Sign-ins by SAML assertions that applications present.
  public AssertionSignIn assertions() {
    return assertions;
  }

  /// The exchange of such an assertion for a refresh token.
  public Grant newAssertionExchange(FlowRules rules) {
    return new AssertionExchangeGrant(assertions, refreshTokens, rules);
  }

  /// The grants, for `POST /token`.
  public Map<GrantType, Grant> newGrants(FlowRules rules) {
    var codes = new AuthorizationCodeStore(platform.database(), config.self());
    return Map.of(
        GrantType.AUTHORIZATION_CODE,
        new AuthorizationCodeGrant(codes, refreshTokens, rules, liveness, revocation),
        GrantType.REFRESH_TOKEN,
        new RefreshTokenGrant(refreshTokens, rules));
  }

  /// The routes for browsers, and the one by which clients push requests, below the path of the
  /// issuer.
  ///
  /// @param intake how clients prove themselves, the same as at the token endpoint
  public List<Route> routes(FlowRules rules, ClientIntake intake) {
    var journal = platform.journal();
    var pushed =
        new PushedRequests(
            new PushedRequestStore(platform.database(), config.self()), platform.clock());
    var requests = new AuthorizationRequests(this::client, rules, pushed, this::mustPush);
    var push =
        new PushEndpoint(intake, requests, pushed, Paths.at(config.self(), Paths.PUSH), platform);
    var authorize = authorize(requests, rules, journal);
    var signIn =
        new SignInCompletion(
            sessions,
            authorize,
            browser,
            revocation.denied(),
            config.self(),
            journal,
            platform.clock());
    var page = new SignInPage(config.self(), config.ways(), browser);
    var forms = new SignInForms(authorize, signIn, browser);
    var logout =
        new LogoutEndpoint(
            config.self(), browser, revocation, clients, rules, people.directory(), journal);
    var routes = new ArrayList<Route>();
    routes.add(
        Route.get(Paths.AUTHORIZE, Access.SESSION, request -> authorize.handle(request, page)));
    routes.add(
        Route.post(Paths.AUTHORIZE, Access.SESSION, request -> authorize.handle(request, page)));
    routes.add(Route.post(Paths.PUSH, Access.CLIENT, push::handle).anyOrigin());
    routes.add(Route.get(Paths.LOGOUT, Access.SESSION, logout::handle));
    routes.add(Route.post(Paths.LOGOUT, Access.SESSION, logout::handle));
    routes.add(
        Route.post(
            Paths.CONSENT,
            Access.SESSION,
            request ->
                forms.take(
                    request, (waiting, form) -> authorize.answered(request, waiting, form))));
    if (config.page() == OwnPage.CONSENTS) {
      routes.addAll(accessRoutes(rules));
    }
    if (config.ways().local().isPresent()) {
      var local = local(config.ways().local().get(), page, signIn, forms);
      routes.add(Route.post(Paths.LOGIN, Access.SESSION, local::handle));
    }
    if (config.ways().realms().areAsked()) {
      var realm = new HomeRealmEndpoint(forms, page, signIn, config.ways());
      routes.add(Route.post(Paths.HOME_REALM, Access.SESSION, realm::handle));
    }
    routes.addAll(upstreams.routes(authorize, signIn, browser));
    return routes;
  }

  private Lookup client(ClientId id) {
    return own.find(id).<Lookup>map(Lookup.Found::new).orElseGet(() -> clients.look(id));
  }

  /// The server pushes nothing to itself: there is nothing in its request that could be changed.
  private boolean mustPush(ClientId id) {
    return config.pushedRequestsOnly() && own.find(id).isEmpty();
  }

  private List<Route> accessRoutes(FlowRules rules) {
    var access =
        new AccessEndpoint(
            config.self(),
            consents,
            clients,
            rules,
            new AccessEndpoint.Guard(browser, visitors, platform.journal()));
    return List.of(
        Route.get(Paths.CONSENTS, Access.SESSION, access::show),
        Route.post(Paths.CONSENTS, Access.SESSION, access::takeBack));
  }

  private AuthorizeEndpoint authorize(
      AuthorizationRequests requests, FlowRules rules, Journal journal) {
    var answers = new AuthorizationAnswer(config.self());
    var usable = new UsableSessions(visitors, platform.clock());
    var codes =
        new CodeAnswer(
            answers,
            new AuthorizationCodeStore(platform.database(), config.self()),
            journal,
            platform.clock());
    var consent =
        new ConsentEndpoint(
            new ConsentGate(rules, consents),
            new ConsentPage(Paths.at(config.self(), Paths.CONSENT).toString()),
            browser,
            usable,
            rules,
            new ConsentEndpoint.Answering(codes, answers, journal, platform.clock()));
    return new AuthorizeEndpoint(requests, answers, usable, rules, consent, journal);
  }

  private LocalSignIn local(
      String organisation, SignInPage page, SignInCompletion signIn, SignInForms forms) {
    return new LocalSignIn(
        page,
        signIn,
        forms,
        new LocalSignIn.People(organisation, people.directory(), people.passwords()),
        new SignInThrottle(ATTEMPTS_A_MINUTE, platform.clock()),
        platform.clock());
  }
}
