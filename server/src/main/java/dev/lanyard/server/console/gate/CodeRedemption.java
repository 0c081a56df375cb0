package dev.lanyard.server.console.gate;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.authorization.Liveness;
import dev.lanyard.server.authorization.Liveness.Life;
import dev.lanyard.server.console.desk.Actor;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Origins;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.sessions.AuthorizationCode;
import dev.lanyard.server.sessions.AuthorizationCodeStore;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import dev.lanyard.server.token.Platform;
import dev.lanyard.server.token.TokenResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Redeems an authorization code of the broker for a session of the console, once: claim, session
/// and audit record are one transaction, so a process that dies has done all of it or nothing, and
/// of two nodes that redeem the same code one does. The other one kills what came of it, as at the
/// token endpoint (AC-5).
final class CodeRedemption {
  private static final String EVENT = "console.sign-in";

  private final ConsoleConfig config;
  private final AuthorizationCodeStore codes;
  private final Liveness liveness;
  private final Revocation revocation;
  private final Journal journal;

  /// @param broker whose codes
  CodeRedemption(
      ConsoleConfig config,
      Issuer broker,
      Liveness liveness,
      Revocation revocation,
      Platform platform) {
    this.config = config;
    this.codes = new AuthorizationCodeStore(platform.database(), broker);
    this.liveness = liveness;
    this.revocation = revocation;
    this.journal = platform.journal();
  }

  sealed interface Verdict {
    /// @param cookie what the browser is to keep
    record Begun(Secret cookie, Duration life) implements Verdict {}

    record Refused() implements Verdict {}
  }

  /// @param verifier what the browser that began the sign-in proves (AC-3)
  Verdict redeem(Secret code, String verifier, Instant now, Request request) {
    var meaning = codes.find(code);
    if (meaning.isEmpty()) {
      return refused(new Evidence("code", "issued here", "unknown", "AC-5"), request);
    }
    var fault = fault(meaning.get(), verifier, now);
    if (fault.isPresent()) {
      return refused(fault.get(), request);
    }
    return switch (liveness.of(Origins.of(meaning.get()))) {
      case Life.Live(var person) -> begun(code, meaning.get(), person, now, request);
      case Life.Dead(var evidence, _) -> refused(evidence, request);
    };
  }

  private Optional<Evidence> fault(AuthorizationCode meaning, String verifier, Instant now) {
    if (!meaning.client().equals(Actor.CONSOLE)) {
      return wrong("client", Actor.CONSOLE.value(), meaning.client().value(), "AC-5");
    }
    if (!now.isBefore(meaning.expiresAt())) {
      return wrong("expires_at", meaning.expiresAt().toString(), now.toString(), "AC-5");
    }
    var callback = config.at(SignInEndpoint.CALLBACK).toString();
    if (!meaning.redirectUri().equals(callback)) {
      return wrong("redirect_uri", callback, meaning.redirectUri(), "AC-8");
    }
    return isProved(meaning.challenge(), verifier)
        ? Optional.empty()
        : wrong("code_verifier", "the one of the challenge", "another", "AC-3");
  }

  private static boolean isProved(Pkce.Challenge challenge, String verifier) {
    try {
      return challenge.isMetBy(Pkce.Verifier.parse(verifier));
    } catch (MalformedException e) {
      return false;
    }
  }

  private static Optional<Evidence> wrong(
      String check, String expected, String actual, String requirement) {
    return Optional.of(new Evidence(check, expected, actual, requirement));
  }

  private Verdict begun(
      Secret code, AuthorizationCode meaning, Person person, Instant now, Request request) {
    // A code of this very second may be dated into the next one; see DenySet.
    var begun = now.isBefore(meaning.issuedAt()) ? meaning.issuedAt() : now;
    var session =
        new ConsoleSession(
            OpaqueToken.identifier(),
            meaning.person(),
            meaning.session(),
            meaning.family(),
            meaning.authentication(),
            begun,
            begun.plus(config.sessionLife()));
    var cookie = OpaqueToken.secret();
    var issued =
        TokenResult.Issued.claiming(
            codes.redemption(code, meaning, now),
            JsonObject.EMPTY,
            List.of(ConsoleSessions.begun(cookie, session)),
            Findings.of(evidence(session, person)).about(person),
            () -> {
              throw new IllegalStateException("asked of nobody");
            });
    return switch (journal.issued(subject(request), issued)) {
      case FIRST -> new Verdict.Begun(cookie, config.sessionLife());
      case TAKEN -> redeemedBefore(meaning, request);
    };
  }

  private JsonObject evidence(ConsoleSession session, Person person) {
    return JsonObject.builder()
        .put("session", session.id())
        .put("broker_session", session.brokerSession())
        .put("family", session.family())
        .putIfPresent("acr", session.authentication().contextClass())
        .put("amr", session.authentication().methods())
        .put(
            "duties",
            config.duties().of(person.groups()).stream().map(Duty::title).sorted().toList())
        .put("second_factor", config.secondFactor().isMetBy(session.authentication()))
        .build();
  }

  private Verdict redeemedBefore(AuthorizationCode meaning, Request request) {
    revocation.report(
        Source.of(Source.Kind.SERVER),
        new Subject.Grant(meaning.family()),
        Happening.TOKENS_REVOKED,
        "authorization code used twice",
        request.correlationId());
    return refused(
        new Evidence("code", "first use", "used before; family revoked", "AC-5"), request);
  }

  /// Records why nothing came of a sign-in.
  Verdict refused(Evidence evidence, Request request) {
    journal.refusedStranger(
        request,
        subject(request),
        new OAuthError(ErrorCode.ACCESS_DENIED, "sign-in to the console failed"),
        Findings.of(evidence));
    return new Verdict.Refused();
  }

  private static Journal.Subject subject(Request request) {
    return new Journal.Subject(EVENT, request.correlationId(), Optional.of(Actor.CONSOLE));
  }
}
