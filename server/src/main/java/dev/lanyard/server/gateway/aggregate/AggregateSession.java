package dev.lanyard.server.gateway.aggregate;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpRevision;
import dev.lanyard.server.gateway.front.Caller;
import dev.lanyard.server.gateway.message.Era;
import dev.lanyard.server.gateway.message.Message;
import dev.lanyard.server.sessions.OpaqueToken;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A session of a client at an aggregate. What any node needs to know of it stands in its id: by
/// which revision the client speaks, and what it can do for servers. Whose it is the record knows,
/// like of every other: whoever makes one up has none.
///
/// @param abilities a letter for each, and for each way of one
record AggregateSession(String id, String abilities, String revision) {
  private static final Pattern ID =
      Pattern.compile("a([a-z]{0,8})\\.([0-9]{4}-[0-9]{2}-[0-9]{2})\\.[A-Za-z0-9_-]{10,100}");

  /// Those that have sessions, the newest first.
  static final List<String> REVISIONS = McpRevision.ALL.stream().filter(Era::hasSessions).toList();

  /// What a client can do for servers, and in which ways. Whoever says no way of elicitation means
  /// forms, so a way is no less to be told than what it is a way of.
  ///
  /// @spec https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle MCP lifecycle
  private enum Ability {
    SAMPLING("s", "sampling"),
    SAMPLING_TOOLS("t", "sampling", "tools"),
    SAMPLING_CONTEXT("c", "sampling", "context"),
    ELICITATION("e", "elicitation"),
    ELICITATION_FORM("f", "elicitation", "form"),
    ELICITATION_URL("u", "elicitation", "url"),
    ROOTS("r", "roots"),
    ROOTS_CHANGES("l", "roots", "listChanged");

    private final String letter;
    private final String member;
    private final Optional<String> way;

    Ability(String letter, String member) {
      this.letter = letter;
      this.member = member;
      this.way = Optional.empty();
    }

    Ability(String letter, String member, String way) {
      this.letter = letter;
      this.member = member;
      this.way = Optional.of(way);
    }

    /// Whether a client says so.
    boolean isOf(JsonObject capabilities) throws MalformedException {
      var said = Message.said(capabilities, member).object(member);
      if (way.isEmpty() || said.isEmpty()) {
        return said.isPresent();
      }
      var ways = Message.said(said.get(), way.get());
      return this == ROOTS_CHANGES
          ? ways.bool(way.get()).orElse(false)
          : ways.object(way.get()).isPresent();
    }

    /// A way, as a client says it.
    JsonObject said() {
      var said = JsonObject.builder();
      way.ifPresent(name -> {
        if (this == ROOTS_CHANGES) {
          said.put(name, true);
        } else {
          said.put(name, JsonObject.EMPTY);
        }
      });
      return said.build();
    }
  }

  /// A new one.
  ///
  /// @param capabilities of the client
  /// @param wished the revision that it asks for
  /// @throws MalformedException if it says what it can do in another form than MCP has
  static AggregateSession opened(JsonObject capabilities, String wished) throws MalformedException {
    var revision = REVISIONS.contains(wished) ? wished : REVISIONS.getFirst();
    var abilities = new StringBuilder();
    for (var ability : Ability.values()) {
      if (ability.isOf(capabilities)) {
        abilities.append(ability.letter);
      }
    }
    var id = "a" + abilities + "." + revision + "." + OpaqueToken.identifier();
    return new AggregateSession(id, abilities.toString(), revision);
  }

  /// What stands for one where there are none: what this node has at servers for somebody, who can
  /// do nothing for those. No client can name it.
  static AggregateSession stateless(Caller caller) {
    var name = String.join("\n", caller.subject(), caller.client().value());
    return new AggregateSession(name, "", McpRevision.STATELESS);
  }

  /// Whether there is none.
  boolean isStateless() {
    return revision.equals(McpRevision.STATELESS);
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
    var all = new LinkedHashMap<String, JsonObject>();
    for (var ability : Ability.values()) {
      if (abilities.contains(ability.letter)) {
        all.merge(ability.member, ability.said(), JsonObject::with);
      }
    }
    var told = JsonObject.builder();
    all.forEach(told::put);
    return told.build();
  }
}
