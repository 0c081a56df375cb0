package dev.lanyard.server.broker;

import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.server.administration.AccessTokens;
import dev.lanyard.server.administration.AdminBearers;
import dev.lanyard.server.administration.Duties;
import dev.lanyard.server.administration.TokenHolders;
import dev.lanyard.server.authorization.AuthorizationAnswer;
import dev.lanyard.server.authorization.AuthorizationFlow;
import dev.lanyard.server.authorization.ClientNames;
import dev.lanyard.server.authorization.Liveness;
import dev.lanyard.server.authorization.OwnPage;
import dev.lanyard.server.authorization.PairwiseNames;
import dev.lanyard.server.authorization.Visitors;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PasswordStore;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.sessions.IdJagUses;
import dev.lanyard.server.sessions.RefreshTokenStore;
import dev.lanyard.server.token.ClientIntake;
import dev.lanyard.server.token.Grant;
import dev.lanyard.server.token.InnerClient;
import dev.lanyard.server.token.OpaqueClientTokens;
import dev.lanyard.server.token.Paths;
import dev.lanyard.server.token.Platform;
import dev.lanyard.server.token.RevocationEndpoint;
import dev.lanyard.server.token.ServerMetadata;
import dev.lanyard.server.token.TokenEndpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The broker, wired: what it is made of, and its row of the route table.
public final class Broker {
  /// The purposes that its key ring must have been opened for.
  public static final Set<Purpose> PURPOSES =
      Set.of(Purpose.ID_TOKEN, Purpose.USER_INFO, Purpose.ID_JAG, Purpose.ACCESS_TOKEN);

  private final BrokerConfig config;
  private final Platform platform;
  private final ClientRegistry clients;
  private final KeyRing keys;
  private final Rulebook rulebook;
  private final Revocation revocation;
  private final ClientNames names;
  private final TokenIssue issue;
  private final AuthorizationFlow flow;
  private final TokenHolders holders;
  private final Admission admission;
  private final BrokerRules rules;
  private final TokenExchangeGrant exchange;
  private final InnerExchange innerExchange;

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
    this.rulebook = rulebook;
    this.revocation = revocation;
    var pairwise = new PairwiseNames(keys.secret(PairwiseNames.SALT));
    this.names = new ClientNames(pairwise);
    this.issue = new TokenIssue(config, keys, names);
    this.flow =
        new AuthorizationFlow(
            new AuthorizationFlow.Config(
                config.issuer(),
                "lanyard",
                config.ways(),
                OwnPage.CONNECTIONS,
                config.lives().session(),
                config.lives().refreshToken(),
                config.pushedRequestsOnly()),
            platform,
            clients,
            new AuthorizationFlow.People(people.directory(), people.passwords()),
            revocation);
    this.holders = new TokenPeople(clients, names, flow.liveness());
    this.admission =
        new Admission(
            rulebook.policy(),
            WhosePeople.of(config.organisation()),
            config.exchange(),
            new NoConnectorPage(config.issuer(), config.contact()),
            new AuthorizationAnswer(config.issuer()),
            platform.journal(),
            platform.clock());
    this.rules =
        new BrokerRules(
            AccessTokens.resource(config.issuer()),
            admission,
            issue,
            new IdTokenHints(config.issuer(), keys, clients, names),
            names);
    this.exchange = newExchange(people, pairwise);
    this.innerExchange =
        new InnerExchange(
            new InnerClient(
                clients,
                revocation.denied().at(config.issuer()),
                platform.database().changes(),
                platform.journal(),
                platform.clock()),
            exchange);
  }

  /// Whom it can sign in.
  ///
  /// @param callers whom it knows because they call a resource server that asks for them
  public record People(Directory directory, PasswordStore passwords, CallerTokens callers) {}

  /// The way to ID-JAGs for a client that is a part of this process.
  public InnerExchange innerExchange() {
    return innerExchange;
  }

  /// Every route, with the path of the issuer. To be called once.
  ///
  /// @param others tokens that its clients hold for themselves and may give back here
  public List<Route> routes(List<OpaqueClientTokens> others) {
    var routes = new ArrayList<Route>();
    var metadata =
        new BrokerMetadata(
            config, clients, keys.algorithms(), rulebook.catalog()::authorizationDetailTypes);
    routes.addAll(ServerMetadata.routes(config.issuer(), metadata::current));
    var below = new ArrayList<Route>();
    below.add(
        Route.get(Paths.JWKS, Access.PUBLIC, request -> keys.jwks().handle(request))
            .anyOrigin()
            .nonBlocking());
    var intake =
        new ClientIntake(
            platform.authenticator(config.issuer(), clients),
            platform.database().changes(),
            revocation.denied().at(config.issuer()));
    below.addAll(flow.routes(rules, intake));
    below.addAll(forClients(intake, others));
    var path = ServerMetadata.path(config.issuer());
    below.stream().map(route -> route.under(path)).forEach(routes::add);
    return List.copyOf(routes);
  }

  /// Who is signed in here with which browser.
  public Visitors visitors() {
    return flow.visitors();
  }

  /// Whether what was issued here still counts.
  public Liveness liveness() {
    return flow.liveness();
  }

  /// Who may call the JSON API of administrators: people with tokens of ours, and programs.
  public AccessTokens administrators(Duties duties, AdminBearers programs) {
    return new AccessTokens(
        config.issuer(), keys.of(Purpose.ACCESS_TOKEN), holders, duties, programs, platform);
  }

  /// Whom policy gives something through a client, for pages beside those of the broker itself.
  public Admission admission() {
    return admission;
  }

  private List<Route> forClients(ClientIntake intake, List<OpaqueClientTokens> others) {
    var self = config.issuer();
    var journal = platform.journal();
    var refreshTokens = new RefreshTokenStore(platform.database(), self);
    var revoke =
        new RevocationEndpoint(
            intake, new BrokerTokens(refreshTokens, keys, revocation, names, others), journal);
    var token =
        new TokenEndpoint(
            intake,
            newGrants(),
            platform.dpopAt(Paths.at(self, Paths.TOKEN)),
            journal,
            platform.clock());
    var userInfo = new UserInfoEndpoint(config, keys, issue, holders, clients, platform);
    return List.of(
        Route.get(Paths.USERINFO, Access.BEARER, userInfo::handle).anyOrigin(),
        Route.post(Paths.USERINFO, Access.BEARER, userInfo::handle).anyOrigin(),
        Route.post(Paths.TOKEN, Access.CLIENT, token::handle).anyOrigin(),
        Route.post(Paths.REVOKE, Access.CLIENT, revoke::handle).anyOrigin());
  }

  private Map<GrantType, Grant> newGrants() {
    var grants = new HashMap<>(flow.newGrants(rules));
    grants.put(
        GrantType.TOKEN_EXCHANGE, new TokenExchanges(exchange, flow.newAssertionExchange(rules)));
    return grants;
  }

  private TokenExchangeGrant newExchange(People people, PairwiseNames pairwise) {
    var subjects =
        new SubjectTokens(
            config,
            keys,
            new SubjectTokens.Sources(
                flow.refreshTokens(),
                flow.assertions(),
                new UpstreamIdTokens(config, people.directory(), flow.liveness(), platform),
                names,
                people.callers()),
            flow.liveness(),
            platform);
    var quota =
        config.exchange().quota().map(one -> new Quota(one, new IdJagUses(platform.database())));
    return new TokenExchangeGrant(
        config,
        subjects,
        rulebook,
        new IdJags(config, keys, pairwise, people.directory()),
        revocation.denied(),
        quota,
        platform.revision());
  }
}
