package dev.lanyard.server.gateway.aggregate;

import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.server.library.Tool;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What the things of several connectors are called at one endpoint: `linear__list_issues` for
/// tools and prompts, `linear+docs://handbook` for resources.
///
/// Clients cut names at 64 characters or refuse longer ones. A longer name loses its end to a hash
/// of all of it, which is found again among the tools that the role library names: no other can be
/// used. So every node says the same and remembers nothing.
public final class PartNames {
  private static final String AFTER_CONNECTOR = "__";
  private static final char AFTER_SCHEME = '+';
  private static final int LONGEST = 64;
  private static final int HASH_DIGITS = 10;

  private final List<Part> parts;
  private final Function<String, List<Tool>> tools;

  /// @param parts none of which is called as another one begins
  /// @param tools the tools of a connector that the role library names
  public PartNames(List<Part> parts, Function<String, List<Tool>> tools) {
    this.parts = List.copyOf(parts);
    this.tools = tools;
  }

  /// A thing of one connector.
  ///
  /// @param name as its server has it
  record Owned(Part part, String name) {}

  /// What a tool or a prompt is called here.
  static String shown(String connector, String name) {
    var whole = connector + AFTER_CONNECTOR + name;
    if (whole.length() <= LONGEST) {
      return whole;
    }
    return whole.substring(0, LONGEST - HASH_DIGITS - 1) + "_" + hash(whole);
  }

  /// What a resource is called here.
  static String shownUri(String connector, String uri) {
    return connector + AFTER_SCHEME + uri;
  }

  /// What an elicitation or a task is called here: no connector has the id of another one's.
  static String shownId(String connector, String id) {
    return connector + AFTER_SCHEME + id;
  }

  /// Whose a tool or a prompt is; empty if it is no part's.
  Optional<Owned> named(String shown) {
    return parts.stream()
        .filter(part -> shown.startsWith(part.connector() + AFTER_CONNECTOR))
        .findFirst()
        .map(part -> new Owned(part, name(part, shown)))
        .filter(owned -> !owned.name().isEmpty());
  }

  /// Whose a resource or a task is; empty if it is no part's.
  Optional<Owned> located(String shown) {
    return parts.stream()
        .filter(part -> shown.startsWith(part.connector() + AFTER_SCHEME))
        .findFirst()
        .map(part -> new Owned(part, shown.substring(part.connector().length() + 1)))
        .filter(owned -> !owned.name().isEmpty());
  }

  private String name(Part part, String shown) {
    var rest = shown.substring(part.connector().length() + AFTER_CONNECTOR.length());
    if (shown.length() < LONGEST) {
      return rest;
    }
    var known = tools.apply(part.connector()).stream().map(PartNames::plain).toList();
    // One that is called exactly so comes first.
    return known.contains(rest)
        ? rest
        : known.stream()
            .filter(name -> shown(part.connector(), name).equals(shown))
            .findFirst()
            .orElse(rest);
  }

  /// Prompts stand among the tools of the library, by a name that begins so.
  private static String plain(Tool tool) {
    return tool.name().startsWith("prompt:") ? tool.name().substring(7) : tool.name();
  }

  private static String hash(String whole) {
    var digest = Sha256.of(whole);
    return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
  }
}
