package dev.lanyard.server.export;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.audit.Outcome;

/// A record as an event of the Open Cybersecurity Schema Framework, version 1.8.0.
///
/// Sign-ins and tokens are *Authentication*, what happens to people *Account Change*, everything
/// else *Entity Management*: each has what its class requires whatever the record knows. The whole
/// evidence goes along as `unmapped`.
///
/// @spec https://schema.ocsf.io/1.8.0/categories/iam OCSF 1.8.0, Identity & Access Management
final class Ocsf {
  static final String VERSION = "1.8.0";

  private static final int IAM = 3;
  private static final int OTHER = 99;
  private static final int BY_CLASS = 100;
  private static final int INFORMATIONAL = 1;
  private static final int LOW = 2;
  private static final int MEDIUM = 3;

  private Ocsf() {}

  private enum Kind {
    ACCOUNT_CHANGE(3001),
    AUTHENTICATION(3002),
    ENTITY_MANAGEMENT(3004);

    private final int uid;

    Kind(int uid) {
      this.uid = uid;
    }

    static Kind of(String type) {
      var family = type.contains(".") ? type.substring(0, type.indexOf('.')) : type;
      return switch (family) {
        case "sign-in", "session", "token", "authorize", "consent", "client", "logout" ->
            AUTHENTICATION;
        case "person" -> ACCOUNT_CHANGE;
        default -> type.startsWith("scim.user.") ? ACCOUNT_CHANGE : ENTITY_MANAGEMENT;
      };
    }
  }

  static JsonObject of(AuditRecord record) {
    var event = record.event();
    var kind = Kind.of(event.type());
    int activity = activity(kind, event.type());
    var json =
        JsonObject.builder()
            .put("category_uid", IAM)
            .put("class_uid", kind.uid)
            .put("activity_id", activity)
            .put("activity_name", event.type())
            .put("type_uid", (long) kind.uid * BY_CLASS + activity)
            .put("time", event.at().toEpochMilli())
            .put("severity_id", severity(event.outcome()))
            .put("status_id", event.outcome() == Outcome.SUCCESS ? 1 : 2)
            .put("status", event.outcome() == Outcome.SUCCESS ? "Success" : "Failure")
            .putIfPresent("status_code", event.told("error"))
            .putIfPresent("status_detail", event.told("check"))
            .put("message", event.type() + " " + event.outcome().value())
            .put("metadata", metadata(record));
    switch (kind) {
      case AUTHENTICATION -> json.put("user", user(event)).put("service", service(event));
      case ACCOUNT_CHANGE -> json.put("user", user(event));
      case ENTITY_MANAGEMENT -> json.put("entity", entity(event));
    }
    return json.put("unmapped", JsonObject.builder().put("evidence", event.evidence()).build())
        .build();
  }

  private static JsonObject metadata(AuditRecord record) {
    var event = record.event();
    return JsonObject.builder()
        .put("version", VERSION)
        .put(
            "product",
            JsonObject.builder().put("name", "Lanyard").put("vendor_name", "Lanyard").build())
        .put("uid", Long.toString(record.sequence()))
        .put("correlation_uid", event.correlationId())
        .put("event_code", event.type())
        .put("log_name", "audit")
        .putIfPresent("tenant_uid", event.organisation())
        .build();
  }

  /// A person, or else the client for itself, or somebody of whom nothing is known.
  private static JsonObject user(AuditEvent event) {
    var who = event.person().or(event::client);
    return JsonObject.builder()
        .put("uid", who.orElse("unknown"))
        .put("name", who.orElse("unknown"))
        .build();
  }

  private static JsonObject service(AuditEvent event) {
    return JsonObject.builder().put("name", "Lanyard").putIfPresent("uid", event.client()).build();
  }

  private static JsonObject entity(AuditEvent event) {
    var type = event.type();
    return JsonObject.builder()
        .put("name", type.contains(".") ? type.substring(0, type.lastIndexOf('.')) : type)
        .put("type", type)
        .build();
  }

  private static int activity(Kind kind, String type) {
    var verb = type.substring(type.lastIndexOf('.') + 1);
    return switch (kind) {
      case AUTHENTICATION ->
          switch (verb) {
            case "sign-in" -> 1;
            case "ended", "logout", "sign-out" -> 2;
            default -> OTHER;
          };
      case ACCOUNT_CHANGE ->
          switch (verb) {
            case "created" -> 1;
            case "enabled" -> 2;
            case "password" -> 3;
            case "disabled" -> 5;
            case "deleted" -> 6;
            default -> OTHER;
          };
      case ENTITY_MANAGEMENT ->
          switch (verb) {
            case "created" -> 1;
            case "replaced", "patched", "published", "loaded" -> 3;
            case "deleted", "removed" -> 4;
            case "enabled" -> 8;
            case "disabled" -> 9;
            default -> OTHER;
          };
    };
  }

  private static int severity(Outcome outcome) {
    return switch (outcome) {
      case SUCCESS -> INFORMATIONAL;
      case REFUSED -> LOW;
      case FAULT -> MEDIUM;
    };
  }
}
