package dev.lanyard.server.ras.administration;

import static dev.lanyard.server.authorization.Pages.escaped;

import dev.lanyard.protocol.jose.VerificationKey;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.server.ras.enrolment.Enrolment;
import dev.lanyard.server.ras.enrolment.Seen;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.ras.organisations.IssuerEnrolment;
import dev.lanyard.server.ras.organisations.Proof;
import java.time.Instant;
import java.util.Optional;

/// What the page says of one issuer, and what can be done with it at its stage. Not thread-safe.
final class IssuerSection {
  private final Enrolment enrolment;
  private final Forms forms;
  private final StringBuilder body;
  private final Instant now;

  IssuerSection(Enrolment enrolment, Forms forms, StringBuilder body, Instant now) {
    this.enrolment = enrolment;
    this.forms = forms;
    this.body = body;
    this.now = now;
  }

  void draw(EnrolledOrganisation organisation, IssuerEnrolment issuer) {
    body.append("<h3>")
        .append(escaped(issuer.issuer().value()))
        .append("</h3><p>")
        .append(escaped(issuer.preset().title()))
        .append(", ")
        .append(escaped(issuer.isOver(now) ? "too late: name it again" : issuer.stage().value()))
        .append("</p>");
    shown(issuer);
    switch (issuer.stage()) {
      case CLAIMED -> proofs(organisation, issuer);
      case PROVEN -> rules(issuer, "switch-on", "Switch it on");
      case PENDING -> {
        waiting(organisation, issuer);
        rules(issuer, "change", "Change the rules");
      }
      case ACTIVE -> rules(issuer, "change", "Change the rules");
    }
    open("remove-issuer", issuer);
    forms.close("Remove this provider", "second");
  }

  private void open(String action, IssuerEnrolment issuer) {
    forms.open(action);
    forms.hidden("issuer", issuer.issuer().value());
  }

  /// What it publishes now, so that a person can compare it with what they know.
  private void shown(IssuerEnrolment issuer) {
    switch (enrolment.look(issuer.issuer())) {
      case Seen.Hidden(var reason) ->
          body.append("<p class=\"error\">It cannot be looked at now: ")
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
}
