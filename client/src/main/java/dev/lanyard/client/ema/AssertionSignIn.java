package dev.lanyard.client.ema;

import dev.lanyard.client.SignInDemand;
import dev.lanyard.client.TokenResponses;
import dev.lanyard.client.flow.AuthorizationServers;
import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.oauth.AssertionExchangeRequest;
import dev.lanyard.protocol.oauth.AssertionExchangeResponse;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;

/// The sign-in of an application whose single sign-on is SAML: exchanges the assertion that it has
/// received for a refresh token, because an assertion is over in minutes and good once (CLI-42).
///
/// **Does not check** the assertion: the application did, before it let the person in.
///
/// @spec
///   https://datatracker.ietf.org/doc/html/draft-ietf-oauth-identity-assertion-authz-grant-04#section-4.5
///   ID-JAG draft-04 §4.5
public final class AssertionSignIn {
  private static final Scopes SCOPES = Scopes.of("openid", "offline_access");

  private final EmaConfig config;
  private final Assertions assertions;
  private final AuthorizationServers servers;

  /// @param config of the [EmaClient] that will use the session: identity provider, registration
  ///   there, and the key to which refresh tokens may be bound
  /// @param assertions signs the person in at the SAML identity provider
  public AssertionSignIn(
      EmaConfig config,
      Assertions assertions,
      EgressClient egress,
      InstantSource clock,
      SecureRandom random) {
    this.config = config;
    this.assertions = assertions;
    var dpop = config.dpopKey().map(key -> new DpopSigner(key, clock, random));
    this.servers = new AuthorizationServers(egress, dpop, clock, random);
  }

  /// Where assertions come from.
  @FunctionalInterface
  public interface Assertions {
    /// A SAML 2.0 assertion that was issued to this application and was not exchanged yet, in
    /// base64url. May block for minutes.
    ///
    /// @return empty if the person could or would not sign in
    Optional<Secret> obtain(SignInDemand demand);
  }

  /// Obtains an assertion and exchanges it. Impossible where nobody has one to give.
  public SignIn signIn(SignInDemand demand) {
    return switch (servers.discover(config.identityProvider())) {
      case IssuerDiscovery.Discovery.Unavailable(var why) -> new SignIn.Unavailable(why);
      // Asked for only when it can be used: it is good once.
      case IssuerDiscovery.Discovery.Found(var metadata) ->
          assertions
              .obtain(demand)
              .map(assertion -> exchanged(metadata, assertion))
              .orElseGet(SignIn.Impossible::new);
    };
  }

  private SignIn exchanged(AuthorizationServerMetadata metadata, Secret assertion) {
    var idp = servers.talkTo(metadata, config.atIdentityProvider());
    var request = new AssertionExchangeRequest(assertion, SCOPES);
    return TokenResponses.judged(
        idp.send(() -> idp.requests().exchange(request)),
        json ->
            new SignIn.SignedIn(
                Session.renewing(AssertionExchangeResponse.parse(json).refreshToken())),
        SignIn.Denied::new,
        SignIn.Unavailable::new);
  }
}
