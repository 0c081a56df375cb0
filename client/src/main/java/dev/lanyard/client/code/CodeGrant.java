package dev.lanyard.client.code;

import dev.lanyard.client.Access;
import dev.lanyard.client.ClientRegistration;
import dev.lanyard.client.Denial;
import dev.lanyard.client.SignInDemand;
import dev.lanyard.client.TokenResponses;
import dev.lanyard.client.TokenResult;
import dev.lanyard.client.flow.AuthorizationRequest;
import dev.lanyard.client.flow.AuthorizationServer;
import dev.lanyard.client.flow.AuthorizationServers;
import dev.lanyard.client.flow.LoopbackListener;
import dev.lanyard.client.flow.TokenResponseValidator;
import dev.lanyard.client.flow.Wanted;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Supported;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/// One trip to one authorization server: by the refresh token while that serves, else by asking the
/// person. For one use; not thread-safe.
final class CodeGrant {
  private static final String OFFLINE_ACCESS = "offline_access";

  private final AuthorizationServerMetadata server;
  private final Issuer issuer;
  private final ResourceIndicator resource;
  private final Scopes scopes;
  private final Wanted wanted;
  private final Means means;

  CodeGrant(
      AuthorizationServerMetadata server,
      ProtectedResourceMetadata metadata,
      Wanted wanted,
      Means means) {
    this.server = server;
    this.issuer = server.issuer();
    this.resource = metadata.resource();
    this.scopes = wanted.scopes(metadata);
    this.wanted = wanted;
    this.means = means;
  }

  /// What every one needs.
  record Means(
      AuthorizationServers servers,
      Registrar registrar,
      Consent consent,
      RefreshTokens refreshTokens,
      TokenResponseValidator validator) {}

  Access run() {
    if (means.registrar().standingAt(server)
        instanceof Registrar.Standing.Known(var self, int port)) {
      return withRefreshToken(means.servers().talkTo(server, self)).orElseGet(() -> ask(port));
    }
    return ask(0);
  }

  /// Empty if only the person can help.
  private Optional<Access> withRefreshToken(AuthorizationServer conversation) {
    var kept = means.refreshTokens().find(issuer, resource);
    if (kept.isEmpty()
        || wanted.hint().signIn().isPresent()
        || !kept.get().scopes().containsAll(wanted.hint().needed())) {
      return Optional.empty();
    }
    var token = kept.get().token();
    return switch (TokenResponses.token(
        conversation.send(() -> conversation.requests().refresh(token, resource)))) {
      case TokenResult.Failed(var why) -> Optional.of(new Access.Unavailable(issuer + ": " + why));
      case TokenResult.Denied(var denial) when !denial.isNamed() ->
          Optional.of(new Access.Unavailable(issuer + ": " + denial.error()));
      case TokenResult.Denied(var denial) -> {
        forget(denial, token);
        yield isReplaced(token) ? withRefreshToken(conversation) : Optional.empty();
      }
      case TokenResult.Granted granted -> Optional.of(taken(granted, kept.get().scopes()));
    };
  }

  /// Whether another process of this person has renewed it meanwhile: where refresh tokens rotate,
  /// that is why the old one is refused.
  private boolean isReplaced(Secret token) {
    return means
        .refreshTokens()
        .find(issuer, resource)
        .filter(kept -> !kept.token().equals(token))
        .isPresent();
  }

  /// Only what the server no longer takes: a clock that is wrong, or a secret that was mistyped,
  /// must not cost the person a sign-in.
  private void forget(Denial denial, Secret token) {
    if (denial.is(ErrorCode.INVALID_CLIENT)) {
      means.registrar().forget(issuer);
    } else if (denial.is(ErrorCode.INVALID_GRANT)) {
      means.refreshTokens().removeIf(issuer, resource, token);
    }
  }

  private Access ask(int port) {
    if (!wanted.mayAsk()) {
      return new Access.SignInNeeded(Optional.empty());
    }
    try (var listener = port > 0 ? LoopbackListener.openNear(port) : LoopbackListener.open()) {
      return switch (means.registrar().standingAt(server)) {
        case Registrar.Standing.Known(var self, int known) -> ask(self, listener);
        case Registrar.Standing.Unknown(var why) -> new Access.Stopped(why);
        case Registrar.Standing.Unregistered(var endpoint) ->
            switch (means.registrar().register(server, endpoint, listener.redirectUri())) {
              case Registrar.Registration.Done(var self) -> ask(self, listener);
              case Registrar.Registration.Refused(var denial) -> new Access.Denied(issuer, denial);
              case Registrar.Registration.Failed(var why) ->
                  new Access.Unavailable(issuer + ": " + why);
            };
      };
    } catch (IOException e) {
      return new Access.Unavailable("cannot listen on loopback: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Access.Unavailable("interrupted");
    }
  }

  private Access ask(ClientRegistration self, LoopbackListener listener)
      throws InterruptedException {
    var asked = withOfflineAccess();
    var question =
        new AuthorizationRequest.Question(
            self.id(),
            listener.redirectUri(),
            asked,
            wanted.hint().signIn().orElse(SignInDemand.ANY),
            means.validator().thumbprint());
    var answer = means.consent().ask(server, question, resource, listener);
    if (answer.isEmpty()) {
      return new Access.Unavailable(means.consent().overdue());
    }
    return switch (answer.get().callback()) {
      case AuthorizationRequest.Callback.Foreign(var why) -> new Access.Stopped(why);
      case AuthorizationRequest.Callback.Denied(var denial) -> new Access.Denied(issuer, denial);
      case AuthorizationRequest.Callback.Unavailable(var why) ->
          new Access.Unavailable(issuer + ": " + why);
      case AuthorizationRequest.Callback.Code(var code) -> {
        var conversation = means.servers().talkTo(server, self);
        var pending = answer.get().pending();
        yield redeemed(
            conversation,
            () ->
                conversation
                    .requests()
                    .code(code, pending.verifier(), pending.redirectUri(), resource),
            asked);
      }
    };
  }

  /// Asked for where the server knows it, and only beside other scopes: alone it would take the
  /// place of what policy would have granted (CLI-15).
  private Scopes withOfflineAccess() {
    return !scopes.isEmpty() && server.supported(Supported.SCOPES).contains(OFFLINE_ACCESS)
        ? scopes.union(Scopes.of(OFFLINE_ACCESS))
        : scopes;
  }

  private Access redeemed(
      AuthorizationServer conversation, Supplier<EgressRequest> request, Scopes asked) {
    return switch (TokenResponses.token(conversation.send(request))) {
      case TokenResult.Failed(var why) -> new Access.Unavailable(issuer + ": " + why);
      case TokenResult.Denied(var denial) -> {
        if (denial.is(ErrorCode.INVALID_CLIENT)) {
          means.registrar().forget(issuer);
        }
        yield new Access.Denied(issuer, denial);
      }
      case TokenResult.Granted granted -> taken(granted, asked);
    };
  }

  /// Nothing is kept of what must not be used.
  private Access taken(TokenResult.Granted granted, Scopes asked) {
    var response = granted.response();
    var access = means.validator().judge(response, issuer, resource, asked);
    if (access instanceof Access.Granted(var held)) {
      response
          .refreshToken()
          .ifPresent(token ->
              means
                  .refreshTokens()
                  .keep(issuer, resource, new RefreshTokens.Kept(token, held.scopes())));
    }
    return access;
  }
}
