package dev.lanyard.server.audit;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.time.Instant;
import java.util.Optional;

/// One thing that happened.
///
/// @param type what, e.g. `token.redeem`, `sign-in`, `person.disabled`
/// @param correlationId of the request that caused it, as the caller was told
/// @param organisation whose
/// @param person about whom, our own id
/// @param client through which client
/// @param evidence every fact that decided, and the exact check that failed; never a token
public record AuditEvent(
    String type,
    Outcome outcome,
    Instant at,
    String correlationId,
    Optional<String> organisation,
    Optional<String> person,
    Optional<String> client,
    JsonObject evidence) {

  /// An event that is about no organisation, person or client, or not yet known to be.
  public static AuditEvent of(
      String type, Outcome outcome, Instant at, String correlationId, JsonObject evidence) {
    return new AuditEvent(
        type,
        outcome,
        at,
        correlationId,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        evidence);
  }

  /// A member of the evidence for people: a text as it is, anything else as JSON.
  public Optional<String> told(String member) {
    try {
      return evidence.string(member);
    } catch (MalformedException e) {
      return evidence.text(member);
    }
  }

  boolean isReadable() {
    return !evidence.has(AuditRecord.UNREADABLE);
  }

  boolean isWhole() {
    return isReadable() && !evidence.has(EvidenceText.SHORTENED);
  }

  public AuditEvent withEvidence(JsonObject other) {
    return new AuditEvent(type, outcome, at, correlationId, organisation, person, client, other);
  }

  public AuditEvent withOrganisation(String name) {
    return new AuditEvent(
        type, outcome, at, correlationId, Optional.of(name), person, client, evidence);
  }

  public AuditEvent withPerson(String id) {
    return new AuditEvent(
        type, outcome, at, correlationId, organisation, Optional.of(id), client, evidence);
  }

  public AuditEvent withClient(String id) {
    return new AuditEvent(
        type, outcome, at, correlationId, organisation, person, Optional.of(id), evidence);
  }
}
