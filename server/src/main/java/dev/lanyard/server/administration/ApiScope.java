package dev.lanyard.server.administration;

import dev.lanyard.protocol.oauth.Scopes;
import java.util.Arrays;
import java.util.Set;

/// What an access token for the API is good for at most. What its bearer may do of that is decided
/// by their duties, at each call.
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

  /// All of them, for whoever is bounded otherwise.
  static Set<ApiScope> each() {
    return Set.of(values());
  }
}
