package dev.lanyard.server.authorization;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.authorization.AuthorizationRequest.Valid;
import dev.lanyard.server.authorization.SignInCompletion.Recognised;
import dev.lanyard.server.authorization.upstream.Introduction;
import dev.lanyard.server.authorization.upstream.SignInDemands;
import dev.lanyard.server.authorization.upstream.UpstreamPeople;
import dev.lanyard.server.authorization.upstream.UpstreamProvider;
import dev.lanyard.server.authorization.upstream.UpstreamProvider.Answer;
import dev.lanyard.server.authorization.upstream.UpstreamProvider.AnswerBy;
import dev.lanyard.server.http.Rate;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Strangers;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.UpstreamSignIn;
import dev.lanyard.server.sessions.UpstreamSignInStore;
import dev.lanyard.server.token.Findings;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `/login/{upstream}`, `/callback/{upstream}` and `/saml/{upstream}/acs`: sends the browser to a
/// provider, and believes what it brings back only if this browser was sent to this provider a
/// moment ago (IDP-43, SEC-8, SEC-17).
final class UpstreamSignInEndpoint {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final Duration LIFE = Duration.ofMinutes(10);

  /// How many of one network may be on their way to a provider and not come back: each leaves a row
  /// of some kilobytes for more than an hour, and proves nothing.
  private static final int UNFINISHED_A_MINUTE = 300;

  private static final String TOO_MANY =
      "Too many sign-ins were begun from your network and not finished. Please try again in a"
          + " minute.";
  private static final String DOWN =
      "Your organisation's sign-in does not answer. Please try again in a minute.";
  private static final String NOT_BEGUN =
      "This sign-in was not begun here, or too long ago. Open the application that you want to use,"
          + " and sign in from there.";
  private static final String NOT_TRUSTED =
      "The sign-in was not completed. Go back to the application and try again.";

  private final Map<String, Entrance> entrances;
  private final UpstreamSignInStore underWay;
  private final AuthorizeEndpoint authorize;
  private final SignInCompletion signIn;
  private final Browser browser;
  private final ClockSkew skew;
  private final InstantSource clock;
  private final Rate<InetAddress> unfinished;

  UpstreamSignInEndpoint(
      Map<String, Entrance> entrances,
      UpstreamSignInStore underWay,
      AuthorizeEndpoint authorize,
      SignInCompletion signIn,
      Browser browser,
      ClockSkew skew,
      InstantSource clock) {
    this.entrances = Map.copyOf(entrances);
    this.underWay = underWay;
    this.authorize = authorize;
    this.signIn = signIn;
    this.browser = browser;
    this.skew = skew;
    this.clock = clock;
    this.unfinished = new Rate<>(UNFINISHED_A_MINUTE, clock);
  }

  /// A provider, and how those who come from there are found.
  record Entrance(UpstreamProvider provider, UpstreamPeople people) {}

  /// Sends the browser to the provider.
  Response begin(Request request) {
    var entrance = entrance(request);
    if (entrance.isEmpty()) {
      return unknownUpstream(request);
    }
    try {
      var query = Form.parse(request.query(), Set.of());
      return authorize.whenValid(
          request,
          query.one("authorization").orElse(""),
          waiting ->
              sent(request, waiting.hinting(query.one("login_hint")), entrance.get().provider()));
    } catch (MalformedException e) {
      return notTrusted(request, "query", "well-formed", e.getMessage());
    }
  }

  private Optional<Entrance> entrance(Request request) {
    return Optional.ofNullable(entrances.get(request.pathParameter("upstream")));
  }

  private Response sent(Request request, Valid waiting, UpstreamProvider provider) {
    var binding = browser.binding(request, provider.answersBy());
    var state = OpaqueToken.secret();
    var begun =
        new UpstreamSignIn(
            provider.id(),
            Browser.bindingHash(binding),
            OpaqueToken.identifier(),
            Pkce.Verifier.random(OpaqueToken.random()),
            waiting.query(),
            clock.instant().plus(LIFE));
    return switch (provider.authorizationUrl(state, begun, waiting.wishes())) {
      // What cannot be begun does not count: in an outage a whole office tries again.
      case Answer.Given<URI> _ when !unfinished.admits(Strangers.network(request.source())) ->
          tooMany(request, waiting);
      case Answer.Given<URI>(var url) -> {
        underWay.begin(state, begun);
        yield browser.bound(Response.redirect(url).noStore(), binding, provider.answersBy());
      }
      case Answer.Refused<URI>(var evidence, _) ->
          signIn.unavailable(request, waiting, DOWN, evidence.actual());
      case Answer.Unavailable<URI>(var why) -> signIn.unavailable(request, waiting, DOWN, why);
    };
  }

  private Response tooMany(Request request, Valid waiting) {
    var evidence =
        new Evidence(
            "sign_ins_begun", "unfinished, " + UNFINISHED_A_MINUTE + " a minute", "more", "AUD-1");
    return signIn
        .refused(request, waiting, 429, TOO_MANY, Findings.of(evidence))
        .withHeader("Retry-After", "60");
  }

  /// Takes what the provider redirected the browser back with.
  Response finish(Request request) {
    return answered(request, AnswerBy.QUERY);
  }

  /// Takes a form of the provider's that the browser brings. An answer that nobody here has asked
  /// for begins nothing: it might be somebody else's sign-in (SEC-17).
  Response consume(Request request) {
    return request.contentType().equals(Optional.of(FORM))
        ? answered(request, AnswerBy.FORM)
        : Response.unsupportedMediaType(FORM, request);
  }

  private Response answered(Request request, AnswerBy way) {
    var entrance = entrance(request).filter(one -> one.provider().answersBy() == way);
    if (entrance.isEmpty()) {
      return unknownUpstream(request);
    }
    try {
      var answer =
          way == AnswerBy.FORM
              ? Form.parse(request.body(), Set.of())
              : Form.parse(request.query(), Set.of());
      var state = way.stateParameter();
      var begun = answer.one(state).map(Secret::new).flatMap(underWay::take);
      if (begun.isEmpty()) {
        return notBegun(request, way);
      }
      var fault = fault(request, entrance.get().provider(), begun.get());
      if (fault.isPresent()) {
        return notTrusted(request, state, "for this browser and provider, in time", fault.get());
      }
      return authorize.whenValid(
          request,
          begun.get().authorizationQuery(),
          waiting -> redeemed(request, waiting, entrance.get(), answer, begun.get()));
    } catch (MalformedException e) {
      return notTrusted(request, "query", "well-formed", e.getMessage());
    }
  }

  private Optional<String> fault(Request request, UpstreamProvider provider, UpstreamSignIn begun) {
    if (!begun.upstream().equals(provider.id())) {
      return Optional.of("begun at " + begun.upstream());
    }
    if (!browser.began(request, provider.answersBy(), begun.browserHash())) {
      return Optional.of("begun in another browser");
    }
    return clock.instant().isBefore(begun.expiresAt())
        ? Optional.empty()
        : Optional.of("begun too long ago");
  }

  private Response redeemed(
      Request request, Valid waiting, Entrance entrance, Form answer, UpstreamSignIn begun) {
    return switch (entrance.provider().redeem(answer, begun)) {
      case Answer.Given<Introduction>(var introduced) ->
          unmet(waiting, introduced, beginning(begun))
              .map(unmet -> signIn.unmet(request, waiting, unmet))
              .orElseGet(
                  () -> recognised(request, waiting, entrance, introduced, beginning(begun)));
      case Answer.Refused<Introduction>(var evidence, var told) ->
          signIn.refused(request, waiting, 403, told.orElse(NOT_TRUSTED), Findings.of(evidence));
      case Answer.Unavailable<Introduction>(var why) ->
          signIn.unavailable(request, waiting, DOWN, why);
    };
  }

  /// What is wrong with how somebody signed in at the provider, compared with what was asked for.
  private Optional<Evidence> unmet(Valid waiting, Introduction introduced, Instant begun) {
    return new SignInDemands(waiting.wishes())
        .unmet(introduced.authentication(), begun, clock.instant(), skew);
  }

  private static Instant beginning(UpstreamSignIn begun) {
    return begun.expiresAt().minus(LIFE);
  }

  private Response recognised(
      Request request, Valid waiting, Entrance entrance, Introduction introduced, Instant began) {
    return switch (entrance.people().of(introduced, request.correlationId())) {
      case UpstreamPeople.Match.Found(var person, var subject, var withheld) -> {
        unfinished.giveBack(Strangers.network(request.source()));
        yield signIn.succeeded(
            request,
            waiting,
            new Recognised(
                person,
                introduced.authentication(),
                began,
                Optional.of(subject),
                Optional.of(introduced.there()),
                withheld));
      }
      case UpstreamPeople.Match.Refused(var evidence) ->
          signIn.refused(
              request,
              waiting,
              403,
              "Your account could not be matched. Please tell your administrator.",
              Findings.of(evidence));
    };
  }

  private Response unknownUpstream(Request request) {
    return Pages.error(404, "There is no such sign-in.", request.correlationId());
  }

  private Response notBegun(Request request, AnswerBy way) {
    record(request, way.stateParameter(), "one of ours, unused", "unknown");
    var told = way == AnswerBy.FORM ? NOT_BEGUN : NOT_TRUSTED;
    return Pages.error(400, told, request.correlationId());
  }

  private Response notTrusted(Request request, String check, String expected, String actual) {
    record(request, check, expected, actual);
    return Pages.error(400, NOT_TRUSTED, request.correlationId());
  }

  private void record(Request request, String check, String expected, String actual) {
    signIn.recordRefusal(
        request, Optional.empty(), Findings.of(new Evidence(check, expected, actual, "SEC-17")));
  }
}
