package dev.lanyard.server.administration;

import dev.lanyard.protocol.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/// What a value of the API looks like, as JSON Schema has it. Clients must expect more members than
/// are described, because objects grow, and none of a list that is empty.
///
/// @spec https://spec.openapis.org/oas/v3.1.1.html#schema-object OpenAPI 3.1 §4.8.24
public record Schema(JsonObject json) {
  private static final String TYPE = "type";

  public static Schema text() {
    return of("string");
  }

  /// A moment, as RFC 3339 has it.
  public static Schema time() {
    return new Schema(JsonObject.builder().put(TYPE, "string").put("format", "date-time").build());
  }

  public static Schema integer() {
    return of("integer");
  }

  public static Schema number() {
    return of("number");
  }

  public static Schema flag() {
    return of("boolean");
  }

  /// One of these words; there may be more one day.
  public static Schema word(String... words) {
    return new Schema(JsonObject.builder().put(TYPE, "string").put("enum", List.of(words)).build());
  }

  public static Schema list(Schema of) {
    return new Schema(JsonObject.builder().put(TYPE, "array").put("items", of.json).build());
  }

  /// By names that are not known beforehand.
  public static Schema map(Schema of) {
    return new Schema(
        JsonObject.builder().put(TYPE, "object").put("additionalProperties", of.json).build());
  }

  /// An object about whose members nothing is promised.
  public static Schema anything() {
    return new Schema(JsonObject.builder().put(TYPE, "object").build());
  }

  /// What every call answers that shows records.
  public static Schema auditRecord() {
    return object()
        .has("sequence", integer())
        .has("at", time())
        .has("type", text())
        .has("outcome", text())
        .has("correlation_id", text())
        .may("organisation", text())
        .may("person", text())
        .may("client", text())
        .has("evidence", anything())
        .build();
  }

  private boolean isList() {
    return json.has("items");
  }

  private static Schema of(String type) {
    return new Schema(JsonObject.builder().put(TYPE, type).build());
  }

  /// The same with a sentence about it.
  public Schema says(String description) {
    return new Schema(json.with(JsonObject.builder().put("description", description).build()));
  }

  public static Members object() {
    return new Members();
  }

  /// Collects the members of an object. Not thread-safe.
  public static final class Members {
    private final JsonObject.Builder properties = JsonObject.builder();
    private final List<String> required = new ArrayList<>();

    private Members() {}

    /// A member that is always there; a list is not if it is empty.
    public Members has(String name, Schema schema) {
      if (!schema.isList()) {
        required.add(name);
      }
      return may(name, schema);
    }

    /// A member that is there if there is something to say.
    public Members may(String name, Schema schema) {
      properties.put(name, schema.json());
      return this;
    }

    public Schema build() {
      return new Schema(
          JsonObject.builder()
              .put(TYPE, "object")
              .put("properties", properties.build())
              .put("required", required)
              .build());
    }
  }
}
