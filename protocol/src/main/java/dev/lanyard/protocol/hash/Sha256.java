package dev.lanyard.protocol.hash;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-256, which every Java runtime has. Thread-safe.
public final class Sha256 {
  private Sha256() {}

  /// The 32 bytes of the hash.
  public static byte[] of(byte[] bytes) {
    return digest().digest(bytes);
  }

  /// The 32 bytes of the hash of a text in UTF-8.
  public static byte[] of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /// A new one that has read nothing, for what comes in parts. It is not thread-safe.
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
