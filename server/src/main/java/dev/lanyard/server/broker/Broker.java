package dev.lanyard.server.broker;

import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PasswordStore;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.revocation.GroupChanges;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.sessions.JdbcAuthorizationCodeStore;
import dev.lanyard.server.sessions.JdbcRefreshTokenStore;
import dev.lanyard.server.sessions.JdbcSessionStore;
import dev.lanyard.server.sessions.JdbcUpstreamSignInStore;
import dev.lanyard.server.token.ClientIntake;
import dev.lanyard.server.token.Grant;
import dev.lanyard.server.token.Platform;
import dev.lanyard.server.token.RevocationEndpoint;
import dev.lanyard.server.token.ServerMetadata;
import dev.lanyard.server.token.TokenEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The broker, wired: what it is made of, and its row of the route table.
public final class Broker {
  /// The purposes that its key ring must have been opened for.
  public static final Set<Purpose> PURPOSES =
      Set.of(Purpose.ID_TOKEN, Purpose.ID_JAG, Purpose.ACCESS_TOKEN);

  private static final int GUESSES_A_MINUTE = 10;
  private static final int PEOPLE_OF_AN_OFFICE_A_MINUTE = 100;

  private final BrokerConfig config;
  private final Platform platform;
  private final ClientRegistry clients;
  private final KeyRing keys;
  private final People people;
  private final Rulebook rulebook;
  private final Revocation revocation;

  /// @param keys opened for [#PURPOSES]
  public Broker(
      BrokerConfig config,
      Platform platform,
      ClientRegistry clients,
      KeyRing keys,
      People people,
      Rulebook rulebook,
      Revocation revocation) {
    this.config = config;
    this.platform = platform;
    this.clients = clients;
    this.keys = keys;
    this.people = people;
    this.rulebook = rulebook;
    this.revocation = revocation;
  }

  /// Whom it can sign in.
  public record People(Directory directory, PasswordStore passwords) {}

  /// Every route, with the path of the issuer. To be called once.
  public List<Route> routes() {
    var routes = new ArrayList<Route>();
    var metadata = BrokerMetadata.of(config.issuer(), keys.active(Purpose.ID_TOKEN).algorithm());
    routes.addAll(ServerMetadata.routes(metadata));
    var below = new ArrayList<Route>();
    below.add(
        Route.get(Paths.JWKS, Access.PUBLIC, request -> keys.jwks().handle(request))
            .anyOrigin()
            .nonBlocking());
    below.addAll(forBrowsers());
    below.addAll(forClients());
    var path = ServerMetadata.path(config.issuer());
    below.stream().map(route -> route.under(path)).forEach(routes::add);
    return List.copyOf(routes);
  }

  /// Who is signed in here with which browser.
  public Visitors visitors() {
    var sessions = new JdbcSessionStore(platform.database(), config.issuer());
    return new Visitors(new Browser(config.issuer(), sessions), liveness(), platform.clock());
  }

  /// Whom policy gives something through a client, for pages beside those of the broker itself.
  public Admission admission() {
    return new Admission(
        rulebook.policy(),
        new NoConnectorPage(config.issuer(), config.contact()),
        new AuthorizationAnswer(config.issuer()),
        platform.journal(),
        platform.clock());
  }

  private Liveness liveness() {
    return new Liveness(people.directory(), revocation.denied(), config.issuer());
  }

  private List<Route> forBrowsers() {
    var self = config.issuer();
    var journal = platform.journal();
    var sessions = new JdbcSessionStore(platform.database(), self);
    var browser = new Browser(self, sessions);
    var authorize =
        new AuthorizeEndpoint(
            new AuthorizationRequests(clients),
            new AuthorizationAnswer(self),
            new UsableSessions(browser, liveness(), platform.clock()),
            admission(),
            new JdbcAuthorizationCodeStore(platform.database(), self),
            journal,
            platform.clock());
    var signIn =
        new SignIn(
            sessions,
            browser,
            revocation.denied(),
            self,
            journal,
            config.lives().session(),
            platform.clock());
    var page = new SignInPage(self, config.signIn(), browser);
    var logout = new LogoutEndpoint(browser, revocation, clients, journal);
    var routes = new ArrayList<Route>();
    routes.add(
        Route.get(Paths.AUTHORIZE, Access.SESSION, request -> authorize.handle(request, page)));
    routes.add(
        Route.post(Paths.AUTHORIZE, Access.SESSION, request -> authorize.handle(request, page)));
    routes.add(Route.get(Paths.LOGOUT, Access.SESSION, logout::handle));
    routes.add(Route.post(Paths.LOGOUT, Access.SESSION, logout::handle));
    if (config.signIn().localPeople()) {
      routes.add(
          Route.post(Paths.LOGIN, Access.SESSION, local(authorize, page, signIn, browser)::handle));
    }
    if (!config.signIn().upstreams().isEmpty()) {
      var upstream = upstream(authorize, signIn, browser);
      routes.add(Route.get(Paths.LOGIN + "/{upstream}", Access.SESSION, upstream::begin));
      routes.add(Route.get(Paths.CALLBACK + "/{upstream}", Access.SESSION, upstream::finish));
    }
    return routes;
  }

  private LocalSignIn local(
      AuthorizeEndpoint authorize, SignInPage page, SignIn signIn, Browser browser) {
    return new LocalSignIn(
        authorize,
        page,
        signIn,
        browser,
        new LocalSignIn.People(config.organisation(), people.directory(), people.passwords()),
        new SignInThrottle(GUESSES_A_MINUTE, PEOPLE_OF_AN_OFFICE_A_MINUTE, platform.clock()),
        platform.clock());
  }

  private UpstreamSignInEndpoint upstream(
      AuthorizeEndpoint authorize, SignIn signIn, Browser browser) {
    return new UpstreamSignInEndpoint(
        config.signIn().upstreams().stream()
            .collect(
                Collectors.toMap(
                    UpstreamConfig::id, one -> new Upstream(one, config.issuer(), platform))),
        new JdbcUpstreamSignInStore(platform.database(), config.issuer()),
        new UpstreamPeople(
            config.organisation(),
            people.directory(),
            new GroupChanges(
                platform.database(), people.directory(), revocation, platform.clock())),
        authorize,
        signIn,
        browser,
        platform.clock());
  }

  private List<Route> forClients() {
    var self = config.issuer();
    var journal = platform.journal();
    var intake =
        new ClientIntake(
            platform.authenticator(self, clients),
            platform.database().changes(),
            revocation.denied().at(self));
    var refreshTokens = new JdbcRefreshTokenStore(platform.database(), self);
    var revoke =
        new RevocationEndpoint(intake, new BrokerTokens(refreshTokens, keys, revocation), journal);
    var token =
        new TokenEndpoint(
            intake,
            grants(refreshTokens),
            platform.dpop(),
            Paths.at(self, Paths.TOKEN),
            journal,
            platform.clock());
    var userInfo =
        new UserInfoEndpoint(config, keys, new TokenIssue(config, keys), liveness(), platform);
    return List.of(
        Route.get(Paths.USERINFO, Access.BEARER, userInfo::handle).anyOrigin(),
        Route.post(Paths.USERINFO, Access.BEARER, userInfo::handle).anyOrigin(),
        Route.post(Paths.TOKEN, Access.CLIENT, token::handle).anyOrigin(),
        Route.post(Paths.REVOKE, Access.CLIENT, revoke::handle).anyOrigin());
  }

  private Map<GrantType, Grant> grants(JdbcRefreshTokenStore store) {
    var issue = new TokenIssue(config, keys);
    var refreshTokens =
        new RefreshTokens(store, liveness(), revocation, config.lives().refreshToken());
    var codes = new JdbcAuthorizationCodeStore(platform.database(), config.issuer());
    var subjects = new SubjectTokens(config, keys, refreshTokens, liveness(), platform);
    return Map.of(
        GrantType.AUTHORIZATION_CODE,
        new AuthorizationCodeGrant(codes, refreshTokens, issue, liveness(), revocation),
        GrantType.REFRESH_TOKEN,
        new RefreshTokenGrant(refreshTokens, issue),
        GrantType.TOKEN_EXCHANGE,
        new TokenExchangeGrant(config, subjects, rulebook, keys, revocation.denied()));
  }
}
