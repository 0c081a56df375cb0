package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Scopes;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Members of JSON objects that people write.
final class Members {
  private Members() {}

  /// @throws MalformedException if there is another one: a misspelt rule must not be none
  static void only(JsonObject json, Set<String> known) throws MalformedException {
    for (var name : json.names()) {
      if (!known.contains(name)) {
        throw new MalformedException(
            "there is no rule '" + name + "'; the rules are " + new TreeSet<>(known));
      }
    }
  }

  /// Scopes in one text; an empty text is no scope at all.
  static Optional<Scopes> scopes(JsonObject json, String name) throws MalformedException {
    var text = json.string(name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(text.get().isEmpty() ? Scopes.NONE : Scopes.parse(text.get()));
  }
}
