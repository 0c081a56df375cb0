package dev.lanyard.conformance;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.MirroredHeaders;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The arguments that a tool wants mirrored in headers of its calls (`x-mcp-header`).
///
/// @param headers from the name of the argument to the name of the header
/// @spec https://modelcontextprotocol.io/specification/2026-07-28/server/tools MCP 2026-07-28
record ToolHeaders(Map<String, String> headers) {
  private static final String ANNOTATION = "x-mcp-header";
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Set<String> MIRRORED = Set.of("string", "integer", "boolean");

  /// Reads the schema of a tool.
  ///
  /// @return empty if an annotation breaks the rules: the tool is not to be used
  static Optional<ToolHeaders> of(JsonObject tool) throws MalformedException {
    var schema = tool.object("inputSchema").orElse(JsonObject.EMPTY);
    var properties = schema.object("properties").orElse(JsonObject.EMPTY);
    var headers = new LinkedHashMap<String, String>();
    var taken = new HashSet<String>();
    for (var name : properties.names()) {
      var property = properties.object(name).orElse(JsonObject.EMPTY);
      if (property.has(ANNOTATION)) {
        var header = property.string(ANNOTATION).orElse("");
        boolean isGood =
            TOKEN.matcher(header).matches()
                && MIRRORED.contains(property.string("type").orElse(""))
                && taken.add(header.toLowerCase(Locale.ROOT));
        if (!isGood) {
          return Optional.empty();
        }
        headers.put(name, "Mcp-Param-" + header);
      }
    }
    return Optional.of(new ToolHeaders(headers));
  }

  /// The headers of one call; an argument that is `null` or not given has none.
  Map<String, String> mirrored(JsonObject arguments) throws MalformedException {
    var mirrored = new LinkedHashMap<String, String>();
    for (var header : headers.entrySet()) {
      var text = arguments.text(header.getKey()).filter(value -> !value.equals("null"));
      if (text.isPresent()) {
        boolean isString = text.get().startsWith("\"");
        var value = isString ? arguments.string(header.getKey()).orElseThrow() : text.get();
        mirrored.put(header.getValue(), MirroredHeaders.encoded(value));
      }
    }
    return mirrored;
  }
}
