package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.json.JsonObject;
import java.util.List;

/// Something that a reviewer decides about.
///
/// @param id by which it is named in decisions, such as `role:engineering`
/// @param title for people
/// @param lines the facts, for people
/// @param facts the same for programs
public record Item(String id, String title, List<String> lines, JsonObject facts) {
  public Item {
    lines = List.copyOf(lines);
  }

  JsonObject toJson() {
    return JsonObject.builder()
        .put("id", id)
        .put("title", title)
        .put("lines", lines)
        .put("facts", facts)
        .build();
  }
}
