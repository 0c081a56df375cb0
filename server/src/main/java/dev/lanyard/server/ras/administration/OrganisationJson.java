package dev.lanyard.server.ras.administration;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.ras.organisations.IssuerEnrolment;
import dev.lanyard.server.ras.organisations.Organisation;
import dev.lanyard.server.ras.organisations.Proof;
import java.time.Instant;

/// Organisations as programs read them. Without anything that lets somebody in.
public final class OrganisationJson {
  private OrganisationJson() {}

  /// One that was invited.
  public static JsonObject of(EnrolledOrganisation organisation, Instant now) {
    return JsonObject.builder()
        .put("name", organisation.name())
        .put("state", organisation.state(now))
        .put("source", "invitation")
        .put("rules", organisation.rules().toJson())
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
        .put("due", issuer.due().toString())
        .build();
  }
}
