package dev.lanyard.server.credentials;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.TokenExchangeResponse;

/// The broker in another process, asked as every client asks it.
final class BrokerOverHttp implements IdJagSource {
  private final ForeignServer broker;
  private final ForeignServer.Self self;

  BrokerOverHttp(ForeignServer broker, GatewayClient client) {
    this.broker = broker;
    this.self = new ForeignServer.Self(client.id(), client.secret());
  }

  @Override
  public Answer ask(Wanted wanted) {
    return switch (broker.ask(self, wanted.request().toForm())) {
      case Asked.Granted(var body) -> {
        try {
          yield new Answer.Given(TokenExchangeResponse.parse(body).idJag());
        } catch (MalformedException e) {
          yield new Answer.Unavailable(Asked.nonsense(e.getMessage()).why());
        }
      }
      case Asked.Refused(var error) -> new Answer.Refused(error);
      case Asked.StepUp(var needed) -> new Answer.StepUp(needed);
      case Asked.Unavailable(var why) -> new Answer.Unavailable(why);
    };
  }
}
