package dev.lanyard.server.clients;

import dev.lanyard.protocol.oauth.Scopes;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/// What an access token for the JSON API of administrators is good for at most. What its bearer may
/// do of that is decided by their duties, at each call.
public enum ApiScope {
  /// Reads what is known about people, connectors, policy and kills.
  READ("lanyard.read", "read how things stand: people, connectors, policy, what was stopped"),
  /// Reads evidence: the audit record with its proofs, and who could reach what at a time.
  AUDIT("lanyard.audit", "read the audit record, and who could reach what at a time"),
  /// Changes something.
  ADMIN("lanyard.admin", "change whatever you may change, in your name");

  private final String value;
  private final String words;

  ApiScope(String value, String words) {
    this.value = value;
    this.words = words;
  }

  public String value() {
    return value;
  }

  /// What each means, for people, by its value.
  public static Map<String, String> words() {
    return Arrays.stream(values()).collect(Collectors.toMap(ApiScope::value, one -> one.words));
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
