package dev.lanyard.server.authorization;

import static dev.lanyard.server.authorization.Pages.hidden;
import static dev.lanyard.server.http.Markup.escaped;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.sessions.Consent;
import dev.lanyard.server.sessions.FormToken;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import dev.lanyard.server.token.Paths;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `/consents`: where a person sees what they have agreed to, and takes it back. Whoever is not
/// signed in signs in first.
final class AccessEndpoint {
  private final Issuer self;
  private final Consents consents;
  private final ClientRegistry clients;
  private final FlowRules rules;
  private final Guard guard;

  AccessEndpoint(
      Issuer self, Consents consents, ClientRegistry clients, FlowRules rules, Guard guard) {
    this.self = self;
    this.consents = consents;
    this.clients = clients;
    this.rules = rules;
    this.guard = guard;
  }

  /// Whose browser it is, and where refusals are recorded.
  record Guard(Browser browser, Visitors visitors, Journal journal) {}

  Response show(Request request) {
    var visitors = guard.visitors();
    return visitors
        .of(request)
        .map(visitor ->
            // Who comes back from a sign-in comes with a code, which is for nobody.
            request.query().isEmpty()
                ? page(request, visitor.person(), Optional.empty())
                : Response.redirect(Paths.at(self, Paths.CONSENTS)).noStore())
        .orElseGet(() -> visitors.signIn(request));
  }

  Response takeBack(Request request) {
    var visitor = guard.visitors().of(request);
    if (visitor.isEmpty()) {
      return guard.visitors().signIn(request);
    }
    var person = visitor.get().person();
    try {
      var form = Form.parse(request.body(), Set.of());
      if (!guard.browser().made(request, form)) {
        record(
            request, person, new Evidence(FormToken.FIELD, "of this browser", "another", "AC-10"));
        return Pages.error(
            403, "This form is out of date. Open the page again.", request.correlationId());
      }
      var client = ClientId.parse(form.required("client"));
      boolean taken =
          consents.withdraw(person, client, Source.of(Source.Kind.PERSON), request.correlationId());
      return page(
          request,
          person,
          Optional.of(taken ? "Taken back. " + name(client) + " has no access any more." : ""));
    } catch (MalformedException e) {
      record(request, person, new Evidence("form", "well-formed", e.getMessage(), "IDP-20"));
      return Pages.error(400, "This form is not valid.", request.correlationId());
    }
  }

  private void record(Request request, Person person, Evidence evidence) {
    guard
        .journal()
        .refused(
            new Journal.Subject("consent.withdraw", request.correlationId(), Optional.empty()),
            new OAuthError(ErrorCode.ACCESS_DENIED, evidence.check()),
            Findings.of(evidence).about(person));
  }

  private String name(ClientId client) {
    return clients.find(client).map(Client::name).orElse(client.value());
  }

  private Response page(Request request, Person person, Optional<String> done) {
    var binding = guard.browser().binding(request);
    var body =
        new StringBuilder("<h1 class=\"wide\">What you have allowed</h1><p class=\"who\">Signed in")
            .append(" as <b>")
            .append(escaped(person.displayName()))
            .append("</b>. <a href=\"")
            .append(escaped(Paths.at(self, Paths.LOGOUT).toString()))
            .append("\">Sign out</a></p>");
    done.filter(text -> !text.isEmpty())
        .ifPresent(text -> body.append("<p role=\"status\">").append(escaped(text)).append("</p>"));
    var agreed = byClient(person);
    if (agreed.isEmpty()) {
      body.append("<p>No application acts for you here by your consent.</p>");
    }
    agreed.forEach((client, resources) -> {
      body.append("<h2>").append(escaped(name(client))).append("</h2>");
      resources.forEach((resource, scopes) -> append(body, rules.described(resource, scopes)));
      body.append("<form method=\"post\" action=\"")
          .append(escaped(Paths.at(self, Paths.CONSENTS).toString()))
          .append("\">")
          .append(hidden(FormToken.FIELD, FormToken.of(binding).value()))
          .append(hidden("client", client.value()))
          .append("<button type=\"submit\" class=\"second\">Take back</button></form>");
    });
    return guard.browser().bound(Pages.page(200, "What you have allowed", body), binding);
  }

  private Map<ClientId, Map<ResourceIndicator, Scopes>> byClient(Person person) {
    var all = new LinkedHashMap<ClientId, Map<ResourceIndicator, Scopes>>();
    for (Consent one : consents.of(person.id())) {
      all.computeIfAbsent(one.client(), _ -> new LinkedHashMap<>())
          .merge(one.resource(), one.scopes(), Scopes::union);
    }
    return all;
  }

  private static void append(StringBuilder body, FlowRules.Wanted at) {
    body.append("<p>At <b>")
        .append(escaped(at.name()))
        .append("</b> <small>")
        .append(escaped(at.resource().value()))
        .append("</small></p>");
    ConsentPage.appendWords(body, at, at.scopes());
  }
}
