package dev.lanyard.server.credentials;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.oauth.TokenExchangeRequest;
import dev.lanyard.protocol.oauth.TokenType;
import java.util.List;
import java.util.Optional;

/// The broker, as the gateway asks it: whether a person may have something at a server of others,
/// and with what the gateway proves there that they may. The gateway holds no key that could make
/// it. Thread-safe; may block.
@FunctionalInterface
public interface IdJagSource {
  /// There is no broker to ask.
  IdJagSource NONE = _ -> new Answer.Unavailable("there is no broker to ask");

  Answer ask(Wanted wanted);

  /// What is asked for.
  ///
  /// @param callerToken the access token with which the person calls, proof that they do
  /// @param audience the authorization server that is to take it
  /// @param resource what shall be reached there
  /// @param scopes none leaves them to policy
  record Wanted(
      Secret callerToken,
      Issuer audience,
      ResourceIndicator resource,
      Scopes scopes,
      String correlationId) {
    /// As a request to a broker.
    public TokenExchangeRequest request() {
      return new TokenExchangeRequest(
          callerToken,
          TokenType.ACCESS_TOKEN,
          audience.value(),
          List.of(resource),
          Optional.of(scopes).filter(some -> !some.isEmpty()));
    }
  }

  /// What the broker says.
  sealed interface Answer {
    record Given(Secret idJag) implements Answer {}

    /// Policy says no, or the person's token counts no more.
    ///
    /// @param error code
    record Refused(String error) implements Answer {}

    record StepUp(SignInNeeded needed) implements Answer {}

    record Unavailable(String why) implements Answer {}
  }
}
