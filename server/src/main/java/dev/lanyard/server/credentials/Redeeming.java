package dev.lanyard.server.credentials;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.JwtBearerRequest;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.oauth.TokenResponse;
import dev.lanyard.server.credentials.CredentialsConfig.Way;
import java.util.List;
import java.util.Optional;

/// The two steps of Enterprise-Managed Authorization, as the gateway takes them for whoever calls:
/// an ID-JAG of our broker's, and with it an access token of the server's. Judges what was given
/// against what was asked for. Thread-safe.
///
/// @spec
///   https://datatracker.ietf.org/doc/html/draft-ietf-oauth-identity-assertion-authz-grant-04#section-4
///   ID-JAG draft-04 §4
final class Redeeming {
  private final IdJagSource broker;
  private final ForeignServers servers;

  Redeeming(IdJagSource broker, ForeignServers servers) {
    this.broker = broker;
    this.servers = servers;
  }

  /// What came of it.
  sealed interface Outcome {
    record Given(TokenResponse tokens) implements Outcome {}

    /// More was given than asked for, or another thing: it is not used, and revoked.
    record Unwanted(TokenResponse tokens, String why) implements Outcome {}

    /// @param ours whether it was our broker that said no, and not the server
    record Refused(boolean ours, String error) implements Outcome {}

    record StepUp(boolean ours, SignInNeeded needed) implements Outcome {}

    record Unavailable(String why) implements Outcome {}
  }

  Outcome of(Way.Managed managed, ForWhom who) {
    var vendor = managed.vendor();
    var wanted =
        new IdJagSource.Wanted(
            who.token(), vendor.issuer(), managed.resource(), vendor.scopes(), who.correlationId());
    return switch (broker.ask(wanted)) {
      case IdJagSource.Answer.Given(var idJag) -> redeemed(managed, idJag);
      case IdJagSource.Answer.Refused(var error) -> new Outcome.Refused(true, error);
      case IdJagSource.Answer.StepUp(var needed) -> new Outcome.StepUp(true, needed);
      case IdJagSource.Answer.Unavailable(var why) -> new Outcome.Unavailable("our broker: " + why);
    };
  }

  private Outcome redeemed(Way.Managed managed, Secret idJag) {
    var vendor = managed.vendor();
    var request =
        new JwtBearerRequest(
            idJag,
            List.of(managed.resource()),
            Optional.of(vendor.scopes()).filter(scopes -> !scopes.isEmpty()));
    return switch (servers
        .at(vendor.issuer())
        .ask(ForeignServer.Self.of(vendor), request.toForm())) {
      case Asked.Granted(var body) -> granted(managed, body);
      case Asked.Refused(var error) -> new Outcome.Refused(false, error);
      case Asked.StepUp(var needed) -> new Outcome.StepUp(false, needed);
      case Asked.Unavailable(var why) -> new Outcome.Unavailable(why);
    };
  }

  private static Outcome granted(Way.Managed managed, JsonObject body) {
    TokenResponse tokens;
    try {
      tokens = TokenResponse.parse(body);
    } catch (MalformedException e) {
      return new Outcome.Unavailable(Asked.nonsense(e.getMessage()).why());
    }
    var unwanted = Tokens.unwanted(tokens, managed.vendor().scopes());
    if (unwanted.isPresent()) {
      return new Outcome.Unwanted(tokens, unwanted.get());
    }
    return tokens.resources().isEmpty() || tokens.resources().equals(List.of(managed.resource()))
        ? new Outcome.Given(tokens)
        : new Outcome.Unwanted(tokens, "a token for other resources than asked for");
  }
}
