package dev.lanyard.server.authorization;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.server.authorization.AuthorizationRequest.Valid;
import dev.lanyard.server.authorization.upstream.SignInDemands;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.Origins;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.Session;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// The end of every way to sign in: a session for the person who was recognised, if they may have
/// one.
final class SignInCompletion {
  private static final String EVENT = "sign-in";
  private static final String ENDED_MEANWHILE =
      "You were signed out while you signed in. Go back to the application and try again.";

  private final SessionStart sessions;
  private final AuthorizeEndpoint authorize;
  private final Browser browser;
  private final DenySet denied;
  private final Issuer self;
  private final Journal journal;
  private final InstantSource clock;

  SignInCompletion(
      SessionStart sessions,
      AuthorizeEndpoint authorize,
      Browser browser,
      DenySet denied,
      Issuer self,
      Journal journal,
      InstantSource clock) {
    this.sessions = sessions;
    this.authorize = authorize;
    this.browser = browser;
    this.denied = denied;
    this.self = self;
    this.journal = journal;
    this.clock = clock;
  }

  /// Who was recognised, and how.
  ///
  /// @param began when the sign-in began, by our clock
  /// @param subject by which the provider upstream means them
  /// @param upstream where they signed in, if not here
  /// @param withheld what it says of them that is not taken, and why
  record Recognised(
      Person person,
      AuthenticationContext authentication,
      Instant began,
      Optional<ExternalSubject> subject,
      Optional<Session.Upstream> upstream,
      List<String> withheld) {
    Recognised {
      withheld = List.copyOf(withheld);
    }

    /// Somebody who signed in here.
    static Recognised here(Person person, AuthenticationContext authentication, Instant began) {
      return new Recognised(
          person, authentication, began, Optional.empty(), Optional.empty(), List.of());
    }

    /// The end of a session that would end by itself.
    Instant earlier(Instant byItself) {
      return upstream.flatMap(Session.Upstream::endsBy).filter(byItself::isAfter).orElse(byItself);
    }
  }

  /// Begins a session and continues with it; a disabled person gets none.
  Response succeeded(Request request, Valid waiting, Recognised recognised) {
    var person = recognised.person();
    if (!person.active()) {
      var evidence = new Evidence("person", "active", "disabled", "IDP-42");
      return refused(request, waiting, "Your account is not active.", evidence, person);
    }
    if (!waiting.wishes().allows(person.id().value())) {
      return another(request, waiting, person);
    }
    var unmet = new SignInDemands(waiting.wishes()).unmetContext(recognised.authentication());
    if (unmet.isPresent()) {
      return unmet(request, waiting, unmet.get());
    }
    if (denied.isEverythingDenied()) {
      return unavailable(
          request,
          waiting,
          "Signing in has been stopped. Try again later.",
          "an administrator has stopped everything");
    }
    if (denied.at(self).client(waiting.client().id())) {
      var evidence = new Evidence("client", "enabled", "disabled", "DPR-1");
      return refused(request, waiting, "This application has been disabled.", evidence, person);
    }
    // Before there is a session: it would be good for nothing but a refusal.
    var refusal =
        authorize.refusal(
            request, waiting, person, recognised.upstream().map(Session.Upstream::id), EVENT);
    return refusal.orElseGet(() -> begun(request, waiting, recognised));
  }

  private Response begun(Request request, Valid waiting, Recognised recognised) {
    var person = recognised.person();
    var now =
        denied.issuable(
            Origins.signIn(person.id().value(), clock.instant())
                .client(self, waiting.client().id())
                .organisation(person.organisation()),
            clock.instant());
    var session = sessions.session(OpaqueToken.identifier(), recognised, now);
    var cookie = OpaqueToken.secret();
    var how =
        JsonObject.builder()
            .put("session", session.id())
            .put("upstream", recognised.upstream().map(Session.Upstream::id).orElse("local"))
            .put("amr", recognised.authentication().methods())
            .putIfPresent("acr", recognised.authentication().contextClass())
            .putIfPresent("auth_time", recognised.authentication().time().map(Instant::toString))
            // Beside what was asked for, because nobody is refused for another one.
            .put("acr_values", waiting.wishes().acrValues())
            .put("withheld", recognised.withheld())
            .build();
    var ended =
        sessions.begin(
            cookie, session, recognised, subject(request, waiting), Findings.of(how).about(person));
    if (ended.isPresent()) {
      return refused(request, waiting, ENDED_MEANWHILE, ended.get(), person);
    }
    return browser.remembering(
        browser.holding(
            authorize.granted(request, waiting, session, person), cookie, sessions.life()),
        recognised.upstream().map(Session.Upstream::id));
  }

  private Response refused(
      Request request, Valid waiting, String told, Evidence evidence, Person person) {
    var findings = Findings.of(evidence).about(person);
    return refused(request, waiting, 403, told, findings);
  }

  /// Tells the person, and records why in fact.
  Response refused(Request request, Valid waiting, int status, String told, Findings findings) {
    recordRefusal(request, Optional.of(waiting), findings);
    return Pages.error(status, told, request.correlationId());
  }

  /// Tells the application that its person did not sign in as it demands. Nothing comes of the
  /// sign-in, so that the application cannot take it for more than it is.
  Response unmet(Request request, Valid waiting, Evidence unmet) {
    var error =
        new OAuthError(
            ErrorCode.UNMET_AUTHENTICATION_REQUIREMENTS,
            "the person did not sign in as was asked for");
    journal.refused(subject(request, waiting), error, Findings.of(unmet));
    return authorize.told(request, waiting, error);
  }

  /// Tells the application that somebody else signed in than the one whom it named.
  private Response another(Request request, Valid waiting, Person person) {
    var error = new OAuthError(ErrorCode.LOGIN_REQUIRED, "another person signed in");
    var evidence =
        new Evidence(
            "id_token_hint", waiting.wishes().person().orElse(""), person.id().value(), "AC-14");
    journal.refused(subject(request, waiting), error, Findings.of(evidence).about(person));
    return authorize.told(request, waiting, error);
  }

  /// Records a refusal: of somebody who may be anybody as long as there are few of them.
  void recordRefusal(Request request, Optional<Valid> waiting, Findings findings) {
    var about =
        new Journal.Subject(EVENT, request.correlationId(), waiting.map(one -> one.client().id()));
    var error = new OAuthError(ErrorCode.ACCESS_DENIED, "sign-in failed");
    if (findings.person().isPresent()) {
      journal.refused(about, error, findings);
    } else {
      journal.refusedStranger(request, about, error, findings);
    }
  }

  /// An outage of a provider or of ours, recorded as such.
  Response unavailable(Request request, Valid waiting, String told, String why) {
    journal.unavailableToStranger(
        request,
        subject(request, waiting),
        Findings.of(JsonObject.builder().put("outage", why).build()));
    return Pages.error(503, told, request.correlationId()).withHeader("Retry-After", "30");
  }

  private static Journal.Subject subject(Request request, Valid waiting) {
    return new Journal.Subject(EVENT, request.correlationId(), Optional.of(waiting.client().id()));
  }
}
