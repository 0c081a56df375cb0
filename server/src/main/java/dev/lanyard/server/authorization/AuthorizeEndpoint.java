package dev.lanyard.server.authorization;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.server.authorization.AuthorizationRequest.Valid;
import dev.lanyard.server.authorization.Visitors.Visitor;
import dev.lanyard.server.authorization.upstream.Wishes.Prompt;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Method;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.sessions.Session;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// `/authorize`: answers with a code if the person is signed in, and asks them to sign in
/// otherwise.
///
/// @spec https://openid.net/specs/openid-connect-core-1_0.html#AuthorizationEndpoint OpenID Connect
///   Core §3.1.2
final class AuthorizeEndpoint {
  private final AuthorizationRequests requests;
  private final AuthorizationAnswer answers;
  private final UsableSessions sessions;
  private final FlowRules rules;
  private final ConsentEndpoint consent;
  private final Journal journal;

  AuthorizeEndpoint(
      AuthorizationRequests requests,
      AuthorizationAnswer answers,
      UsableSessions sessions,
      FlowRules rules,
      ConsentEndpoint consent,
      Journal journal) {
    this.requests = requests;
    this.answers = answers;
    this.sessions = sessions;
    this.rules = rules;
    this.consent = consent;
    this.journal = journal;
  }

  /// Asks the person to sign in; the sign-in ends in [#granted].
  @FunctionalInterface
  interface SignInPrompt {
    Response ask(Request request, Valid waiting);
  }

  Response handle(Request request, SignInPrompt signIn) {
    var query =
        request.method() == Method.POST
            ? new String(request.body(), StandardCharsets.UTF_8)
            : request.query();
    return whenValid(
        request,
        requests.begun(query),
        valid -> {
          var visitor = sessions.of(request, valid);
          if (visitor.isPresent()) {
            return resumed(request, valid, visitor.get());
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

  /// Reads a request, and answers by itself if it is not valid. Anybody can send one: what is
  /// bounded is the record and not the service, because nothing can be guessed here and a whole
  /// company may be one address.
  Response whenValid(Request request, String query, Continuation continuation) {
    return switch (requests.read(query)) {
      case Valid valid -> continuation.with(valid);
      case AuthorizationRequest.Refused(var client, var replyTo, var error, var evidence) -> {
        journal.refusedStranger(
            request,
            new Journal.Subject("authorize", request.correlationId(), Optional.of(client.id())),
            error,
            Findings.of(evidence));
        yield answers.error(replyTo, error, request.correlationId());
      }
      case AuthorizationRequest.Unanswerable(var error, var evidence) -> {
        journal.refusedStranger(
            request,
            new Journal.Subject("authorize", request.correlationId(), Optional.empty()),
            error,
            Findings.of(evidence));
        yield Pages.error(error.code().status(), error.description(), request.correlationId());
      }
    };
  }

  private Response resumed(Request request, Valid valid, Visitor visitor) {
    var session = visitor.session();
    return refusal(
            request,
            valid,
            visitor.person(),
            session.upstream().map(Session.Upstream::id),
            "authorize")
        .orElseGet(() -> granted(request, valid, session, visitor.person()));
  }

  /// What is answered to somebody who may not go on to this application.
  Optional<Response> refusal(
      Request request, Valid valid, Person person, Optional<String> upstream, String event) {
    return rules.refusal(request, valid, person, upstream, event);
  }

  private Response loginRequired(Request request, Valid valid) {
    var error = new OAuthError(ErrorCode.LOGIN_REQUIRED, "the person must sign in");
    journal.refusedStranger(
        request,
        subject(request, valid),
        error,
        Findings.of(new Evidence("session", "a usable one", "none", "AC-14")));
    return told(request, valid, error);
  }

  /// Sends the browser back with a refusal.
  Response told(Request request, Valid valid, OAuthError error) {
    return answers.error(valid.replyTo(), error, request.correlationId());
  }

  /// Goes on for the person of this session, who is live: with a code, or with a question first.
  Response granted(Request request, Valid valid, Session session, Person person) {
    return consent.unlessAsked(request, valid, session, person);
  }

  /// Takes a person's answer to what they were asked.
  Response answered(Request request, Valid valid, Form form) {
    return consent.answered(request, valid, form);
  }

  static Journal.Subject subject(Request request, Valid valid) {
    return new Journal.Subject(
        "authorize", request.correlationId(), Optional.of(valid.client().id()));
  }
}
