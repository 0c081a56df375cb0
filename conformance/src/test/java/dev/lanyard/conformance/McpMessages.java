package dev.lanyard.conformance;

import java.net.URI;
import java.util.regex.Pattern;

/// The few messages of the Model Context Protocol that a raw test needs.
final class McpMessages {
  static final String ACCEPT = "application/json, text/event-stream";

  static final String INITIALIZE =
      """
      {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",\
      "capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}\
      """;

  private static final Pattern RESOURCE_METADATA =
      Pattern.compile("resource_metadata=\"([^\"]+)\"");

  private McpMessages() {}

  /// Where the challenge of a 401 says that the protected resource metadata is.
  static URI metadataAddress(Answer challenge) {
    var matcher = RESOURCE_METADATA.matcher(challenge.header("www-authenticate"));
    if (!matcher.find()) {
      throw new AssertionError("no resource_metadata in the challenge of " + challenge);
    }
    return URI.create(matcher.group(1));
  }
}
