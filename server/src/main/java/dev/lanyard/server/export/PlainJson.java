package dev.lanyard.server.export;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditRecord;

/// A record in our own words.
final class PlainJson {
  private PlainJson() {}

  static JsonObject of(AuditRecord record) {
    var event = record.event();
    return JsonObject.builder()
        .put("sequence", record.sequence())
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
