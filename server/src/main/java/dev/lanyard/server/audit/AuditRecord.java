package dev.lanyard.server.audit;

import dev.lanyard.protocol.json.JsonObject;

/// An event as it was recorded.
///
/// @param sequence its number: later records have larger ones, some numbers are never used
public record AuditRecord(long sequence, AuditEvent event) {
  static final String UNREADABLE = "unreadable";

  /// Stands in place of evidence that cannot be read.
  static JsonObject unreadable(String why) {
    return JsonObject.builder().put(UNREADABLE, why + "; run 'lanyard audit verify'").build();
  }

  /// Whether it can be read as it was written.
  public boolean isReadable() {
    return event.isReadable();
  }

  /// Whether it says all that happened. If not, nothing may be concluded from what it lacks: it
  /// cannot be read, or its evidence was too large to be recorded whole.
  public boolean isWhole() {
    return event.isWhole();
  }

  /// The same with less evidence, for whoever does not take so much of it.
  ///
  /// @param mostEvidence characters of JSON text, well above 8 Ki
  public AuditRecord shortened(int mostEvidence) {
    return new AuditRecord(
        sequence, event.withEvidence(EvidenceText.shortened(event.evidence(), mostEvidence)));
  }

  /// As it is printed, exported and told, with all evidence.
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("sequence", sequence)
        .put("at", event.at().toString())
        .put("type", event.type())
        .put("outcome", event.outcome().value())
        .put("correlation_id", event.correlationId())
        .putIfPresent("organisation", event.organisation())
        .putIfPresent("person", event.person())
        .putIfPresent("client", event.client())
        .put("evidence", event.evidence())
        .build();
  }
}
