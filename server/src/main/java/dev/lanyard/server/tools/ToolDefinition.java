package dev.lanyard.server.tools;

import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.MetaKey;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/// What a server says of one tool, with the hash of it.
///
/// The hash is SHA-256 over the canonical JSON (RFC 8785) of everything that the server says of the
/// tool: name, title, description, the schemas, annotations, and whatever later revisions of MCP
/// add. What can reach a model must not change unseen. Of `_meta` it has what clients act on; the
/// rest is no part of what a tool is, and servers write there what changes with every answer.
///
/// @param name as the server calls it
/// @param json what it says, of `_meta` what counts
/// @param hash `sha256:` and 64 hexadecimal digits
/// @spec https://modelcontextprotocol.io/specification/2025-11-25/server/tools#data-types MCP Tools
public record ToolDefinition(String name, JsonObject json, String hash) {
  /// What a server says of itself to the model (`instructions`) is known among its tools under this
  /// name, which no tool may have.
  public static final String INSTRUCTIONS = "server:instructions";

  /// A longer name is none.
  private static final int LONGEST_NAME = 256;

  /// How much of a definition is kept, in characters of its JSON text.
  private static final int MOST_KEPT = 256 * 1024;

  /// Members of `_meta` by which clients choose what they show and whom they let call: MCP Apps
  /// (`ui`, before `ui/resourceUri`), and vendors' own.
  private static final Set<String> ACTED_ON = Set.of("ui", "securitySchemes");

  /// The same, by how they begin.
  private static final List<String> ACTED_ON_BELOW = List.of("ui/", "openai/", "anthropic/");

  private static final String TOO_LARGE = "too_large_to_keep";

  /// Reads a member of `tools`.
  ///
  /// @throws MalformedException if it has no name, one that is too long or holds control
  ///   characters, or [#INSTRUCTIONS]: such a tool cannot be kept apart from others
  public static ToolDefinition read(JsonObject tool) throws MalformedException {
    var name = tool.nonEmptyString("name");
    if (name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
      throw new MalformedException("the name of a tool is too long or holds control characters");
    }
    if (name.equals(INSTRUCTIONS)) {
      throw new MalformedException("no tool may be called '" + INSTRUCTIONS + "'");
    }
    var said = tool.without(MetaKey.META).with(acts(tool));
    return new ToolDefinition(name, said, hashOf(said));
  }

  /// Nothing, if there is none: so tools without it have the hash that they had before it counted.
  private static JsonObject acts(JsonObject tool) {
    JsonObject meta;
    try {
      meta = tool.object(MetaKey.META).orElse(JsonObject.EMPTY);
    } catch (MalformedException e) {
      // Nobody can act on it.
      return JsonObject.EMPTY;
    }
    var acts = JsonObject.builder();
    meta.names().stream()
        .filter(
            name -> ACTED_ON.contains(name) || ACTED_ON_BELOW.stream().anyMatch(name::startsWith))
        .forEach(name -> acts.putAll(meta.only(name)));
    var kept = acts.build();
    return kept.isEmpty() ? kept : JsonObject.builder().put(MetaKey.META, kept).build();
  }

  /// What a server says of itself.
  ///
  /// @param text of `instructions`
  public static ToolDefinition ofInstructions(String text) {
    var said = JsonObject.builder().put("name", INSTRUCTIONS).put("instructions", text).build();
    return new ToolDefinition(INSTRUCTIONS, said, hashOf(said));
  }

  boolean isInstructions() {
    return name.equals(INSTRUCTIONS);
  }

  /// Reads those members of `tools` that can be read. Nobody can have accepted a tool without a
  /// name, so the others stay quarantined.
  public static List<ToolDefinition> readable(List<JsonObject> tools) {
    var definitions = new ArrayList<ToolDefinition>();
    for (var tool : tools) {
      try {
        definitions.add(read(tool));
      } catch (MalformedException e) {
        continue;
      }
    }
    return definitions;
  }

  private static String hashOf(JsonObject said) {
    var digest = Sha256.of(said.toCanonicalJson());
    return "sha256:" + HexFormat.of().formatHex(digest);
  }

  /// What is kept of it: of one that is larger than anybody reads, only that it was.
  JsonObject kept() {
    int length = json.toJson().length();
    return length <= MOST_KEPT
        ? json
        : JsonObject.builder().put("name", name).put(TOO_LARGE, length).build();
  }

  /// Whether it is, or stands for, more than is kept.
  boolean isTooLarge() {
    return json.has(TOO_LARGE) || json.toJson().length() > MOST_KEPT;
  }
}
