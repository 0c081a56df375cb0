package dev.lanyard.server.tools;

import dev.lanyard.protocol.json.JsonObject;
import java.time.Instant;
import java.util.List;

/// One text that a server has said of a tool.
///
/// @param hash of all of it
/// @param definition as far as it is kept, see [ToolDefinition]
/// @param firstSeen when it was seen first
public record ToolVersion(String hash, JsonObject definition, Instant firstSeen) {
  /// Whether its text was too large to be kept, so that nothing can be said of what is in it.
  boolean isTooLarge(String tool) {
    return new ToolDefinition(tool, definition, hash).isTooLarge();
  }

  /// What [Inspection] finds in it.
  ///
  /// @param tool its name
  public List<Suspicion> suspicions(String tool) {
    return Inspection.of(new ToolDefinition(tool, definition, hash));
  }
}
