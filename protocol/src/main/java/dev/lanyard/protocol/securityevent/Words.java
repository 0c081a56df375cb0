package dev.lanyard.protocol.securityevent;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.Locale;
import java.util.Optional;

/// Fixed words of the specifications as enums: `not-compliant` is `NOT_COMPLIANT`, `HIGH` is
/// itself.
final class Words {
  private Words() {}

  static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static <E extends Enum<E>> E required(JsonObject json, String name, Class<E> type)
      throws MalformedException {
    return optional(json, name, type)
        .orElseThrow(() -> new MalformedException("member '" + name + "' is absent"));
  }

  static <E extends Enum<E>> Optional<E> optional(JsonObject json, String name, Class<E> type)
      throws MalformedException {
    var text = json.string(name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    for (var word : type.getEnumConstants()) {
      if (text.get().equals(lower(word)) || text.get().equals(word.name())) {
        return Optional.of(word);
      }
    }
    throw new MalformedException("member '" + name + "' has an unknown word");
  }
}
