package dev.lanyard.server.gateway.admission;

import dev.lanyard.protocol.mcp.McpRevision;
import dev.lanyard.server.gateway.message.Envelope;
import dev.lanyard.server.http.Response;
import java.util.List;

/// What is made of the wishes of somebody who was let in.
public interface Talk {
  /// The revisions of MCP that can be spoken, the newest first.
  default List<String> revisions() {
    return McpRevision.ALL;
  }

  /// `POST`, of which the body is JSON-RPC.
  Response messages(Admitted who, Envelope envelope);

  /// `GET`: a stream of what is said without being asked.
  Response stream(Admitted who);

  /// `DELETE`: the session is over.
  Response end(Admitted who);
}
