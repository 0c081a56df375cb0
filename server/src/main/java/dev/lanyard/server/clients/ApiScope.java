package dev.lanyard.server.clients;

import dev.lanyard.protocol.oauth.Scopes;
import java.util.Arrays;

/// What an access token for the JSON API of administrators is good for at most. What its bearer may
/// do of that is decided by their duties, at each call.
public enum ApiScope {
  /// Reads what is known about people, connectors, policy and kills.
  READ("lanyard.read"),
  /// Reads evidence: the audit record with its proofs, and who could reach what at a time.
  AUDIT("lanyard.audit"),
  /// Changes something.
  ADMIN("lanyard.admin");

  private final String value;

  ApiScope(String value) {
    this.value = value;
  }

  public String value() {
    return value;
  }

  /// Every one.
  public static Scopes all() {
    return Scopes.of(Arrays.stream(values()).map(ApiScope::value).toList());
  }

  /// @throws IllegalArgumentException if there is none of this name
  static ApiScope parse(String text) {
    return Arrays.stream(values())
        .filter(one -> one.value.equals(text))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("unknown '" + text + "'; use some of: " + all()));
  }
}
