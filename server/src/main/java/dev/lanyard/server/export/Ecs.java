package dev.lanyard.server.export;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.audit.Outcome;
import java.util.List;

/// A record as a document of the Elastic Common Schema. What it has no field for goes along as
/// `lanyard.evidence`, as text, so that it cannot blow an index up.
///
/// @spec https://www.elastic.co/docs/reference/ecs ECS 8.17
final class Ecs {
  static final String VERSION = "8.17.0";

  private Ecs() {}

  static JsonObject of(AuditRecord record) {
    var event = record.event();
    var json =
        JsonObject.builder()
            .put("@timestamp", event.at().toString())
            .put("ecs", JsonObject.builder().put("version", VERSION).build())
            .put("message", event.type() + " " + event.outcome().value())
            .put(
                "event",
                JsonObject.builder()
                    .put("kind", "event")
                    .put("category", List.of(category(event.type())))
                    .put("type", List.of(type(event.type(), event.outcome())))
                    .put("action", event.type())
                    .put("outcome", outcome(event.outcome()))
                    .put("id", Long.toString(record.sequence()))
                    .put("sequence", record.sequence())
                    .put("dataset", "lanyard.audit")
                    .put("module", "lanyard")
                    .putIfPresent("reason", event.told("check"))
                    .build())
            .put("trace", JsonObject.builder().put("id", event.correlationId()).build())
            .put("observer", JsonObject.builder().put("product", "Lanyard").build());
    event.person().ifPresent(person -> json.put("user", id(person)));
    event.organisation().ifPresent(one -> json.put("organization", id(one)));
    return json.put(
            "lanyard",
            JsonObject.builder()
                .putIfPresent("client", event.client())
                .put("evidence", event.evidence().toJson())
                .build())
        .build();
  }

  private static JsonObject id(String id) {
    return JsonObject.builder().put("id", id).build();
  }

  private static String category(String type) {
    return switch (type.contains(".") ? type.substring(0, type.indexOf('.')) : type) {
      case "person", "scim" -> "iam";
      case "sign-in", "session", "token", "authorize", "client" -> "authentication";
      default -> "configuration";
    };
  }

  private static String type(String type, Outcome outcome) {
    if (outcome != Outcome.SUCCESS) {
      return "denied";
    }
    return switch (category(type)) {
      case "authentication" -> "start";
      case "iam" -> "user";
      default -> "change";
    };
  }

  private static String outcome(Outcome outcome) {
    return outcome == Outcome.SUCCESS ? "success" : "failure";
  }
}
