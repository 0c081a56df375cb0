package dev.lanyard.server.tools;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
  private static final String ANNOTATION = "x-mcp-header";
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");

  /// Those of every tool are in the memory of every node, so a server must not write many.
  private static final int MOST = 32;

  private static final int DEEPEST = 8;
  private static final int LONGEST_HEADER = 64;

  /// How the record says that a tool has none.
  static final String NONE = "{}";

  /// Of all parameters of a tool together, in characters of their JSON text.
  private static final int LONGEST_TEXT = 4_096;

  public MirroredParameter {
    path = List.copyOf(path);
  }

  /// Those of a definition. What stands where the revision does not allow it, or cannot be the name
  /// of a header, is none: clients leave out the tool.
  ///
  /// @return empty if there are more than 32, one lies deeper than 8 names, a header is longer than
  ///   64 characters, or all are longer than 4,096
  static Optional<List<MirroredParameter>> of(JsonObject definition) {
    var found = new ArrayList<MirroredParameter>();
    boolean isWithin = collect(object(definition, "inputSchema"), new ArrayDeque<>(), found);
    return isWithin && text(found).length() <= LONGEST_TEXT
        ? Optional.of(List.copyOf(found))
        : Optional.empty();
  }

  /// @return false at the first that is too many: whatever comes after it is not looked at
  private static boolean collect(
      Optional<JsonObject> schema, Deque<String> path, List<MirroredParameter> found) {
    var properties = schema.flatMap(one -> object(one, "properties")).orElse(JsonObject.EMPTY);
    for (var name : properties.names()) {
      var property = object(properties, name);
      path.addLast(name);
      var header =
          property
              .flatMap(one -> string(one, ANNOTATION))
              .filter(one -> TOKEN.matcher(one).matches());
      if (header.isPresent()) {
        if (found.size() == MOST
            || path.size() > DEEPEST
            || header.get().length() > LONGEST_HEADER) {
          return false;
        }
        found.add(new MirroredParameter(header.get(), List.copyOf(path)));
      }
      if (!collect(property, path, found)) {
        return false;
      }
      path.removeLast();
    }
    return true;
  }

  /// As they are kept in the record; [#NONE] if there are none.
  static String text(List<MirroredParameter> parameters) {
    return JsonObject.builder()
        .put(
            "parameters",
            parameters.stream()
                .map(
                    one -> JsonObject.builder().put("header", one.header()).put("path", one.path()))
                .map(JsonObject.Builder::build)
                .toList())
        .build()
        .toJson();
  }

  /// Those that are kept so.
  static List<MirroredParameter> kept(String text) {
    var parameters = new ArrayList<MirroredParameter>();
    try {
      for (var one : JsonObject.parse(text).objects("parameters").orElse(List.of())) {
        parameters.add(
            new MirroredParameter(one.nonEmptyString("header"), one.strings("path").orElseThrow()));
      }
    } catch (MalformedException e) {
      throw new IllegalStateException("what is kept of a tool's headers is not readable", e);
    }
    return List.copyOf(parameters);
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
