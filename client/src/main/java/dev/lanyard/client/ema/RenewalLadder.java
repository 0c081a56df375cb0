package dev.lanyard.client.ema;

import dev.lanyard.client.Access;
import dev.lanyard.client.Denial;
import dev.lanyard.client.SignInDemand;
import dev.lanyard.client.TokenResponses;
import dev.lanyard.client.TokenResult;
import dev.lanyard.client.flow.AuthorizationServer;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.oauth.TokenResponse;
import dev.lanyard.protocol.oauth.TokenType;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Gets an access token with as little as possible: by a live ID-JAG once more, else by a new one
/// for the live ID token, else for the refresh token, else after a sign-in. `invalid_grant` moves
/// up exactly one rung and nothing moves down, so it ends (CLI-35). Not thread-safe.
final class RenewalLadder {
  private final AuthorizationServer idp;
  private final SubjectTokens subject;
  private final IdJagGrant grant;
  private final HeldIdJags held;
  private final InstantSource clock;

  RenewalLadder(
      AuthorizationServer idp,
      SubjectTokens subject,
      IdJagGrant grant,
      HeldIdJags held,
      InstantSource clock) {
    this.idp = idp;
    this.subject = subject;
    this.grant = grant;
    this.held = held;
    this.clock = clock;
  }

  /// @param asked the sign-in that the MCP server demands; it is not to be had from the rungs below
  /// @param mayAsk whether the person may be asked now
  Access climb(Target target, Optional<SignInDemand> asked, boolean mayAsk) {
    if (asked.isPresent()) {
      return afterSignIn(target, asked.get(), Optional.empty(), mayAsk);
    }
    Optional<Denial> last = Optional.empty();
    for (var rung : List.<Rung>of(this::again, this::withIdToken, this::withRefreshToken)) {
      switch (rung.attempt(target)) {
        case Step.Done(var access) -> {
          return access;
        }
        case Step.SignIn(var denial, var demand) -> {
          return afterSignIn(target, demand, Optional.of(denial), mayAsk);
        }
        case Step.Unproved(var by, var denial) -> last = Optional.of(denial);
        case Step.Up(var denial) -> last = denial.isPresent() ? denial : last;
      }
    }
    return afterSignIn(target, SignInDemand.ANY, last, mayAsk);
  }

  private Step again(Target target) {
    var idJag = held.live(subject.user(), target, clock.instant());
    if (idJag.isEmpty()) {
      return new Step.Up(Optional.empty());
    }
    var step = grant.redeem(target, idJag.get());
    if (step instanceof Step.Up) {
      held.forget(subject.user(), target);
    }
    return step;
  }

  private Step withIdToken(Target target) {
    var live = subject.current().flatMap(session -> session.liveIdToken(clock.instant()));
    return live.isPresent()
        ? withSubject(target, live.get(), TokenType.ID_TOKEN)
        : new Step.Up(Optional.empty());
  }

  /// Renews the session first, because most identity providers exchange ID tokens only; one that
  /// gives no new ID token gets the refresh token as the subject.
  private Step withRefreshToken(Target target) {
    var session = subject.current();
    var refreshToken = session.flatMap(Session::refreshToken);
    if (refreshToken.isEmpty()) {
      return new Step.Up(Optional.empty());
    }
    if (session.get().idToken().isEmpty()) {
      return withOnlyRefreshToken(target, session.get());
    }
    var result = TokenResponses.token(idp.send(() -> idp.requests().refresh(refreshToken.get())));
    return switch (result) {
      case TokenResult.Failed(var why) -> new Step.Done(unavailable(why));
      case TokenResult.Denied(var denial)
          when denial.is(ErrorCode.INVALID_GRANT) && isRenewedMeanwhile(session.get()) ->
          withRenewedMeanwhile(target);
      case TokenResult.Denied(var denial) -> grant.stepAfter(denial, idp.issuer());
      case TokenResult.Granted(var response) -> withRenewed(target, session.get(), response);
    };
  }

  /// Whether another process of the same person has put a newer session in the place of this one:
  /// where refresh tokens rotate, that is why the old one is refused.
  private boolean isRenewedMeanwhile(Session before) {
    return subject
        .current()
        .filter(now -> !now.refreshToken().equals(before.refreshToken()))
        .filter(now -> now.maySucceed(before))
        .isPresent();
  }

  private Step withRenewedMeanwhile(Target target) {
    var step = withIdToken(target);
    return step instanceof Step.Up ? withRefreshToken(target) : step;
  }

  private Step withRenewed(Target target, Session before, TokenResponse response) {
    // Where refresh tokens rotate, the old one is spent: whoever sends it again is taken for a
    // thief.
    var kept = response.refreshToken().map(before::renewedBy).orElse(before);
    if (response.idToken().isEmpty()) {
      subject.keep(kept);
      return withOnlyRefreshToken(target, kept);
    }
    var idToken = response.idToken().get();
    try {
      var renewed = Session.of(idToken, kept.refreshToken());
      if (!renewed.isOfTheOneWhoSignedIn(before)) {
        // Nothing of it is kept: its refresh token would be another person's as well.
        return new Step.Done(
            new Access.Stopped(idp.issuer() + " renewed the session with another person's"));
      }
      subject.keep(renewed);
      return withSubject(target, idToken, TokenType.ID_TOKEN);
    } catch (MalformedException e) {
      subject.keep(kept);
      return new Step.Done(unavailable("the renewed ID token: " + e.getMessage()));
    }
  }

  private Access afterSignIn(
      Target target, SignInDemand demand, Optional<Denial> because, boolean mayAsk) {
    var before = subject.current();
    return switch (mayAsk ? subject.signIn(demand) : new SignIn.Impossible()) {
      case SignIn.Impossible() -> new Access.SignInNeeded(because);
      case SignIn.Unavailable(var why) -> new Access.Unavailable(signInFailed(why));
      case SignIn.Stopped(var why) -> new Access.Stopped(signInFailed(why));
      case SignIn.Denied(var denial) -> ended(grant.stepAfter(denial, idp.issuer()));
      // Another process may have signed somebody in while this one asked.
      case SignIn.SignedIn(var session)
          when isAnotherThan(before, session) || isAnotherThan(subject.current(), session) ->
          // Nothing of it is kept: the tokens in memory are those of whoever signed in before.
          new Access.Stopped(signInFailed("somebody else has signed in; sign out first"));
      case SignIn.SignedIn(var session) -> {
        subject.keep(session);
        yield ended(withNew(target, session));
      }
    };
  }

  private String signInFailed(String why) {
    return "the sign-in at " + idp.issuer() + ": " + why;
  }

  private Step withNew(Target target, Session session) {
    return session
        .idToken()
        .map(idToken -> withSubject(target, idToken.value(), TokenType.ID_TOKEN))
        .orElseGet(() -> withOnlyRefreshToken(target, session));
  }

  /// After the last rung: what is refused now stays refused.
  private static Access ended(Step step) {
    return switch (step) {
      case Step.Done(var access) -> access;
      case Step.Up(var denial) -> new Access.SignInNeeded(denial);
      case Step.Unproved(var by, var denial) -> new Access.Denied(by, denial);
      case Step.SignIn(var denial, var again) -> new Access.SignInNeeded(Optional.of(denial));
    };
  }

  private static boolean isAnotherThan(Optional<Session> known, Session signedIn) {
    return known.filter(session -> !signedIn.maySucceed(session)).isPresent();
  }

  /// After a sign-in by SAML the refresh token itself is the subject (IDP-40): the identity
  /// provider that gave it for an assertion exchanges it.
  private Step withOnlyRefreshToken(Target target, Session session) {
    return session
        .refreshToken()
        .map(token -> withSubject(target, token, TokenType.REFRESH_TOKEN))
        .orElseGet(() -> new Step.Up(Optional.empty()));
  }

  private Step withSubject(Target target, Secret token, TokenType type) {
    return switch (grant.exchange(target, token, type)) {
      case IdJagGrant.Exchange.Refused(var step) -> step;
      case IdJagGrant.Exchange.Obtained(var idJag) -> {
        held.keep(subject.user(), target, idJag);
        yield grant.redeem(target, idJag);
      }
    };
  }

  private Access unavailable(String why) {
    return new Access.Unavailable(idp.issuer() + ": " + why);
  }

  private interface Rung {
    Step attempt(Target target);
  }
}
