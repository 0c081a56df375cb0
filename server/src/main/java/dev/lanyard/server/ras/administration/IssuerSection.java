package dev.lanyard.server.ras.administration;

import static dev.lanyard.server.http.Markup.escaped;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.VerificationKey;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.server.ras.enrolment.Administrators;
import dev.lanyard.server.ras.enrolment.Enrolment;
import dev.lanyard.server.ras.enrolment.EnrolmentOffice;
import dev.lanyard.server.ras.enrolment.Looked;
import dev.lanyard.server.ras.enrolment.Seen;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.ras.organisations.IssuerEnrolment;
import dev.lanyard.server.ras.organisations.Proof;
import dev.lanyard.server.ras.organisations.ReplayPolicy;
import dev.lanyard.server.ras.organisations.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What the page says of one issuer, and what can be done with it at its stage. Not thread-safe.
final class IssuerSection {
  private final Enrolment enrolment;
  private final Administrators administrators;
  private final Forms forms;
  private final StringBuilder body;
  private final Notice notice;
  private final Instant now;

  IssuerSection(
      EnrolmentOffice office, Forms forms, StringBuilder body, Notice notice, Instant now) {
    this.enrolment = office.issuers();
    this.administrators = office.administrators();
    this.forms = forms;
    this.body = body;
    this.notice = notice;
    this.now = now;
  }

  void draw(EnrolledOrganisation organisation) {
    var issuers = organisation.issuers();
    var looks = enrolment.looks(issuers.stream().map(IssuerEnrolment::issuer).toList());
    for (var issuer : issuers) {
      draw(organisation, issuer, Optional.ofNullable(looks.get(issuer.issuer())));
    }
  }

  private void draw(
      EnrolledOrganisation organisation, IssuerEnrolment issuer, Optional<Looked> looked) {
    body.append("<h3>")
        .append(escaped(issuer.issuer().value()))
        .append("</h3><p>")
        .append(escaped(issuer.preset().title()))
        .append(", ")
        .append(escaped(issuer.isOver(now) ? "too late: name it again" : issuer.stage().value()))
        .append("</p>");
    shown(issuer, looked);
    noticed(issuer);
    switch (issuer.stage()) {
      case CLAIMED -> {
        tenant(issuer);
        proofs(organisation, issuer);
      }
      case PROVEN -> rules(issuer, "switch-on", "Switch it on");
      case PENDING -> {
        waiting(organisation, issuer);
        rules(issuer, "change", "Change the rules");
      }
      case ACTIVE -> {
        rules(issuer, "change", "Change the rules");
        comingBack(organisation.name(), issuer);
      }
    }
    forms.typed(Optional.empty());
    if (issuer.stage() != Stage.CLAIMED) {
      match(issuer);
    }
    open("remove-issuer", issuer);
    forms.close("Remove this provider", "second");
  }

  private void open(String action, IssuerEnrolment issuer) {
    forms.open(action);
    forms.hidden("issuer", issuer.issuer().value());
  }

  /// What it publishes, so that a person can compare it with what they know.
  private void shown(IssuerEnrolment issuer, Optional<Looked> looked) {
    if (looked.isEmpty()) {
      body.append("<p>It does not answer yet. Load this page again to see its keys.</p>");
      return;
    }
    seen(issuer, looked.get().seen());
    body.append("<p><small>Looked at ")
        .append(escaped(ago(looked.get().at())))
        .append(".</small></p>");
    open("look", issuer);
    forms.close("Look again", "second");
  }

  private String ago(Instant at) {
    var minutes = Duration.between(at, now).toMinutes();
    return minutes < 1 ? "just now" : minutes == 1 ? "a minute ago" : minutes + " minutes ago";
  }

  private void seen(IssuerEnrolment issuer, Seen seen) {
    switch (seen) {
      case Seen.Hidden(var reason) ->
          body.append("<p class=\"error\">It cannot be looked at: ")
              .append(escaped(reason))
              .append("</p>");
      case Seen.Shown(var metadata, var keys) -> {
        body.append("<p>Its keys, from <code>")
            .append(escaped(String.valueOf(metadata.endpoint(Endpoint.JWKS).orElseThrow())))
            .append("</code>:</p><ul>");
        keys.keys().forEach(key -> key(issuer, key));
        body.append("</ul>");
      }
    }
  }

  private void key(IssuerEnrolment issuer, VerificationKey key) {
    body.append("<li><code>")
        .append(escaped(key.keyId().orElse("no kid")))
        .append("</code> ")
        .append(escaped(key.algorithms().toString()))
        .append(" thumbprint <code>")
        .append(escaped(key.thumbprint()))
        .append("</code>")
        .append(issuer.rules().keys().count(key) ? "" : " <strong>does not count</strong>")
        .append("</li>");
  }

  /// What went wrong with its forms, and what they hold again.
  private void noticed(IssuerEnrolment issuer) {
    if (notice instanceof Notice.Trouble trouble && trouble.isAbout(issuer.issuer())) {
      OrganisationPage.alert(body, trouble.problem().detail());
      forms.typed(trouble.typedAgain());
    }
  }

  private void tenant(IssuerEnrolment issuer) {
    open("tenant", issuer);
    forms.hidden("seen", issuer.rules().version());
    forms.text(
        "tenant",
        "Your tenant, if the provider serves several (tenant); empty if not",
        "none",
        issuer.rules().tenant().orElse(""));
    forms.close("Set the tenant", "second");
  }

  /// Whoever is in can come back without a code.
  private void comingBack(String organisation, IssuerEnrolment issuer) {
    if (issuer.rules().tenant().isPresent()) {
      return;
    }
    int named = administrators.count(organisation, issuer.issuer());
    if (named > 0) {
      body.append("<p>")
          .append(named == 1 ? "1 administrator comes" : named + " administrators come")
          .append(" back at <code>")
          .append(escaped(administrators.back(organisation, issuer.issuer()).toString()))
          .append("</code>.</p>");
      open("forget-administrators", issuer);
      forms.close("Let nobody come back", "second");
    }
    body.append(
            "<p>To come back without a code, sign in there now. At your provider, register this")
        .append(" page as a public client (code with PKCE) with the redirect URI <code>")
        .append(escaped(administrators.callback(organisation, issuer.issuer()).toString()))
        .append("</code>.</p>");
    open("come-back", issuer);
    forms.text("client_id", "The client id that it has there", "client id", "");
    forms.close("Sign in there", "second");
  }

  private void match(IssuerEnrolment issuer) {
    body.append(
        "<p>Before anybody tries: who of your people would come in? Nothing is changed.</p>");
    forms.openForFile("match");
    forms.hidden("issuer", issuer.issuer().value());
    forms.file(
        "people", "An export of your people: CSV with the columns sub and email, or JSON lines");
    forms.close("Tell me", "second");
    if (notice instanceof Notice.Matched(var about, var report) && about.equals(issuer.issuer())) {
      new MatchSection(body).draw(report);
    }
  }

  private void proofs(EnrolledOrganisation organisation, IssuerEnrolment issuer) {
    body.append("<p>Prove that it is yours, in one of these ways. Publish this, as JSON:</p>");
    OrganisationPage.document(body, enrolment.challenge(issuer));
    body.append("<p>at <code>")
        .append(escaped(issuer.issuer().value()))
        .append("/.well-known/lanyard-challenge</code>, if you can write there:</p>");
    open("prove-document", issuer);
    forms.close("I have published it there");
    for (var domain : organisation.domains()) {
      body.append("<p>or at <code>https://")
          .append(escaped(domain.name()))
          .append(
              "/.well-known/lanyard-challenge</code>; the first assertion must then be about an")
          .append(" address of a proved domain:</p>");
      open("prove-domain", issuer);
      forms.hidden("domain", domain.name());
      forms.close("I have published it at " + domain.name());
    }
    body.append(
            "<p>or have your provider sign an ID-JAG for this server whose <code>nonce</code> or")
        .append(" <code>jti</code> is <code>")
        .append(escaped(issuer.challenge()))
        .append("</code>:</p>");
    open("prove-assertion", issuer);
    forms.area("assertion", "The ID-JAG");
    forms.close("Prove it by this");
  }

  private void waiting(EnrolledOrganisation organisation, IssuerEnrolment issuer) {
    body.append("<p>It waits for its first good assertion until ")
        .append(escaped(issuer.due().toString()));
    if (issuer.proof().equals(Optional.of(Proof.DOMAIN))) {
      body.append(", about an address of ")
          .append(escaped(String.join(" or ", organisation.provenDomains())));
    }
    body.append(".</p>");
  }

  private void rules(IssuerEnrolment issuer, String action, String button) {
    var rules = issuer.rules();
    open(action, issuer);
    forms.hidden("seen", rules.version());
    forms.box(
        "link_by_email",
        "An address of a proved domain identifies a person who is known here, once",
        rules.linkByEmail());
    forms.box(
        "create_people",
        "People who are not known are created at first sight",
        rules.createPeople());
    forms.box(
        "carry_actor",
        "Who acts for a person (act) is told to the services and kept in the record",
        rules.carryActor());
    replay(rules.replay());
    rules
        .tenant()
        .ifPresent(tenant ->
            body.append("<p>Only people of its tenant <code>")
                .append(escaped(tenant))
                .append("</code> come in. The operator can change it.</p>"));
    body.append("<p>What it may sign with:</p>");
    for (var algorithm : SigningAlgorithm.values()) {
      forms.box(algorithmBox(algorithm), algorithm.value(), rules.algorithms().contains(algorithm));
    }
    forms.text(
        "refused_keys",
        "Keys that do not count (kid or thumbprint)",
        "none",
        String.join(" ", rules.keys().refused()));
    forms.text(
        "pinned_keys",
        "The only keys that count (thumbprints); empty for all that are published",
        "all",
        String.join(" ", rules.keys().pinned()));
    forms.text(
        "revocation_caller",
        "What it calls this server when it ends people's sessions and tokens here (sub, Universal"
            + " Logout: the client id); empty if it may not",
        "none",
        rules.revocationCaller().orElse(""));
    forms.close(button);
  }

  /// The name of the box for an algorithm.
  static String algorithmBox(SigningAlgorithm algorithm) {
    return "algorithm-" + algorithm.value();
  }

  /// Whoever may use an assertion twice may use a stolen one: only the operator allows that (D-1).
  private void replay(String replay) {
    var allowed = ReplayPolicy.upTo(replay);
    if (allowed.size() > 1) {
      forms.choice(
          "replay",
          "How often an assertion is taken; only the operator can allow more",
          allowed,
          replay);
    } else {
      body.append("<p>Each assertion is taken once. Only the operator can allow more.</p>");
    }
  }
}
