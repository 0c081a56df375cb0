package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.json.JsonObject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// Which rules somebody has read: equal rules have equal versions, and no others have.
final class RulesVersion {
  private RulesVersion() {}

  /// @param rules with everything that is set
  static String of(JsonObject rules) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(rules.toBytes());
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash).substring(0, 22);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
