package dev.lanyard.server.diagnosis;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditRecord;
import java.util.List;
import java.util.Optional;

/// What is known about one request.
///
/// @param correlationId its whole id
/// @param causes why it was refused or failed, in the order of the record; empty if it was not
/// @param records what was recorded under the id, in the order of the record
/// @param related what else belongs to it, because it is about the same assertion, grant or token,
///   in the order of the record
public record Diagnosis(
    String correlationId,
    List<Cause> causes,
    List<AuditRecord> records,
    List<AuditRecord> related) {

  public Diagnosis {
    causes = List.copyOf(causes);
    records = List.copyOf(records);
    related = List.copyOf(related);
  }

  /// The person whom it is about.
  public Optional<String> person() {
    return records.stream().flatMap(one -> one.event().person().stream()).findFirst();
  }

  /// The client that asked, or that somebody said they were.
  public Optional<String> client() {
    return records.stream()
        .map(AuditRecord::event)
        .flatMap(one -> one.client().or(() -> one.told("claimed_client")).stream())
        .findFirst();
  }

  /// The connectors or MCP servers that were asked for.
  public Optional<String> target() {
    return List.of("connectors", "connector", "resource", "audience").stream()
        .flatMap(name -> records.stream().flatMap(one -> one.event().told(name).stream()))
        .filter(text -> !text.equals("[]"))
        .findFirst();
  }

  /// For programs.
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("correlation_id", correlationId)
        .putIfPresent("person", person())
        .putIfPresent("client", client())
        .putIfPresent("target", target())
        .put("causes", causes.stream().map(Cause::toJson).toList())
        .put("records", records.stream().map(AuditRecord::toJson).toList())
        .put("related", related.stream().map(AuditRecord::toJson).toList())
        .build();
  }
}
