package dev.lanyard.server.governance.probe;

import dev.lanyard.protocol.json.JsonObject;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/// What servers have published, with the tag by which they tell whether it has changed: whoever
/// looks again need not send it again.
interface Documents {
  /// A document as it was sent last.
  record Kept(String etag, JsonObject document) {}

  Optional<Kept> find(URI place);

  /// Takes the place of what was kept.
  void keep(URI place, Kept document, Instant at);
}
