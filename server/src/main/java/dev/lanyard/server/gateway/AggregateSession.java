package dev.lanyard.server.gateway;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.sessions.OpaqueToken;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A session of a client at an aggregate. What any node needs to know of it stands in its id: by
/// which revision the client speaks, and what it can do for servers. Whose it is the record knows,
/// like of every other: whoever makes one up has none.
///
/// @param abilities a letter for each
record AggregateSession(String id, String abilities, String revision) {
  private static final Pattern ID =
      Pattern.compile("a([ser]*)\\.([0-9]{4}-[0-9]{2}-[0-9]{2})\\.[A-Za-z0-9_-]{10,100}");

  /// Those that have sessions, the newest first.
  static final List<String> REVISIONS =
      Era.REVISIONS.stream()
          .filter(one -> Era.of(one).filter(era -> era != Era.STATELESS).isPresent())
          .toList();

  /// What a client can do for servers.
  private enum Ability {
    SAMPLING,
    ELICITATION,
    ROOTS;

    String member() {
      return name().toLowerCase(Locale.ROOT);
    }

    String letter() {
      return member().substring(0, 1);
    }
  }

  /// A new one.
  ///
  /// @param capabilities of the client
  /// @param wished the revision that it asks for
  static AggregateSession opened(JsonObject capabilities, String wished) {
    var revision = REVISIONS.contains(wished) ? wished : REVISIONS.getFirst();
    var abilities = new StringBuilder();
    for (var ability : Ability.values()) {
      if (capabilities.has(ability.member())) {
        abilities.append(ability.letter());
      }
    }
    var id = "a" + abilities + "." + revision + "." + OpaqueToken.identifier();
    return new AggregateSession(id, abilities.toString(), revision);
  }

  /// What stands for one where there are none: what this node has at servers for somebody, who can
  /// do nothing for those. No client can name it.
  static AggregateSession alone(Caller caller) {
    var name = String.join("\n", caller.subject(), caller.client().value());
    return new AggregateSession(name, "", Era.ALONE);
  }

  /// Whether there is none.
  boolean isAlone() {
    return revision.equals(Era.ALONE);
  }

  /// What an id says; empty if none of ours looks so.
  static Optional<AggregateSession> of(String id) {
    return Optional.of(ID.matcher(id))
        .filter(Matcher::matches)
        .filter(parts -> REVISIONS.contains(parts.group(2)))
        .map(parts -> new AggregateSession(id, parts.group(1), parts.group(2)));
  }

  /// What servers are told that the client can do.
  JsonObject capabilities() {
    var all = JsonObject.builder();
    for (var ability : Ability.values()) {
      if (abilities.contains(ability.letter())) {
        all.put(ability.member(), JsonObject.EMPTY);
      }
    }
    return all.build();
  }
}
