package dev.lanyard.server.authorization;

import static dev.lanyard.server.authorization.Pages.hidden;
import static dev.lanyard.server.http.Markup.escaped;

import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.authorization.AuthorizationRequest.Valid;
import dev.lanyard.server.authorization.ConsentGate.Question;
import dev.lanyard.server.authorization.FlowRules.Wanted;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.sessions.FormToken;
import java.net.URI;
import java.time.Duration;

/// Asks a person what a client may do for them: who it is, what it wants in words, where, and where
/// the answer goes (AC-9). A client says its name itself, so what can be relied on stands beside
/// it: the host that gets the answer, and the host of its metadata document if it has one.
final class ConsentPage {
  private final String action;

  /// @param action where the form is sent
  ConsentPage(String action) {
    this.action = action;
  }

  /// The secrets of the form.
  ///
  /// @param formToken proves that we made it for this browser
  /// @param agreement proves that we made it for this session and this question
  record Proof(String formToken, String agreement) {}

  Response of(Valid waiting, Person person, Question question, Proof proof) {
    var client = waiting.client();
    var body =
        new StringBuilder("<h1>Allow ")
            .append(escaped(client.name()))
            .append(" to act for you?</h1><p class=\"who\">You are signed in as <b>")
            .append(escaped(person.displayName()))
            .append("</b> (")
            .append(escaped(person.email().orElse(person.userName())))
            .append(").</p>");
    question.terms().wanted().forEach(wanted -> append(body, question, wanted));
    question.terms().lasting().ifPresent(life -> appendLasting(body, life));
    question
        .terms()
        .onceWithin()
        .ifPresent(_ -> body.append("<p>This counts once: the next time you are asked again.</p>"));
    appendClient(body, client, new Recipient(waiting.replyTo().redirectUri()));
    body.append("<form method=\"post\" action=\"")
        .append(escaped(action))
        .append("\">")
        .append(hidden(FormToken.FIELD, proof.formToken()))
        .append(hidden("agreement", proof.agreement()))
        .append(hidden("authorization", waiting.query()))
        .append("<button type=\"submit\" name=\"decision\" value=\"allow\">Allow</button>")
        .append("<button type=\"submit\" name=\"decision\" value=\"deny\" class=\"second\">")
        .append("Do not allow</button></form>");
    return Pages.page(200, "Allow access?", body);
  }

  private static void append(StringBuilder body, Question question, Wanted wanted) {
    var added = question.added(wanted);
    var before =
        Scopes.of(wanted.scopes().values().stream().filter(one -> !added.contains(one)).toList());
    body.append("<h2>")
        .append(escaped(wanted.name()))
        .append("</h2><p><small>")
        .append(escaped(wanted.resource().value()))
        .append("</small></p>");
    if (wanted.scopes().isEmpty()) {
      body.append("<p>It wants to use it in your name.</p>");
    }
    if (!added.isEmpty()) {
      body.append(before.isEmpty() ? "<p>It wants to:</p>" : "<p>It now also wants to:</p>");
      appendWords(body, wanted, added);
    }
    if (!before.isEmpty()) {
      body.append("<p>You have allowed before:</p>");
      appendWords(body, wanted, before);
    }
  }

  static void appendWords(StringBuilder body, Wanted wanted, Scopes scopes) {
    body.append("<ul>");
    for (var scope : scopes.values()) {
      body.append("<li>");
      var words = wanted.words().getOrDefault(scope, "");
      if (!words.isEmpty()) {
        body.append(escaped(words)).append(' ');
      }
      body.append("<small><code>").append(escaped(scope)).append("</code></small></li>");
    }
    body.append("</ul>");
  }

  private static void appendLasting(StringBuilder body, Duration life) {
    body.append("<p>It keeps this without asking again for up to ")
        .append(inWords(life))
        .append(", unless you take it back.</p>");
  }

  private static String inWords(Duration life) {
    return life.toDays() > 1 ? life.toDays() + " days" : Math.max(1, life.toHours()) + " hours";
  }

  private static void appendClient(StringBuilder body, Client client, Recipient recipient) {
    body.append("<p>Your answer goes to <b>").append(escaped(recipient.inWords())).append("</b>.");
    if (client.id().value().startsWith("https://")) {
      body.append(" The application says what it is at <b>")
          .append(escaped(String.valueOf(URI.create(client.id().value()).getHost())))
          .append("</b>.");
    }
    body.append("</p>");
    if (recipient.isOnThisComputer()) {
      body.append("<p class=\"error\" role=\"alert\">This application runs on your computer and")
          .append(" cannot prove which one it is. Go on only if you have just started it")
          .append(" yourself.</p>");
    }
  }
}
