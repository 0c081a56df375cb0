package dev.lanyard.server.signals.inbound;

import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.protocol.securityevent.LogoutToken;
import dev.lanyard.protocol.securityevent.LogoutTokenValidator;
import dev.lanyard.protocol.securityevent.SignalVerdict;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Signal;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import dev.lanyard.server.token.Platform;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `POST /backchannel-logout/{upstream}`: a provider upstream says that a session there, or every
/// session of a person, has ended.
///
/// A session that nobody has here is answered like one that was ended: it is over either way. The
/// same token twice has one effect and the same answer, so that a provider whose answer got lost
/// may repeat it (BCL-1, BCL-2, BCL-4).
///
/// @spec https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRequest OpenID Connect
///   Back-Channel Logout 1.0 §2.5
final class LogoutTokenEndpoint {
  private final Map<String, Provider> providers = new HashMap<>();
  private final Revocation revocation;
  private final Journal journal;

  LogoutTokenEndpoint(Set<LogoutProvider> providers, Revocation revocation, Platform platform) {
    for (var provider : providers) {
      var issuer = SourceKeys.trusted(provider.signer(), platform);
      this.providers.put(
          provider.name(),
          new Provider(
              provider,
              issuer,
              new LogoutTokenValidator(
                  issuer, provider.clientId(), platform.skew(), platform.clock())));
    }
    this.revocation = revocation;
    this.journal = platform.journal();
  }

  /// A provider upstream, with how its tokens are judged.
  private record Provider(
      LogoutProvider config, TrustedIssuer issuer, LogoutTokenValidator validator) {
    String name() {
      return config.name();
    }
  }

  /// Has the providers' keys at hand before they are needed. A provider that calls us while we ask
  /// it for its keys may give us up, and most tell of a logout once only.
  void keepKeys() {
    for (var provider : providers.values()) {
      var issuer = provider.issuer();
      issuer.algorithms().forEach(algorithm -> issuer.keys().find(Optional.empty(), algorithm));
    }
  }

  Response handle(Request request) {
    var name = request.pathParameter("upstream");
    var provider = Optional.ofNullable(providers.get(name));
    if (provider.isEmpty()) {
      return answer(404, "there is no such provider").provedNothing();
    }
    if (!request.contentType().equals(Optional.of("application/x-www-form-urlencoded"))) {
      return refused(request, name, "Content-Type", request.contentType().orElse("none"));
    }
    try {
      var token = Form.parse(request.body(), Set.of()).one("logout_token");
      return token.isEmpty()
          ? refused(request, name, "logout_token", "none")
          : judged(request, provider.get(), provider.get().validator().judge(token.get()));
    } catch (MalformedException e) {
      return refused(request, name, "form", String.valueOf(e.getMessage()));
    }
  }

  private Response judged(Request request, Provider provider, SignalVerdict<LogoutToken> verdict) {
    var name = provider.name();
    return switch (verdict) {
      case SignalVerdict.Accepted<LogoutToken> accepted -> {
        var _ =
            revocation.accept(signal(provider.config(), accepted.token(), request.correlationId()));
        yield Response.empty(200).noStore();
      }
      case SignalVerdict.Rejected<LogoutToken> rejected ->
          refused(request, name, rejected.reason().evidence());
      case SignalVerdict.Undecided<LogoutToken> undecided -> {
        journal.unavailableToStranger(
            request,
            subject(request),
            Findings.of(
                JsonObject.builder().put("upstream", name).put("outage", undecided.why()).build()));
        yield answer(503, "the provider's keys cannot be had now, try again")
            .withHeader("Retry-After", "10");
      }
    };
  }

  private static Signal signal(LogoutProvider provider, LogoutToken token, String correlationId) {
    var name = provider.name();
    var organisation = provider.organisation();
    var who = token.subject().map(sub -> new ExternalSubject(organisation, token.issuer(), sub));
    var subject =
        token
            .session()
            .<Subject>map(
                sid -> new Subject.UpstreamSession(name, sid, who.map(Subject.External::new)))
            .orElseGet(() ->
                provider.namesPeople()
                    ? new Subject.External(who.orElseThrow())
                    : new Subject.UpstreamSubject(name, token.subject().orElseThrow()));
    return new Signal(
        Source.of(Source.Kind.BACK_CHANNEL_LOGOUT, name).within(organisation),
        token.id(),
        subject,
        Happening.SESSIONS_REVOKED,
        token.issuedAt(),
        "signed out at " + name,
        correlationId);
  }

  private Response refused(Request request, String name, String check, String actual) {
    return refused(
        request, name, new Evidence(check, "a form with a logout token", actual, "BCL-1"));
  }

  private Response refused(Request request, String name, Evidence evidence) {
    journal.refusedStranger(
        request,
        subject(request),
        new OAuthError(ErrorCode.INVALID_REQUEST, "the logout token was refused"),
        Findings.of(evidence).with(JsonObject.builder().put("upstream", name).build()));
    return answer(400, "the logout token was refused; correlation id " + request.correlationId())
        .provedNothing();
  }

  private static Response answer(int status, String description) {
    return Response.json(
            status,
            JsonObject.builder()
                .put("error", status == 503 ? "temporarily_unavailable" : "invalid_request")
                .put("error_description", description)
                .build())
        .noStore();
  }

  private static Journal.Subject subject(Request request) {
    return new Journal.Subject("logout.received", request.correlationId(), Optional.empty());
  }
}
