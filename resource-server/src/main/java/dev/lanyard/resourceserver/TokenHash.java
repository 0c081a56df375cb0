package dev.lanyard.resourceserver;

import dev.lanyard.protocol.oauth.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Stands for a token in memory, so that a heap dump holds none.
///
/// @param hex the SHA-256 hash
record TokenHash(String hex) {
  static TokenHash of(Secret token) {
    try {
      var hash =
          MessageDigest.getInstance("SHA-256")
              .digest(token.reveal().getBytes(StandardCharsets.UTF_8));
      return new TokenHash(HexFormat.of().formatHex(hash));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
