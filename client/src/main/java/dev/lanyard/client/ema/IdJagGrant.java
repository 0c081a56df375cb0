package dev.lanyard.client.ema;

import dev.lanyard.client.Access;
import dev.lanyard.client.Denial;
import dev.lanyard.client.ExchangeResult;
import dev.lanyard.client.TokenResponses;
import dev.lanyard.client.TokenResult;
import dev.lanyard.client.flow.AuthorizationServer;
import dev.lanyard.client.flow.TokenResponseValidator;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.AuthorizationDetails;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.JwtBearerRequest;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.oauth.TokenExchangeRequest;
import dev.lanyard.protocol.oauth.TokenExchangeResponse;
import dev.lanyard.protocol.oauth.TokenType;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The two halves of the flow: a subject token for an ID-JAG, an ID-JAG for an access token. Judges
/// what was granted against what was asked for. Thread-safe.
final class IdJagGrant {
  private final AuthorizationServer idp;
  private final TokenResponseValidator validator;
  private final Map<ResourceIndicator, AuthorizationDetails> details;
  private final InstantSource clock;

  /// @param details what is asked for at single resources beside scopes
  IdJagGrant(
      AuthorizationServer idp,
      TokenResponseValidator validator,
      Map<ResourceIndicator, AuthorizationDetails> details,
      InstantSource clock) {
    this.idp = idp;
    this.validator = validator;
    this.details = details;
    this.clock = clock;
  }

  /// What a token exchange came to.
  sealed interface Exchange {
    record Obtained(HeldIdJags.IdJag idJag) implements Exchange {}

    record Refused(Step step) implements Exchange {}
  }

  Exchange exchange(Target target, Secret subjectToken, TokenType type) {
    var request =
        new TokenExchangeRequest(
            subjectToken,
            type,
            target.server().issuer().value(),
            List.of(target.resource()),
            asked(target),
            details.getOrDefault(target.resource(), AuthorizationDetails.NONE));
    return switch (TokenResponses.exchange(idp.send(() -> idp.requests().exchange(request)))) {
      case ExchangeResult.Failed(var why) ->
          new Exchange.Refused(new Step.Done(new Access.Unavailable(idp.issuer() + ": " + why)));
      case ExchangeResult.Denied(var denial) ->
          new Exchange.Refused(stepAfter(denial, idp.issuer()));
      case ExchangeResult.Granted(var response) -> judged(response, target);
    };
  }

  private Exchange judged(TokenExchangeResponse response, Target target) {
    if (response
        .scopes()
        .filter(granted -> TokenResponseValidator.isWider(granted, target.scopes()))
        .isPresent()) {
      return new Exchange.Refused(stopped(idp.issuer() + " granted more scopes than asked for"));
    }
    if (validator.thumbprint().filter(key -> !isBoundTo(key, response.idJag())).isPresent()) {
      return new Exchange.Refused(stopped(idp.issuer() + " did not bind the ID-JAG to our key"));
    }
    var life = response.expiresIn().orElse(TokenResponseValidator.ASSUMED_LIFE);
    return new Exchange.Obtained(
        new HeldIdJags.IdJag(response.idJag(), clock.instant().plus(life)));
  }

  Step redeem(Target target, HeldIdJags.IdJag idJag) {
    var server = target.server();
    var request = new JwtBearerRequest(idJag.value(), List.of(target.resource()), asked(target));
    return switch (TokenResponses.token(server.send(() -> server.requests().redeem(request)))) {
      case TokenResult.Failed(var why) ->
          new Step.Done(new Access.Unavailable(server.issuer() + ": " + why));
      case TokenResult.Denied(var denial) -> stepAfter(denial, server.issuer());
      case TokenResult.Granted(var response) ->
          new Step.Done(
              validator.judge(response, server.issuer(), target.resource(), target.scopes()));
    };
  }

  /// `invalid_grant` means that the presented token is not good any more: one rung up. So may
  /// `invalid_dpop_proof`, if the token belongs to a key that was lost. A wish for another sign-in
  /// goes straight there. Everything else is a no.
  Step stepAfter(Denial denial, Issuer by) {
    if (denial.signIn().isPresent()) {
      return new Step.SignIn(denial, denial.signIn().get());
    }
    if (denial.is(ErrorCode.INVALID_DPOP_PROOF)) {
      return new Step.Unproved(by, denial);
    }
    return denial.is(ErrorCode.INVALID_GRANT)
        ? new Step.Up(Optional.of(denial))
        : new Step.Done(new Access.Denied(by, denial));
  }

  private static Optional<Scopes> asked(Target target) {
    return Optional.of(target.scopes()).filter(scopes -> !scopes.isEmpty());
  }

  /// The one thing a client reads in an ID-JAG: without our key in it, somebody stripped the proof
  /// from our request (CLI-33).
  private static boolean isBoundTo(String thumbprint, Secret idJag) {
    try {
      var claims = UnverifiedJwt.parse(idJag.reveal()).unverifiedClaims().all();
      var confirmation = claims.object("cnf");
      return confirmation.isPresent()
          && confirmation.get().string("jkt").equals(Optional.of(thumbprint));
    } catch (MalformedException e) {
      return false;
    }
  }

  private static Step stopped(String why) {
    return new Step.Done(new Access.Stopped(why));
  }
}
