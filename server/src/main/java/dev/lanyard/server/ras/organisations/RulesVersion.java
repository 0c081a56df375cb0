package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.protocol.json.JsonObject;
import java.util.Base64;

/// Which rules somebody has read: equal rules have equal versions, and no others have.
final class RulesVersion {
  private RulesVersion() {}

  /// @param rules with everything that is set
  static String of(JsonObject rules) {
    var hash = Sha256.of(rules.toBytes());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(hash).substring(0, 22);
  }
}
