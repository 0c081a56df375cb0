package dev.lanyard.server.authorization.upstream;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.authorization.upstream.Wishes.Prompt;
import dev.lanyard.server.sessions.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How recent and how strong an application wants a sign-in: whether a session is as good as that,
/// what a provider is asked for, and whether its answer meets it.
///
/// `max_age` and `prompt=login` are demands: an answer that does not meet them is refused.
/// `acr_values` are a preference, as OpenID Connect has it: whoever signed in otherwise gets a code
/// that says so, and policy decides by what it says. Only where `claims` calls an authentication
/// context essential, another one is refused.
///
/// @param wishes what the application asked for
/// @spec https://www.rfc-editor.org/rfc/rfc9470.html#section-5 RFC 9470 §5 (AC-14)
public record SignInDemands(Wishes wishes) {

  /// Whether a session does, so that the person need not be asked.
  public boolean areMetBy(Session session, Instant now) {
    var authentication = session.authentication();
    return switch (wishes.prompt()) {
      case LOGIN, SELECT_ACCOUNT -> false;
      case NONE, DEFAULT ->
          isRecent(authentication, now)
              && (wishes.acrValues().isEmpty()
                  || authentication
                      .contextClass()
                      .filter(wishes.acrValues()::contains)
                      .isPresent());
    };
  }

  private boolean isRecent(AuthenticationContext authentication, Instant now) {
    if (wishes.maxAge().isEmpty()) {
      return true;
    }
    var maxAge = wishes.maxAge().get();
    // OpenID Connect Core §3.1.2.1: with 0 nobody is recent enough.
    return !maxAge.isZero()
        && authentication.time().filter(time -> !time.plus(maxAge).isBefore(now)).isPresent();
  }

  /// Passes the demands on to a provider.
  void tell(Form.Builder request) {
    // Many providers know only one of the two; OpenID Connect Core means the same by them.
    boolean anew =
        wishes.prompt() == Prompt.LOGIN || wishes.maxAge().filter(Duration::isZero).isPresent();
    if (anew) {
      request.add("prompt", "login");
    } else if (wishes.prompt() == Prompt.SELECT_ACCOUNT) {
      request.add("prompt", "select_account");
    }
    // Only who is asked for a max_age must say when somebody signed in.
    var maxAge = anew ? Optional.of(Duration.ZERO) : wishes.maxAge();
    maxAge.ifPresent(age -> request.add("max_age", Long.toString(age.toSeconds())));
    if (!wishes.acrValues().isEmpty()) {
      request.add("acr_values", String.join(" ", wishes.acrValues()));
    }
  }

  /// What is wrong with how a provider says that somebody signed in.
  ///
  /// @param begun when we sent them there: who signed in since then has done all that can be asked
  public Optional<Evidence> unmet(
      AuthenticationContext said, Instant begun, Instant now, ClockSkew skew) {
    if (said.time().filter(time -> skew.isAhead(time, now)).isPresent()) {
      // It would count as recent for as long as it lies ahead.
      return wrong("not in the future", said);
    }
    var anew = said.time().filter(time -> !skew.isOver(time, begun));
    if (anew.isPresent()) {
      return Optional.empty();
    }
    if (wishes.prompt() == Prompt.LOGIN && said.time().isPresent()) {
      return wrong("after " + begun, said);
    }
    if (wishes.maxAge().isEmpty()) {
      return Optional.empty();
    }
    var maxAge = wishes.maxAge().get();
    return said.time().filter(time -> !skew.isOlderThan(maxAge, time, now)).isPresent()
        ? Optional.empty()
        : wrong("at most " + maxAge.toSeconds() + " s ago", said);
  }

  /// What is wrong with the authentication context of somebody who has signed in.
  public Optional<Evidence> unmetContext(AuthenticationContext said) {
    return !wishes.acrEssential()
            || said.contextClass().filter(wishes.acrValues()::contains).isPresent()
        ? Optional.empty()
        : Optional.of(
            new Evidence(
                "acr",
                String.join(" ", wishes.acrValues()),
                said.contextClass().orElse("none"),
                "AC-14"));
  }

  private static Optional<Evidence> wrong(String expected, AuthenticationContext said) {
    var actual = said.time().map(Instant::toString).orElse("none");
    return Optional.of(new Evidence("auth_time", expected, actual, "AC-14"));
  }
}
