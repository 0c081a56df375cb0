package dev.lanyard.server.audit;

import dev.lanyard.protocol.json.JsonObject;

/// An event as it was recorded.
///
/// @param sequence its number: later records have larger ones, some numbers are never used
public record AuditRecord(long sequence, AuditEvent event) {

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
