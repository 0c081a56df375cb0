package dev.lanyard.server.authorization;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.authorization.AuthorizationRequest.Valid;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PasswordStore;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.token.Findings;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// `POST /login`: people with a password of ours.
///
/// An unknown user name, a wrong password and a person without one look the same and take the same
/// time.
final class LocalSignIn {
  private static final String WRONG = "The user name or the password is wrong.";
  private static final String TOO_MANY = "Too many attempts. Wait a minute and try again.";

  private static final String BUSY = "Too many people are signing in. Try again in a moment.";

  private final SignInPage page;
  private final SignInCompletion signIn;
  private final SignInForms forms;
  private final People people;
  private final SignInThrottle throttle;
  private final InstantSource clock;

  LocalSignIn(
      SignInPage page,
      SignInCompletion signIn,
      SignInForms forms,
      People people,
      SignInThrottle throttle,
      InstantSource clock) {
    this.page = page;
    this.signIn = signIn;
    this.forms = forms;
    this.people = people;
    this.throttle = throttle;
    this.clock = clock;
  }

  /// Who can sign in here.
  record People(String organisation, Directory directory, PasswordStore passwords) {}

  Response handle(Request request) {
    return forms.take(request, (waiting, form) -> attempted(request, waiting, form));
  }

  private Response attempted(Request request, Valid waiting, Form form) {
    var began = clock.instant();
    var userName = form.one("user").orElse("");
    if (!throttle.admits(userName, request.source())) {
      return again(
          request,
          waiting,
          429,
          TOO_MANY,
          evidence("attempts", "a few a minute", "more"),
          userName);
    }
    var password = new Secret(form.one("password").orElse(""));
    var person = people.directory().findByUserName(people.organisation(), userName);
    return switch (people.passwords().verify(person.map(Person::id), password)) {
      case CORRECT -> {
        throttle.succeeded(userName, request.source());
        yield signedIn(request, waiting, person.orElseThrow(), began);
      }
      case WRONG -> {
        var actual = person.isPresent() ? "wrong" : "unknown user name";
        yield again(request, waiting, 401, WRONG, evidence("password", "right", actual), userName);
      }
      case BUSY -> signIn.unavailable(request, waiting, BUSY, "too many passwords are checked");
    };
  }

  private Response signedIn(Request request, Valid waiting, Person person, Instant began) {
    var authentication =
        new AuthenticationContext(Optional.of(clock.instant()), Optional.empty(), List.of("pwd"));
    return signIn.succeeded(
        request, waiting, SignInCompletion.Recognised.here(person, authentication, began));
  }

  private Response again(
      Request request, Valid waiting, int status, String told, Evidence evidence, String userName) {
    signIn.recordRefusal(request, Optional.of(waiting), Findings.of(evidence));
    return page.again(request, waiting, status, told, userName);
  }

  private static Evidence evidence(String check, String expected, String actual) {
    return new Evidence(check, expected, actual, "AUD-1");
  }
}
