package dev.lanyard.protocol.mcp;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.json.StrictUtf8;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/// What headers repeat of a message, and how they write it. They must agree with the body, and only
/// the decoded value can be compared (RS-14, RS-15).
///
/// @spec https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http
///   MCP Streamable HTTP
public final class MirroredHeaders {
  /// Repeats the method.
  public static final String METHOD = "Mcp-Method";

  /// Repeats what [#nameIn] says.
  public static final String NAME = "Mcp-Name";

  /// Begins the names of those that repeat a parameter of a tool, as its schema wants.
  public static final String PARAMETER = "Mcp-Param-";

  private static final String ENCODED = "=?base64?";
  private static final String ENCODED_END = "?=";

  /// What a header can hold as it is.
  private static final Pattern PLAIN =
      Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?");

  private MirroredHeaders() {}

  /// Which parameter of a method [#NAME] repeats; empty if it repeats none.
  public static Optional<String> nameIn(String method) {
    return switch (method) {
      case McpMethod.TOOLS_CALL, McpMethod.PROMPTS_GET -> Optional.of("name");
      case McpMethod.RESOURCES_READ -> Optional.of("uri");
      case McpMethod.TASKS_GET, McpMethod.TASKS_UPDATE, McpMethod.TASKS_CANCEL ->
          Optional.of("taskId");
      default -> Optional.empty();
    };
  }

  /// Whether a header is one that repeats a parameter of a tool.
  public static boolean isParameter(String header) {
    return header.regionMatches(true, 0, PARAMETER, 0, PARAMETER.length());
  }

  /// A value as a header can say it: as it is, or in Base64.
  public static String encoded(String value) {
    boolean reads = PLAIN.matcher(value).matches() && !value.startsWith(ENCODED);
    return reads
        ? value
        : ENCODED
            + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))
            + ENCODED_END;
  }

  /// What a header says, decoded if it is encoded; empty if it is encoded badly.
  public static Optional<String> decoded(String header) {
    if (!header.startsWith(ENCODED) || !header.endsWith(ENCODED_END)) {
      return Optional.of(header);
    }
    int end = header.length() - ENCODED_END.length();
    if (end < ENCODED.length()) {
      return Optional.empty();
    }
    try {
      var text = header.substring(ENCODED.length(), end);
      var bytes = Base64.getDecoder().decode(text);
      // The decoder forgives missing padding and bits that nobody needs; not everybody's does.
      return Base64.getEncoder().encodeToString(bytes).equals(text)
          ? Optional.of(StrictUtf8.decode(bytes))
          : Optional.empty();
    } catch (IllegalArgumentException | MalformedException e) {
      // The decoder of Base64 has no other way to refuse.
      return Optional.empty();
    }
  }
}
