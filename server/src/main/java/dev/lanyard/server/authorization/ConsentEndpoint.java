package dev.lanyard.server.authorization;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.server.authorization.AuthorizationRequest.Valid;
import dev.lanyard.server.authorization.ConsentGate.Question;
import dev.lanyard.server.authorization.Visitors.Visitor;
import dev.lanyard.server.authorization.upstream.Wishes.Prompt;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.sessions.FormToken;
import dev.lanyard.server.sessions.Session;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// `POST /consent`: the question and its answer.
///
/// Nobody but the person can answer it, and only what they were asked: the form is good for the
/// browser that it was made for, in the session that saw it, for the very request that it was about
/// (AC-10). No cookie says that somebody has agreed; what they agree to is a fact in the record, in
/// one transaction with the code that comes of it. An answer that counts once leaves no such fact.
final class ConsentEndpoint {
  private static final String OUT_OF_DATE =
      "This question is out of date. Go back to the application and try again.";

  private final ConsentGate gate;
  private final ConsentPage page;
  private final Browser browser;
  private final UsableSessions sessions;
  private final FlowRules rules;
  private final Answering answering;

  ConsentEndpoint(
      ConsentGate gate,
      ConsentPage page,
      Browser browser,
      UsableSessions sessions,
      FlowRules rules,
      Answering answering) {
    this.gate = gate;
    this.page = page;
    this.browser = browser;
    this.sessions = sessions;
    this.rules = rules;
    this.answering = answering;
  }

  /// How the client is answered, and where it is recorded.
  record Answering(
      CodeAnswer codes, AuthorizationAnswer errors, Journal journal, InstantSource clock) {}

  /// Goes on to the client with a code, or asks first.
  Response unlessAsked(Request request, Valid waiting, Session session, Person person) {
    var question = gate.question(waiting, person);
    if (question.isEmpty()) {
      return answering
          .codes()
          .of(request, waiting, session, gate.unasked(waiting, person), List.of());
    }
    return waiting.wishes().prompt() == Prompt.NONE
        ? refused(
            request,
            waiting,
            person,
            new OAuthError(ErrorCode.CONSENT_REQUIRED, "the person must be asked"),
            new Evidence("consent", "given before", "not given", "AC-14"))
        : asked(request, waiting, session, person, question.get());
  }

  private Response asked(
      Request request, Valid waiting, Session session, Person person, Question question) {
    var binding = browser.binding(request);
    var proof =
        new ConsentPage.Proof(
            FormToken.of(binding).value(),
            Browser.agreement(binding, session, gate.text(waiting, person)));
    return browser.bound(page.of(waiting, person, question, proof), binding);
  }

  /// Takes the answer.
  Response answered(Request request, Valid waiting, Form form) {
    var visitor =
        sessions
            .present(request, waiting)
            .filter(one ->
                browser.agreed(
                    request,
                    one.session(),
                    gate.text(waiting, one.person()),
                    form.one("agreement")))
            .filter(one -> gate.isInTime(waiting, one, answering.clock().instant()));
    if (visitor.isEmpty()) {
      record(
          request,
          waiting,
          Optional.empty(),
          new OAuthError(ErrorCode.ACCESS_DENIED, "not the answer to a question of ours"),
          new Evidence(
              "agreement", "for this browser, session and request, in time", "another", "AC-10"));
      return Pages.error(403, OUT_OF_DATE, request.correlationId());
    }
    var upstream = visitor.get().session().upstream().map(Session.Upstream::id);
    return rules
        .refusal(request, waiting, visitor.get().person(), upstream, "authorize")
        .orElseGet(() -> decided(request, waiting, visitor.get(), form.one("decision").orElse("")));
  }

  private Response decided(Request request, Valid waiting, Visitor visitor, String decision) {
    // Everything but a plain yes is a no.
    if (!decision.equals("allow")) {
      return refused(
          request,
          waiting,
          visitor.person(),
          new OAuthError(ErrorCode.ACCESS_DENIED, "the person does not allow it"),
          new Evidence("consent", "given", "refused", "AC-6"));
    }
    return answering
        .codes()
        .of(
            request,
            waiting,
            visitor.session(),
            JsonObject.builder().put("consent", "given now").build(),
            gate.agreed(waiting, visitor.person()));
  }

  private Response refused(
      Request request, Valid waiting, Person person, OAuthError error, Evidence evidence) {
    record(request, waiting, Optional.of(person), error, evidence);
    return answering.errors().error(waiting.replyTo(), error, request.correlationId());
  }

  private void record(
      Request request,
      Valid waiting,
      Optional<Person> person,
      OAuthError error,
      Evidence evidence) {
    var findings = Findings.of(evidence);
    answering
        .journal()
        .refused(AuthorizeEndpoint.subject(request, waiting), error, findings.about(person));
  }
}
