package dev.lanyard.server.ras.administration;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.ras.organisations.IssuerEnrolment;
import dev.lanyard.server.ras.organisations.Organisation;
import dev.lanyard.server.ras.organisations.Proof;
import java.time.Instant;

/// Organisations as programs read them. Without anything that lets somebody in.
public final class OrganisationJson {
  private static final Schema VERSION =
      Schema.text().says("Of the rules beside it: `seen` of whoever changes them.");

  static final Schema SCHEMA = members().build();

  /// With the way in for its administrator.
  static final Schema CODED =
      members().has("page", Schema.text()).has("code", Schema.text().says("Shown once.")).build();

  static final Schema INVITATION =
      Schema.object()
          .has("name", Schema.text())
          .may("domains", Schema.list(Schema.text()))
          .may("vouched_domains", Schema.list(Schema.text()))
          .may("rules", Schema.anything())
          .build();

  static final Schema MATCH =
      Schema.object()
          .has("people", Schema.integer())
          .has("match", Schema.integer())
          .has("known", Schema.integer())
          .has("linked", Schema.integer())
          .has("created", Schema.integer())
          .has(
              "refused",
              Schema.list(
                  Schema.object()
                      .has("line", Schema.integer())
                      .has("sub", Schema.text())
                      .has("check", Schema.text())
                      .has("expected", Schema.text())
                      .has("actual", Schema.text())
                      .has("requirement", Schema.text())
                      .build()))
          .build();

  private OrganisationJson() {}

  private static Schema.Members members() {
    var domain = Schema.object().has("domain", Schema.text()).may("proof", Schema.text()).build();
    var issuer =
        Schema.object()
            .has("issuer", Schema.text())
            .may("preset", Schema.text())
            .may("stage", Schema.text())
            .may("proof", Schema.text())
            .may("rules", Schema.anything())
            .may("version", VERSION)
            .may("due", Schema.time())
            .build();
    return Schema.object()
        .has("name", Schema.text())
        .has("state", Schema.text())
        .has("source", Schema.word("configuration", "invitation"))
        .may("rules", Schema.anything())
        .may("version", VERSION)
        .may("domains", Schema.list(domain))
        .has("issuers", Schema.list(issuer))
        .may("invited_until", Schema.time())
        .may("created_at", Schema.time());
  }

  /// One that was invited.
  public static JsonObject of(EnrolledOrganisation organisation, Instant now) {
    return JsonObject.builder()
        .put("name", organisation.name())
        .put("state", organisation.state(now))
        .put("source", "invitation")
        .put("rules", organisation.rules().toJson())
        .put("version", organisation.rules().version())
        .put("domains", organisation.domains().stream().map(OrganisationJson::domain).toList())
        .put("issuers", organisation.issuers().stream().map(OrganisationJson::issuer).toList())
        .put("invited_until", organisation.due().toString())
        .put("created_at", organisation.createdAt().toString())
        .build();
  }

  /// One of the configuration, which cannot be changed here.
  public static JsonObject of(Organisation organisation) {
    return JsonObject.builder()
        .put("name", organisation.name())
        .put("state", "active")
        .put("source", "configuration")
        .put(
            "issuers",
            organisation.providers().stream()
                .map(one -> JsonObject.builder().put("issuer", one.issuer().value()).build())
                .toList())
        .build();
  }

  private static JsonObject domain(EnrolledOrganisation.Domain domain) {
    return JsonObject.builder()
        .put("domain", domain.name())
        .putIfPresent("proof", domain.proof().map(Proof::value))
        .build();
  }

  private static JsonObject issuer(IssuerEnrolment issuer) {
    return JsonObject.builder()
        .put("issuer", issuer.issuer().value())
        .put("preset", issuer.preset().value())
        .put("stage", issuer.stage().value())
        .putIfPresent("proof", issuer.proof().map(Proof::value))
        .put("rules", issuer.rules().toJson())
        .put("version", issuer.rules().version())
        .put("due", issuer.due().toString())
        .build();
  }
}
