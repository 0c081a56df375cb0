package dev.lanyard.server.library;

import dev.lanyard.server.yaml.YamlMap;
import java.util.Optional;

/// Texts that somebody is to read.
final class Texts {
  private Texts() {}

  static String nonBlank(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("is empty");
    }
    return text.strip();
  }

  /// A text that must be there.
  static Optional<String> required(YamlMap map, String key, String remedy) {
    if (!map.has(key)) {
      map.fault(key, "'" + key + "' is missing; " + remedy);
    }
    return map.attempt(key, Texts::nonBlank);
  }

  /// Owner and reason.
  static Optional<Justification> justification(YamlMap map) {
    var owner = required(map, "owner", "name who answers for it");
    var reason = required(map, "reason", "write why it is there");
    return owner.isPresent() && reason.isPresent()
        ? Optional.of(new Justification(owner.get(), reason.get()))
        : Optional.empty();
  }
}
