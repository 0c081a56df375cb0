package dev.lanyard.server.tools;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A parameter of a tool that clients repeat in a header, because the tool's schema says so.
///
/// @param header what follows `Mcp-Param-` in the name of the header
/// @param path the names that lead from the arguments to the value
/// @spec
///   https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#custom-headers-from-tool-parameters
///   MCP Streamable HTTP, Custom Headers from Tool Parameters
public record MirroredParameter(String header, List<String> path) {
  static final String ANNOTATION = "x-mcp-header";
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");

  public MirroredParameter {
    path = List.copyOf(path);
  }

  /// Those of a definition. What stands where the revision does not allow it, or cannot be the name
  /// of a header, is none: clients leave out the tool.
  static List<MirroredParameter> of(JsonObject definition) {
    var found = new ArrayList<MirroredParameter>();
    collect(object(definition, "inputSchema"), List.of(), found);
    return List.copyOf(found);
  }

  private static void collect(
      Optional<JsonObject> schema, List<String> path, List<MirroredParameter> found) {
    var properties = schema.flatMap(one -> object(one, "properties")).orElse(JsonObject.EMPTY);
    for (var name : properties.names()) {
      var property = object(properties, name);
      var here = new ArrayList<>(path);
      here.add(name);
      property
          .flatMap(one -> string(one, ANNOTATION))
          .filter(header -> TOKEN.matcher(header).matches())
          .ifPresent(header -> found.add(new MirroredParameter(header, here)));
      collect(property, here, found);
    }
  }

  private static Optional<JsonObject> object(JsonObject json, String member) {
    try {
      return json.object(member);
    } catch (MalformedException e) {
      // Whatever a server writes in a schema: where no object is, nothing is annotated.
      return Optional.empty();
    }
  }

  private static Optional<String> string(JsonObject json, String member) {
    try {
      return json.string(member);
    } catch (MalformedException e) {
      // As above.
      return Optional.empty();
    }
  }
}
