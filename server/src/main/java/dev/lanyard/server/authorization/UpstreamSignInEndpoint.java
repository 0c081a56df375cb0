package dev.lanyard.server.authorization;

import dev.lanyard.protocol.claims.Evidence;
import dev.lanyard.protocol.idtoken.IdToken;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.authorization.AuthorizationRequest.Valid;
import dev.lanyard.server.authorization.SignIn.Recognised;
import dev.lanyard.server.authorization.Upstream.Answer;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.Session;
import dev.lanyard.server.sessions.UpstreamSignIn;
import dev.lanyard.server.sessions.UpstreamSignInStore;
import dev.lanyard.server.token.Findings;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `/login/{upstream}` and `/callback/{upstream}`: sends the browser to a provider, and believes
/// what it brings back only if this browser was sent to this provider a moment ago (IDP-43, SEC-8,
/// SEC-17).
final class UpstreamSignInEndpoint {
  private static final Duration LIFE = Duration.ofMinutes(10);
  private static final String DOWN =
      "Your organisation's sign-in does not answer. Please try again in a minute.";
  private static final String NOT_TRUSTED =
      "The sign-in was not completed. Go back to the application and try again.";

  private final Map<String, Entrance> entrances;
  private final UpstreamSignInStore underWay;
  private final AuthorizeEndpoint authorize;
  private final SignIn signIn;
  private final Browser browser;
  private final InstantSource clock;

  UpstreamSignInEndpoint(
      Map<String, Entrance> entrances,
      UpstreamSignInStore underWay,
      AuthorizeEndpoint authorize,
      SignIn signIn,
      Browser browser,
      InstantSource clock) {
    this.entrances = Map.copyOf(entrances);
    this.underWay = underWay;
    this.authorize = authorize;
    this.signIn = signIn;
    this.browser = browser;
    this.clock = clock;
  }

  /// A provider, and how those who come from there are found.
  record Entrance(Upstream upstream, UpstreamPeople people) {}

  /// Sends the browser to the provider.
  Response begin(Request request) {
    var entrance = entrance(request);
    if (entrance.isEmpty()) {
      return unknownUpstream(request);
    }
    try {
      var query = Form.parse(request.query(), Set.of()).one("authorization").orElse("");
      return authorize.whenValid(
          request, query, waiting -> sent(request, waiting, entrance.get().upstream()));
    } catch (MalformedException e) {
      return notTrusted(request, "query", "well-formed", e.getMessage());
    }
  }

  private Optional<Entrance> entrance(Request request) {
    return Optional.ofNullable(entrances.get(request.pathParameter("upstream")));
  }

  private Response sent(Request request, Valid waiting, Upstream upstream) {
    var binding = browser.binding(request);
    var state = OpaqueToken.secret();
    var begun =
        new UpstreamSignIn(
            upstream.config().id(),
            Browser.bindingHash(binding),
            OpaqueToken.identifier(),
            Pkce.Verifier.random(OpaqueToken.random()),
            waiting.query(),
            clock.instant().plus(LIFE));
    return switch (upstream.authorizationUrl(state, begun, waiting.wishes())) {
      case Answer.Given<URI>(var url) -> {
        underWay.begin(state, begun);
        yield browser.bound(Response.redirect(url).noStore(), binding);
      }
      case Answer.Refused<URI>(_, var actual) -> signIn.unavailable(request, waiting, DOWN, actual);
      case Answer.Unavailable<URI>(var why) -> signIn.unavailable(request, waiting, DOWN, why);
    };
  }

  /// Takes what the provider sent the browser back with.
  Response finish(Request request) {
    var entrance = entrance(request);
    if (entrance.isEmpty()) {
      return unknownUpstream(request);
    }
    try {
      var answer = Form.parse(request.query(), Set.of());
      var begun = answer.one("state").map(Secret::new).flatMap(underWay::take);
      if (begun.isEmpty()) {
        return notTrusted(request, "state", "one of ours, unused", "unknown");
      }
      var fault = fault(request, entrance.get().upstream(), begun.get());
      if (fault.isPresent()) {
        return notTrusted(request, "state", "for this browser and provider, in time", fault.get());
      }
      return authorize.whenValid(
          request,
          begun.get().authorizationQuery(),
          waiting -> redeemed(request, waiting, entrance.get(), answer, begun.get()));
    } catch (MalformedException e) {
      return notTrusted(request, "query", "well-formed", e.getMessage());
    }
  }

  private Optional<String> fault(Request request, Upstream upstream, UpstreamSignIn begun) {
    if (!begun.upstream().equals(upstream.config().id())) {
      return Optional.of("begun at " + begun.upstream());
    }
    if (!browser.began(request, begun.browserHash())) {
      return Optional.of("begun in another browser");
    }
    return clock.instant().isBefore(begun.expiresAt())
        ? Optional.empty()
        : Optional.of("begun too long ago");
  }

  private Response redeemed(
      Request request, Valid waiting, Entrance entrance, Form answer, UpstreamSignIn begun) {
    var upstream = entrance.upstream();
    return switch (upstream.redeem(answer, begun)) {
      case Answer.Given<IdToken>(var idToken) ->
          upstream
              .unmet(waiting.wishes(), idToken, beginning(begun))
              .map(unmet -> signIn.unmet(request, waiting, unmet, authorize))
              .orElseGet(() -> recognised(request, waiting, entrance, idToken, beginning(begun)));
      case Answer.Refused<IdToken>(var check, var actual) ->
          signIn.refused(
              request,
              waiting,
              403,
              NOT_TRUSTED,
              Findings.of(new Evidence(check, "of this sign-in", actual, "IDP-43")));
      case Answer.Unavailable<IdToken>(var why) -> signIn.unavailable(request, waiting, DOWN, why);
    };
  }

  private static Instant beginning(UpstreamSignIn begun) {
    return begun.expiresAt().minus(LIFE);
  }

  private Response recognised(
      Request request, Valid waiting, Entrance entrance, IdToken idToken, Instant began) {
    var upstream = entrance.upstream();
    return switch (entrance.people().of(idToken, upstream.config(), request.correlationId())) {
      case UpstreamPeople.Match.Found(var person, var subject) ->
          signIn.succeeded(
              request,
              waiting,
              new Recognised(
                  person,
                  idToken.authentication(),
                  began,
                  Optional.of(subject),
                  Optional.of(
                      new Session.Upstream(
                          upstream.config().id(),
                          idToken.session(),
                          Optional.of(idToken.subject())))),
              authorize);
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

  private Response notTrusted(Request request, String check, String expected, String actual) {
    signIn.recordRefusal(
        request, Optional.empty(), Findings.of(new Evidence(check, expected, actual, "SEC-17")));
    return Pages.error(400, NOT_TRUSTED, request.correlationId());
  }
}
