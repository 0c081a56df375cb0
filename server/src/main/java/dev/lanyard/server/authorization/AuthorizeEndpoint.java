package dev.lanyard.server.authorization;

import dev.lanyard.protocol.claims.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.server.authorization.AuthorizationRequest.Prompt;
import dev.lanyard.server.authorization.AuthorizationRequest.Valid;
import dev.lanyard.server.authorization.UsableSessions.Usable;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Method;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.sessions.AuthorizationCode;
import dev.lanyard.server.sessions.AuthorizationCodeStore;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.Session;
import dev.lanyard.server.sessions.SessionClients;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `/authorize`: answers with a code if the person is signed in, and asks them to sign in
/// otherwise.
///
/// @spec https://openid.net/specs/openid-connect-core-1_0.html#AuthorizationEndpoint OpenID Connect
///   Core §3.1.2
final class AuthorizeEndpoint {
  /// FAPI's bound (AC-5).
  private static final Duration CODE_LIFE = Duration.ofSeconds(60);

  private final AuthorizationRequests requests;
  private final AuthorizationAnswer answers;
  private final UsableSessions sessions;
  private final FlowRules rules;
  private final AuthorizationCodeStore codes;
  private final Journal journal;
  private final InstantSource clock;

  AuthorizeEndpoint(
      AuthorizationRequests requests,
      AuthorizationAnswer answers,
      UsableSessions sessions,
      FlowRules rules,
      AuthorizationCodeStore codes,
      Journal journal,
      InstantSource clock) {
    this.requests = requests;
    this.answers = answers;
    this.sessions = sessions;
    this.rules = rules;
    this.codes = codes;
    this.journal = journal;
    this.clock = clock;
  }

  /// Asks the person to sign in; the sign-in ends in [#granted].
  @FunctionalInterface
  interface SignIn {
    Response ask(Request request, Valid waiting);
  }

  Response handle(Request request, SignIn signIn) {
    var query =
        request.method() == Method.POST
            ? new String(request.body(), StandardCharsets.UTF_8)
            : request.query();
    return whenValid(
        request,
        requests.begun(query),
        valid -> {
          var usable = sessions.of(request, valid);
          if (usable.isPresent()) {
            return resumed(request, valid, usable.get());
          }
          return valid.wishes().prompt() == Prompt.NONE
              ? loginRequired(request, valid)
              : signIn.ask(request, valid);
        });
  }

  /// What to do with a valid request.
  @FunctionalInterface
  interface Continuation {
    Response with(Valid valid);
  }

  /// Reads a request, and answers by itself if it is not valid.
  Response whenValid(Request request, String query, Continuation continuation) {
    return switch (requests.read(query)) {
      case Valid valid -> continuation.with(valid);
      case AuthorizationRequest.Refused(var client, var replyTo, var error, var evidence) -> {
        journal.refused(
            new Journal.Subject("authorize", request.correlationId(), Optional.of(client.id())),
            error,
            Findings.of(evidence));
        yield answers.error(replyTo, error, request.correlationId());
      }
      case AuthorizationRequest.Unanswerable(var error, var evidence) -> {
        journal.refused(
            new Journal.Subject("authorize", request.correlationId(), Optional.empty()),
            error,
            Findings.of(evidence));
        yield Pages.error(error.code().status(), error.description(), request.correlationId());
      }
    };
  }

  private Response resumed(Request request, Valid valid, Usable usable) {
    var session = usable.session();
    return refusal(
            request,
            valid,
            usable.person(),
            session.upstream().map(Session.Upstream::id),
            "authorize")
        .orElseGet(() -> granted(request, valid, session));
  }

  /// What is answered to somebody who may not go on to this application.
  Optional<Response> refusal(
      Request request, Valid valid, Person person, Optional<String> upstream, String event) {
    return rules.refusal(request, valid, person, upstream, event);
  }

  private Response loginRequired(Request request, Valid valid) {
    var error = new OAuthError(ErrorCode.LOGIN_REQUIRED, "the person must sign in");
    journal.refused(
        subject(request, valid),
        error,
        Findings.of(new Evidence("session", "a usable one", "none", "AC-14")));
    return told(request, valid, error);
  }

  /// Sends the browser back with a refusal.
  Response told(Request request, Valid valid, OAuthError error) {
    return answers.error(valid.replyTo(), error, request.correlationId());
  }

  /// Answers with a code for the person of this session, who is live.
  Response granted(Request request, Valid valid, Session session) {
    var code = OpaqueToken.secret();
    // A session of this very second may be dated into the next one; see DenySet.
    var now = later(clock.instant(), session.createdAt());
    var meaning =
        new AuthorizationCode(
            OpaqueToken.identifier(),
            valid.client().id(),
            session.person(),
            session.id(),
            valid.replyTo().redirectUri().toString(),
            valid.challenge(),
            valid.resources(),
            valid.scopes(),
            valid.claims(),
            valid.nonce(),
            valid.keyThumbprint(),
            session.authentication(),
            now,
            now.plus(CODE_LIFE));
    var evidence =
        JsonObject.builder()
            .put("session", session.id())
            .put("family", meaning.family())
            .put("scope", valid.scopes().toString())
            .build();
    var findings = new Findings(Optional.empty(), Optional.of(session.person()), evidence);
    var facts = new ArrayList<>(List.of(codes.issued(code, meaning)));
    if (valid.client().logout().isPresent()) {
      facts.add(SessionClients.joined(session, valid.client().id()));
    }
    journal.allowed(subject(request, valid), findings, facts.toArray(Row[]::new));
    return answers.code(valid.replyTo(), code);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isBefore(other) ? other : one;
  }

  private static Journal.Subject subject(Request request, Valid valid) {
    return new Journal.Subject(
        "authorize", request.correlationId(), Optional.of(valid.client().id()));
  }
}
