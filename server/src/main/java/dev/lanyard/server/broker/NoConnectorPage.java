package dev.lanyard.server.broker;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.authorization.AuthorizationRequest.Valid;
import dev.lanyard.server.authorization.Pages;
import dev.lanyard.server.broker.Admission.Why;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Markup;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.token.Paths;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/// What somebody reads whom policy gives no connector: who they are here, why there is nothing,
/// whom to ask, and the ways out of it. No script, and nothing that changes anything.
final class NoConnectorPage {
  private final Issuer self;
  private final Contact contact;

  NoConnectorPage(Issuer self, Contact contact) {
    this.self = self;
    this.contact = contact;
  }

  /// The ways on from the page, for an application that waits.
  ///
  /// @param back to the application, which is told the refusal and does not wait any longer
  /// @param again the same once more: groups may have changed meanwhile
  /// @param somebodyElse the same as another person
  record Ways(URI back, URI again, URI somebodyElse) {}

  /// @param back to the application, with the refusal
  /// @param upstream the provider that signed them in: only there their groups are asked for anew
  Ways ways(URI back, Valid waiting, Optional<String> upstream) {
    var again =
        upstream.map(id -> atUpstream(id, waiting)).orElseGet(() -> authorize(waiting.query()));
    return new Ways(back, again, authorize(withAccountChoice(waiting)));
  }

  private URI atUpstream(String id, Valid waiting) {
    var query = Form.builder().add("authorization", waiting.query()).build().encode();
    return URI.create(Paths.at(self, Paths.LOGIN + "/" + id) + "?" + query);
  }

  private URI authorize(String query) {
    return URI.create(Paths.at(self, Paths.AUTHORIZE) + "?" + query);
  }

  private static String withAccountChoice(Valid waiting) {
    try {
      var form = Form.parse(waiting.query(), Set.of("resource"));
      var changed = Form.builder();
      for (var name : form.names()) {
        if (!name.equals("prompt") && !name.equals("login_hint")) {
          form.all(name).forEach(value -> changed.add(name, value));
        }
      }
      return changed.add("prompt", "select_account").build().encode();
    } catch (MalformedException e) {
      throw new IllegalStateException("a request that was read once can be read again", e);
    }
  }

  Response of(Request request, Person person, Client client, Why why, Optional<Ways> ways) {
    var body =
        new StringBuilder("<h1>No connectors for you here</h1><p class=\"who\">Signed in as <b>")
            .append(Markup.escaped(person.displayName()))
            .append("</b> (")
            .append(Markup.escaped(person.email().orElse(person.userName())))
            .append(")</p><p class=\"error\" role=\"alert\">")
            .append(Markup.escaped(why.forPerson()))
            .append("</p>");
    appendContact(body, request.correlationId());
    ways.ifPresent(one -> append(body, client, one));
    body.append("<p><small>Reference for your administrator: ")
        .append(Markup.escaped(request.correlationId()))
        .append("</small></p>");
    return Pages.page(403, "No connectors", body);
  }

  private void appendContact(StringBuilder body, String correlationId) {
    body.append("<p>").append(Markup.escaped(contact.text())).append("</p>");
    contact
        .email()
        .ifPresent(email ->
            link(
                body,
                "",
                URI.create("mailto:" + email + "?subject=Connectors%20(" + correlationId + ")"),
                email));
    contact.url().ifPresent(url -> link(body, "", url, url.toString()));
  }

  private static void append(StringBuilder body, Client client, Ways ways) {
    link(body, "button", ways.back(), "Back to " + client.name());
    link(body, "button second", ways.again(), "I was given a role just now: try again");
    link(body, "", ways.somebodyElse(), "Sign in as somebody else");
  }

  private static void link(StringBuilder body, String style, URI target, String text) {
    body.append("<p><a");
    if (!style.isEmpty()) {
      body.append(" class=\"").append(style).append('"');
    }
    body.append(" href=\"")
        .append(Markup.escaped(target.toString()))
        .append("\">")
        .append(Markup.escaped(text))
        .append("</a></p>");
  }
}
