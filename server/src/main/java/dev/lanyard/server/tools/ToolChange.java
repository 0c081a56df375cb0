package dev.lanyard.server.tools;

import dev.lanyard.protocol.json.JsonObject;
import java.util.List;
import java.util.Optional;

/// A difference between what a server says of a tool and what was known.
///
/// @param kind what has happened
/// @param tool its name
/// @param former the hash before; empty for a new tool and for one that comes back
/// @param current the hash now; empty for one that is gone
/// @param suspicions in what is said now
public record ToolChange(
    Kind kind,
    String tool,
    Optional<String> former,
    Optional<String> current,
    List<Suspicion> suspicions) {
  public ToolChange {
    suspicions = List.copyOf(suspicions);
  }

  /// What has happened to a tool.
  public enum Kind {
    APPEARED("tool.new"),
    CHANGED("tool.changed"),
    DISAPPEARED("tool.removed");

    private final String event;

    Kind(String event) {
      this.event = event;
    }

    /// The type in the audit record.
    public String event() {
      return event;
    }
  }

  boolean isNew() {
    return kind == Kind.APPEARED;
  }

  JsonObject evidence(Sighting sighting) {
    return JsonObject.builder()
        .put("connector", sighting.connector())
        .put("tool", tool)
        .putIfPresent("former_hash", former)
        .putIfPresent("hash", current)
        .put("heard_by", sighting.by())
        .putAll(Suspicion.evidence(suspicions))
        .build();
  }
}
