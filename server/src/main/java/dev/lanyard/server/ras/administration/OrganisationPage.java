package dev.lanyard.server.ras.administration;

import static dev.lanyard.server.http.Markup.escaped;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.authorization.Pages;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.ras.administration.Entrance.Visitor;
import dev.lanyard.server.ras.enrolment.Challenge;
import dev.lanyard.server.ras.enrolment.EnrolmentOffice;
import dev.lanyard.server.ras.enrolment.Problem;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation.Domain;
import dev.lanyard.server.ras.organisations.Flows;
import dev.lanyard.server.ras.organisations.Preset;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Draws the page of an organisation's administrator: what is known, what comes next, and one form
/// for each thing that can be done. Everything that comes from outside is escaped (SEC-16).
final class OrganisationPage {
  private final Issuer self;
  private final URI page;
  private final EnrolmentOffice office;
  private final Flows offered;
  private final InstantSource clock;

  /// @param page the URL of the page, from configuration
  OrganisationPage(
      Issuer self, URI page, EnrolmentOffice office, Flows offered, InstantSource clock) {
    this.self = self;
    this.page = page;
    this.office = office;
    this.offered = offered;
    this.clock = clock;
  }

  /// For whoever has not come in yet.
  Response door(int status, Optional<String> problem) {
    var body =
        new StringBuilder("<h1>Enrol your organisation</h1>")
            .append("<p>Enter the code that the operator of this server has given you.</p>");
    problem.ifPresent(text -> alert(body, text));
    body.append("<form method=\"post\" action=\"")
        .append(escaped(page + "/enter"))
        .append("\"><label for=\"code\">Code</label>")
        .append("<input id=\"code\" name=\"code\" autocomplete=\"off\" required>")
        .append("<button type=\"submit\">Come in</button></form>");
    return Pages.page(status, "Enrol your organisation", body);
  }

  static void alert(StringBuilder body, String text) {
    body.append("<p class=\"error\" role=\"alert\">").append(escaped(text)).append("</p>");
  }

  /// For whoever has asked too often.
  static Response tooOften() {
    var body = new StringBuilder("<h1>Too often</h1>");
    alert(
        body,
        "Your organisation has asked too often in this minute. Nothing was changed. Wait a minute,"
            + " then try again.");
    return Pages.page(429, "Too often", body).withHeader("Retry-After", "60");
  }

  /// The page, with what there is to say besides.
  Response of(Visitor visitor, Notice notice) {
    var organisation = visitor.organisation();
    var now = clock.instant();
    var body =
        new StringBuilder("<div class=\"wide\"><h1>")
            .append(escaped(organisation.name()))
            .append("</h1><p>")
            .append(escaped(meaning(organisation, now)))
            .append("</p>");
    if (notice instanceof Notice.Trouble trouble
        && organisation.issuers().stream().noneMatch(one -> trouble.isAbout(one.issuer()))) {
      alert(body, trouble.problem().detail());
    }
    var forms = new Forms(body, page, visitor.formToken().value());
    body.append("<h2>Identity providers</h2>");
    new IssuerSection(office, forms, body, notice, now).draw(organisation);
    claim(body, forms);
    body.append("<h2>Mail domains</h2>");
    organisation.domains().forEach(domain -> domain(body, forms, domain));
    forms.open("add-domain");
    forms.text("domain", "Another domain of yours", "acme.example", "");
    forms.close("Add");
    if (offered == Flows.BOTH) {
      flows(body, forms, organisation);
    }
    limits(body, organisation);
    forms.open("leave");
    forms.close("Leave", "second");
    return Pages.page(status(notice), organisation.name(), body.append("</div>"));
  }

  private static int status(Notice notice) {
    return switch (notice) {
      case Notice.Trouble(var problem, _) -> problem.code().equals(Problem.OVERTAKEN) ? 409 : 400;
      case Notice.None _, Notice.Matched _ -> 200;
    };
  }

  private static String meaning(EnrolledOrganisation organisation, Instant now) {
    return switch (organisation.state(now)) {
      case "invited" ->
          "Invited. Name your identity provider and prove that it is yours; until then nobody is"
              + " trusted.";
      case "proven" -> "Proven. Set the rules and switch your identity provider on.";
      case "pending" -> "Pending. The first good assertion of your provider makes it active.";
      case "active" -> "Active. Your people come in through your identity provider.";
      default -> "The invitation is over. Ask the operator for another one.";
    };
  }

  private static void claim(StringBuilder body, Forms forms) {
    body.append("<h3>Name an identity provider</h3>");
    forms.open("claim");
    body.append("<label for=\"preset\">Kind</label><select id=\"preset\" name=\"preset\">");
    for (var preset : Preset.values()) {
      body.append("<option value=\"")
          .append(preset.value())
          .append("\">")
          .append(escaped(preset.title() + ", such as " + preset.example()))
          .append("</option>");
    }
    body.append("</select>");
    forms.text("issuer", "Issuer, exactly as your provider writes it", "https://…", "");
    forms.close("Look at it");
  }

  private void domain(StringBuilder body, Forms forms, Domain domain) {
    body.append("<h3>").append(escaped(domain.name())).append("</h3>");
    if (domain.proof().isPresent()) {
      body.append("<p>Proved. Addresses of it may identify your people.</p>");
    } else {
      body.append("<p>Not proved. Publish this at <code>https://")
          .append(escaped(domain.name()))
          .append("/.well-known/lanyard-challenge</code>:</p>");
      document(body, office.issuers().challenge(domain));
      forms.open("check-domain");
      forms.hidden("domain", domain.name());
      forms.close("Check it");
    }
    forms.open("remove-domain");
    forms.hidden("domain", domain.name());
    forms.close("Remove " + domain.name(), "second");
  }

  /// The whole document, ready to be copied.
  static void document(StringBuilder body, Challenge challenge) {
    var document =
        JsonObject.builder().put("lanyard_challenges", List.of(challenge.toJson())).build();
    body.append("<pre>").append(escaped(document.toPrettyJson())).append("</pre>");
  }

  private static void flows(StringBuilder body, Forms forms, EnrolledOrganisation organisation) {
    body.append("<h2>People who decide by themselves</h2><p>Your identity provider decides what")
        .append(" your people can reach here. If you let them, they can also sign in here and")
        .append(" allow an application by themselves, which your provider does not see. If you")
        .append(" stop that, what they have allowed ends.</p>");
    forms.open("flows");
    forms.hidden("seen", organisation.rules().version());
    forms.box(
        "people_consent",
        "Let your people allow applications by themselves",
        organisation.rules().flows() == Flows.BOTH);
    forms.close("Set", "second");
  }

  private void limits(StringBuilder body, EnrolledOrganisation organisation) {
    body.append("<h2>To configure at your provider</h2><p>Audience of the assertions (ID-JAGs),")
        .append(" exactly: <code>")
        .append(escaped(self.value()))
        .append("</code></p>");
    organisation
        .rules()
        .ceiling()
        .ifPresent(scopes ->
            body.append("<p>Scopes that your people may have at most: <code>")
                .append(escaped(scopes.toString()))
                .append("</code></p>"));
    organisation
        .rules()
        .clients()
        .ifPresent(clients ->
            body.append("<p>Clients that they may use: <code>")
                .append(escaped(clients.toString()))
                .append("</code></p>"));
  }
}
