package dev.lanyard.server.app.node;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.oauth.TokenExchangeResponse;
import dev.lanyard.server.broker.CallerTokens;
import dev.lanyard.server.broker.InnerExchange;
import dev.lanyard.server.credentials.IdJagSource;
import dev.lanyard.server.credentials.SignInNeeded;
import dev.lanyard.server.ras.Ras;
import dev.lanyard.server.token.TokenResult;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/// What the servers of one process ask each other once all of them are there. Each asks by an
/// interface of its own, and gets what anybody could ask for over HTTP.
final class Neighbours {
  private final AtomicReference<Optional<Ras>> ras = new AtomicReference<>(Optional.empty());
  private final AtomicReference<Optional<InnerExchange>> exchange =
      new AtomicReference<>(Optional.empty());

  /// The resource authorization server of this process is there.
  void joins(Ras server) {
    ras.set(Optional.of(server));
  }

  /// The broker of this process is there.
  void joins(InnerExchange broker) {
    exchange.set(Optional.of(broker));
  }

  /// For the broker: tokens of the resource authorization server.
  CallerTokens callerTokens() {
    return this::living;
  }

  private Optional<AccessToken> living(Secret token, Set<ResourceIndicator> resources) {
    return ras.get().flatMap(server -> server.living(token, resources));
  }

  /// For the gateway: ID-JAGs of the broker.
  ///
  /// @param self what the gateway is there
  IdJagSource idJags(ClientId self) {
    return wanted ->
        exchange
            .get()
            .map(broker -> answer(broker.ask(self, wanted.request(), wanted.correlationId())))
            .orElseGet(() -> new IdJagSource.Answer.Unavailable("the broker is not there yet"));
  }

  private static IdJagSource.Answer answer(TokenResult result) {
    return switch (result) {
      case TokenResult.Issued issued -> given(issued.response());
      case TokenResult.Refused(var error, _) -> refused(error);
      case TokenResult.Unavailable(var why, _) -> new IdJagSource.Answer.Unavailable(why);
    };
  }

  private static IdJagSource.Answer given(JsonObject response) {
    try {
      return new IdJagSource.Answer.Given(TokenExchangeResponse.parse(response).idJag());
    } catch (MalformedException e) {
      throw new IllegalStateException("our own exchange answers nonsense", e);
    }
  }

  private static IdJagSource.Answer refused(OAuthError error) {
    return switch (error.code()) {
      case INSUFFICIENT_USER_AUTHENTICATION ->
          SignInNeeded.in(error)
              .<IdJagSource.Answer>map(IdJagSource.Answer.StepUp::new)
              .orElseGet(() -> new IdJagSource.Answer.Refused(error.code().value()));
      // The gateway is not what it should be at the broker: nothing that is about the person.
      case UNAUTHORIZED_CLIENT, INVALID_CLIENT, INVALID_REQUEST, UNSUPPORTED_GRANT_TYPE ->
          new IdJagSource.Answer.Unavailable(error.code().value() + ": " + error.description());
      default -> new IdJagSource.Answer.Refused(error.code().value());
    };
  }
}
