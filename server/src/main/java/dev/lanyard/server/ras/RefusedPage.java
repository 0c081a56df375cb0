package dev.lanyard.server.ras;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.server.authorization.AuthorizationAnswer;
import dev.lanyard.server.authorization.AuthorizationRequest.Valid;
import dev.lanyard.server.authorization.Pages;
import dev.lanyard.server.authorization.upstream.Wishes.Prompt;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Markup;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import java.util.Optional;

/// Turns away whoever may not consent, and says whom to ask instead (AC-16). The client is told
/// `access_denied`, and no more.
final class RefusedPage {
  private static final String DENIED = "the person may not decide this by themselves";

  private final AuthorizationAnswer answers;
  private final Journal journal;

  RefusedPage(AuthorizationAnswer answers, Journal journal) {
    this.answers = answers;
    this.journal = journal;
  }

  Response of(Request request, Valid waiting, Person person, Evidence why, String event) {
    var error = new OAuthError(ErrorCode.ACCESS_DENIED, DENIED);
    journal.refused(
        new Journal.Subject(event, request.correlationId(), Optional.of(waiting.client().id())),
        error,
        Findings.of(why).about(person));
    return waiting.wishes().prompt() == Prompt.NONE
        ? answers.error(waiting.replyTo(), error, request.correlationId())
        : page(request, waiting, person, error);
  }

  private Response page(Request request, Valid waiting, Person person, OAuthError error) {
    var client = Markup.escaped(waiting.client().name());
    var back = answers.errorUrl(waiting.replyTo(), error, request.correlationId()).toString();
    var body =
        new StringBuilder("<h1>Your organisation decides this</h1>")
            .append("<p class=\"who\">Signed in as <b>")
            .append(Markup.escaped(person.displayName()))
            .append("</b> (")
            .append(Markup.escaped(person.email().orElse(person.userName())))
            .append(")</p><p class=\"error\" role=\"alert\">You cannot allow ")
            .append(client)
            .append(" this by yourself: your organisation decides which applications act for its")
            .append(" people, and with what.</p><p>Ask your administrator. Once it is allowed,")
            .append(" you will not be asked at all.</p><p><a class=\"button\" href=\"")
            .append(Markup.escaped(back))
            .append("\">Back to ")
            .append(client)
            .append("</a></p><p><small>Reference for your administrator: ")
            .append(Markup.escaped(request.correlationId()))
            .append("</small></p>");
    return Pages.page(403, "Your organisation decides this", body);
  }
}
