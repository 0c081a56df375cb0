package dev.lanyard.server.authorization;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.server.authorization.upstream.AssertedPeople;
import dev.lanyard.server.authorization.upstream.SamlUpstream;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.http.Method;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Signal;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.saml.LogoutVerdict;
import dev.lanyard.server.saml.SamlLogout;
import dev.lanyard.server.saml.SamlProvider.Described;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import dev.lanyard.server.token.Platform;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `/saml/{upstream}/logout`: a provider says that sessions there have ended, through the person's
/// browser or directly. Whatever brings the request, it is signed.
///
/// A session that nobody has here is answered like one that was ended: it is over either way. The
/// same request twice has one effect and the same answer.
///
/// SAML 2.0 Profiles §4.4.
///
/// @spec https://docs.oasis-open.org/security/saml/v2.0/saml-profiles-2.0-os.pdf SAML 2.0 Profiles
final class SamlLogoutEndpoint {
  private static final String FORM = "application/x-www-form-urlencoded";

  private final Map<String, SamlUpstream> upstreams;
  private final Revocation revocation;
  private final Journal journal;
  private final InstantSource clock;

  SamlLogoutEndpoint(
      Map<String, SamlUpstream> upstreams, Revocation revocation, Platform platform) {
    this.upstreams = Map.copyOf(upstreams);
    this.revocation = revocation;
    this.journal = platform.journal();
    this.clock = platform.clock();
  }

  Response handle(Request request) {
    var upstream = Optional.ofNullable(upstreams.get(request.pathParameter("upstream")));
    if (upstream.isEmpty()) {
      return Pages.error(404, "There is no such sign-in.", request.correlationId()).provedNothing();
    }
    boolean posted = request.method() == Method.POST;
    if (posted && !request.contentType().equals(Optional.of(FORM))) {
      return Response.unsupportedMediaType(FORM, request);
    }
    try {
      var form =
          posted ? Form.parse(request.body(), Set.of()) : Form.parse(request.query(), Set.of());
      var message = form.one("SAMLRequest");
      if (message.isEmpty()) {
        return refused(
            request, upstream.get(), new Evidence("SAMLRequest", "there", "none", "IDP-43"));
      }
      var provider = upstream.get().provider();
      var verdict =
          posted
              ? provider.judgePostedLogout(message.get())
              : provider.judgeRedirectedLogout(request.query());
      return judged(request, upstream.get(), verdict, form.one("RelayState"));
    } catch (MalformedException e) {
      return refused(
          request,
          upstream.get(),
          new Evidence("request", "well-formed", e.getMessage(), "IDP-43"));
    }
  }

  private Response judged(
      Request request, SamlUpstream upstream, LogoutVerdict verdict, Optional<String> relayState) {
    return switch (verdict) {
      case LogoutVerdict.Accepted(var logout) -> {
        for (var signal : signals(upstream, logout, request.correlationId())) {
          var _ = revocation.accept(signal);
        }
        yield done(upstream, logout, relayState);
      }
      case LogoutVerdict.Rejected(var refusal) -> refused(request, upstream, refusal.evidence());
      case LogoutVerdict.Undecided(var why) -> {
        journal.unavailableToStranger(
            request,
            subject(request),
            Findings.of(
                JsonObject.builder().put("upstream", upstream.id()).put("outage", why).build()));
        yield Pages.error(
                503,
                "Your organisation's sign-in does not answer. Please try again in a minute.",
                request.correlationId())
            .withHeader("Retry-After", "30");
      }
    };
  }

  /// One for each session that is named, or one for all of the person.
  private List<Signal> signals(SamlUpstream upstream, SamlLogout logout, String correlationId) {
    var who =
        new ExternalSubject(
            upstream.organisation(), upstream.people().nameSpace(), logout.nameIdKey());
    var subjects = new ArrayList<Subject>();
    for (var index : logout.sessionIndexes()) {
      subjects.add(
          new Subject.UpstreamSession(
              upstream.id(),
              AssertedPeople.session(logout.nameIdKey(), index),
              Optional.of(new Subject.External(who))));
    }
    if (subjects.isEmpty()) {
      subjects.add(new Subject.UpstreamSubject(upstream.id(), logout.nameIdKey()));
    }
    var signals = new ArrayList<Signal>();
    for (var subject : subjects) {
      signals.add(
          new Signal(
              Source.of(Source.Kind.SAML_LOGOUT, upstream.id()).within(upstream.organisation()),
              logout.id() + " " + signals.size(),
              subject,
              Happening.SESSIONS_REVOKED,
              logout.issuedAt(),
              "signed out at " + upstream.id(),
              correlationId));
    }
    return signals;
  }

  /// Tells the provider, through the browser if it has a place for it.
  private Response done(SamlUpstream upstream, SamlLogout logout, Optional<String> relayState) {
    var destination =
        upstream.provider().described() instanceof Described.As(var description)
            ? description.logout()
            : Optional.<URI>empty();
    return destination
        .map(url ->
            Response.redirect(
                    upstream
                        .self()
                        .logoutAnswerUrl(
                            url,
                            logout,
                            "_" + OpaqueToken.identifier(),
                            clock.instant(),
                            relayState))
                .noStore())
        .orElseGet(Pages::signedOut);
  }

  private Response refused(Request request, SamlUpstream upstream, Evidence evidence) {
    journal.refusedStranger(
        request,
        subject(request),
        new OAuthError(ErrorCode.INVALID_REQUEST, "the logout request was refused"),
        Findings.of(evidence).with(JsonObject.builder().put("upstream", upstream.id()).build()));
    return Pages.error(
            400, "This request to sign out could not be believed.", request.correlationId())
        .provedNothing();
  }

  private static Journal.Subject subject(Request request) {
    return new Journal.Subject("logout.received", request.correlationId(), Optional.empty());
  }
}
