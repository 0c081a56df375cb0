package dev.lanyard.server.ras;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Flag;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Supported;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.authorization.AuthorizationAnswer;
import dev.lanyard.server.authorization.AuthorizationFlow;
import dev.lanyard.server.authorization.OwnPage;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Signal;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.sessions.IssuedGrants;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.RefreshToken;
import dev.lanyard.server.sessions.RefreshTokenStore;
import dev.lanyard.server.token.ClientIntake;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Grant;
import dev.lanyard.server.token.Paths;
import dev.lanyard.server.token.Platform;
import dev.lanyard.server.token.RevocationEndpoint.RevocableTokens;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The ordinary flow at the resource authorization server, wired: sign-in, consent, code and
/// renewal for people and clients outside EMA.
public final class OrdinaryFlow {
  /// What can be asked for beside what resources know.
  static final Scopes SCOPES = Scopes.of(OrdinaryRules.OFFLINE_ACCESS);

  /// Browsers send cookies to every port of a host, and the broker may be at another one.
  private static final String COOKIE = "lanyard-ras";

  private final Issuer self;
  private final AuthorizationFlow flow;
  private final OrdinaryRules rules;
  private final RefreshTokenStore refreshTokens;
  private final ConsentPolicy policy;
  private final Directory directory;
  private final Revocation revocation;
  private final Platform platform;

  OrdinaryFlow(
      RasConfig config,
      FlowConfig flow,
      Platform platform,
      ClientRegistry clients,
      AuthorizationFlow.People people,
      Revocation revocation,
      Parts parts) {
    this.self = config.issuer();
    this.flow =
        new AuthorizationFlow(
            new AuthorizationFlow.Config(
                self,
                COOKIE,
                flow.ways(),
                OwnPage.CONSENTS,
                flow.sessionLife(),
                flow.refreshTokenLife(),
                false),
            platform,
            clients,
            people,
            revocation);
    var governed = new Resources(config.resources());
    this.rules =
        new OrdinaryRules(
            self,
            governed,
            flow.refreshTokenLife(),
            parts.policy(),
            new RefusedPage(new AuthorizationAnswer(self), platform.journal()),
            new OrdinaryTokens(
                self,
                governed,
                parts.tokens(),
                parts.policy(),
                this.flow.consents(),
                revocation.denied(),
                platform.skew()));
    this.refreshTokens = new RefreshTokenStore(platform.database(), self);
    this.policy = parts.policy();
    this.directory = people.directory();
    this.revocation = revocation;
    this.platform = platform;
  }

  /// What it shares with redemption.
  record Parts(AccessTokens tokens, ConsentPolicy policy) {}

  /// The routes for browsers, and for requests that clients push, below the path of the issuer.
  ///
  /// @param intake how clients prove themselves
  List<Route> routes(ClientIntake intake) {
    return flow.routes(rules, intake);
  }

  /// For `POST /token`.
  Map<GrantType, Grant> newGrants() {
    return flow.newGrants(rules);
  }

  /// Adds what is true of a server with this flow (META-9).
  void describe(AuthorizationServerMetadata.Builder metadata) {
    var _ =
        metadata
            .endpoint(Endpoint.PUSH, Paths.at(self, Paths.PUSH))
            .supported(Supported.RESPONSE_MODES, "query")
            .supported(Supported.PROMPT_VALUES, AuthorizationFlow.PROMPTS)
            .flag(Flag.AUTHORIZATION_RESPONSE_ISS);
  }

  /// What clients may give back: refresh tokens as well, each with everything of its family
  /// (TOK-10).
  ///
  /// @param accessTokens takes everything else
  RevocableTokens revocable(RevocableTokens accessTokens) {
    return (client, token, correlationId) -> {
      var known = refreshTokens.find(token);
      if (known.isEmpty()) {
        return accessTokens.revoke(client, token, correlationId);
      }
      if (!known.get().client().equals(client.id())) {
        return Findings.of(JsonObject.builder().put("token", "another client's").build());
      }
      return givenBack(known.get(), correlationId);
    };
  }

  private Findings givenBack(RefreshToken token, String correlationId) {
    revocation.report(
        Source.of(Source.Kind.CLIENT, token.client().value()),
        new Subject.Grant(token.family()),
        Happening.TOKENS_REVOKED,
        "revoked by the client",
        correlationId);
    return new Findings(
        Optional.empty(),
        Optional.of(token.person()),
        JsonObject.builder().put("token", "refresh token").put("grant", token.family()).build());
  }

  /// Makes dead what people were given by their consent and could not be given now: their
  /// organisation has closed the flow, or has been enrolled since, or the consent is not there any
  /// more. Introspection and renewal know that at once; whoever only listens for denials learns of
  /// it here. On any node, as often as one likes.
  ///
  /// @return how many grants there were
  public int reconcile(String correlationId) {
    var now = platform.clock().instant();
    var signals =
        new IssuedGrants(platform.database())
            .on(self.value(), now).stream()
                .filter(this::isLost)
                .map(grant ->
                    new Signal(
                        Source.of(Source.Kind.POLICY),
                        OpaqueToken.identifier(),
                        new Subject.Grant(grant.id()),
                        Happening.TOKENS_REVOKED,
                        now,
                        "the person may not decide this any more, or has taken it back",
                        correlationId))
                .toList();
    if (!signals.isEmpty()) {
      revocation.acceptAll(signals);
    }
    return signals.size();
  }

  private boolean isLost(IssuedGrants.Live grant) {
    var person = directory.person(new PersonId(grant.person()));
    return person.isEmpty()
        || policy.refusal(person.get(), grant.client()).isPresent()
        || flow.consents().agreed(person.get().id(), grant.client()).isEmpty();
  }
}
