package dev.lanyard.protocol.oauth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// A value that must not be seen: a token, a client secret, a private key. Printing it shows
/// nothing (SEC-10). Equality takes the same time wherever the values differ.
public final class Secret {
  private final String value;

  public Secret(String value) {
    this.value = value;
  }

  /// The value itself; call it only where it leaves for its purpose.
  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret
        && MessageDigest.isEqual(
            value.getBytes(StandardCharsets.UTF_8), secret.value.getBytes(StandardCharsets.UTF_8));
  }

  /// The same for all, so that it tells nothing.
  @Override
  public int hashCode() {
    return 1;
  }

  @Override
  public String toString() {
    return "Secret[hidden]";
  }
}
