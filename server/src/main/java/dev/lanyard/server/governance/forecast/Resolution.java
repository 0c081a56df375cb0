package dev.lanyard.server.governance.forecast;

import dev.lanyard.protocol.json.JsonObject;
import java.time.Instant;

/// What was recorded of a connector's launch. Of several the last one stands; none is ever changed.
public sealed interface Resolution permits Launch, TakenBack {
  String connector();

  /// When it was recorded.
  Instant at();

  JsonObject toJson();
}
