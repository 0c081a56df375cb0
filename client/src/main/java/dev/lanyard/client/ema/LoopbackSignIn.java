package dev.lanyard.client.ema;

import dev.lanyard.client.ClientRegistration;
import dev.lanyard.client.SignInDemand;
import dev.lanyard.client.TokenResponses;
import dev.lanyard.client.TokenResult;
import dev.lanyard.client.flow.AuthorizationRequest;
import dev.lanyard.client.flow.AuthorizationServers;
import dev.lanyard.client.flow.LoopbackListener;
import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.idtoken.IdTokenValidator;
import dev.lanyard.protocol.idtoken.IdTokenVerdict;
import dev.lanyard.protocol.idtoken.Limits;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.TokenResponse;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;
import java.util.function.Consumer;

/// Lets a person sign in with the browser of this machine; the answer comes to a port that listens
/// on loopback only as long as the sign-in lasts.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8252.html#section-7.3 RFC 8252 §7.3
public final class LoopbackSignIn {
  private static final Duration ID_TOKEN_AGE = Duration.ofMinutes(10);

  private final Issuer identityProvider;
  private final ClientRegistration client;
  private final Scopes scopes;
  private final Duration patience;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Optional<String> thumbprint;
  private final AuthorizationServers servers;

  /// @param config of the [EmaClient] that will use the session: identity provider, registration
  ///   there, and the key to which refresh tokens may be bound
  /// @param scopes with `openid`, and with `offline_access` where the identity provider wants it
  ///   for a refresh token
  /// @param patience how long to wait for the person
  public LoopbackSignIn(
      EmaConfig config,
      Scopes scopes,
      Duration patience,
      EgressClient egress,
      InstantSource clock,
      SecureRandom random) {
    this.identityProvider = config.identityProvider();
    this.client = config.atIdentityProvider();
    this.scopes = scopes;
    this.patience = patience;
    this.clock = clock;
    this.random = random;
    var dpop = config.dpopKey().map(key -> new DpopSigner(key, clock, random));
    this.thumbprint = dpop.map(DpopSigner::thumbprint);
    this.servers = new AuthorizationServers(egress, dpop, clock, random);
  }

  /// Where people sign in.
  public Issuer identityProvider() {
    return identityProvider;
  }

  /// Signs a person in. Blocks until the browser is back, at most as long as the patience lasts.
  ///
  /// @param browser opens the URL, an `https` one; it must not go through a shell (CLI-16)
  public SignIn signIn(SignInDemand demand, Consumer<URI> browser) {
    return switch (servers.discover(identityProvider)) {
      case IssuerDiscovery.Discovery.Unavailable(var why) -> new SignIn.Unavailable(why);
      case IssuerDiscovery.Discovery.Found(var metadata) -> {
        var obstacle = AuthorizationRequest.obstacleAt(metadata);
        if (obstacle.isPresent()) {
          yield new SignIn.Stopped(obstacle.get());
        }
        try {
          yield signIn(metadata, demand, browser);
        } catch (IOException e) {
          yield new SignIn.Unavailable("cannot listen on loopback: " + e.getMessage());
        }
      }
    };
  }

  private SignIn signIn(
      AuthorizationServerMetadata metadata, SignInDemand demand, Consumer<URI> browser)
      throws IOException {
    try (var listener = LoopbackListener.open()) {
      var question =
          new AuthorizationRequest.Question(
              client.id(), listener.redirectUri(), scopes, demand, thumbprint);
      var pending = SignInRequest.to(metadata, question, random);
      var answer = listener.ask(pending.authorization(), browser, patience);
      return answer.isPresent()
          ? judge(metadata, pending, answer.get())
          : new SignIn.Unavailable("nobody signed in within " + patience.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new SignIn.Unavailable("interrupted");
    }
  }

  private SignIn judge(AuthorizationServerMetadata metadata, SignInRequest pending, String query) {
    var request = pending.authorization();
    return switch (request.judge(query)) {
      case AuthorizationRequest.Callback.Foreign(var why) -> new SignIn.Stopped(why);
      case AuthorizationRequest.Callback.Denied(var denial) -> new SignIn.Denied(denial);
      case AuthorizationRequest.Callback.Unavailable(var why) -> new SignIn.Unavailable(why);
      case AuthorizationRequest.Callback.Code(var code) -> {
        var idp = servers.talkTo(metadata, client);
        var result =
            idp.send(() -> idp.requests().code(code, request.verifier(), request.redirectUri()));
        yield switch (TokenResponses.token(result)) {
          case TokenResult.Failed(var why) -> new SignIn.Unavailable(why);
          case TokenResult.Denied(var denial) -> new SignIn.Denied(denial);
          case TokenResult.Granted(var response) -> judge(pending, response);
        };
      }
    };
  }

  private SignIn judge(SignInRequest pending, TokenResponse response) {
    if (response.idToken().isEmpty()) {
      return new SignIn.Stopped("the identity provider issued no ID token");
    }
    var issuer =
        new TrustedIssuer(
            identityProvider,
            servers.keys(identityProvider),
            EnumSet.allOf(SigningAlgorithm.class));
    var validator =
        new IdTokenValidator(issuer, new Limits(ClockSkew.DEFAULT, ID_TOKEN_AGE), clock);
    var token = response.idToken().get();
    return switch (validator.judge(token.reveal(), client.id(), pending.nonce())) {
      case IdTokenVerdict.Undecided(var why) -> new SignIn.Unavailable(why);
      case IdTokenVerdict.Rejected(var reason) ->
          new SignIn.Stopped("the ID token fails the check of " + reason.evidence().check());
      case IdTokenVerdict.Accepted(var idToken) ->
          new SignIn.SignedIn(new Session(token, idToken.expiresAt(), response.refreshToken()));
    };
  }
}
