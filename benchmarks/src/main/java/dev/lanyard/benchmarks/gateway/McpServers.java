package dev.lanyard.benchmarks.gateway;

import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.EventSource;
import dev.lanyard.server.http.HttpServer;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Two MCP servers that cost next to nothing: one answers at once, the other after two
/// milliseconds, which is little for a real one. Their streams say nothing.
final class McpServers {
  static final String PROMPT = "prompt";
  static final String SLOWER = "slower";
  private static final Duration THOUGHT = Duration.ofMillis(2);
  private static final byte[] ANSWER =
      """
      {"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"hello"}]}}\
      """
          .getBytes(StandardCharsets.UTF_8);

  private McpServers() {}

  public static void main(String[] arguments) throws Exception {
    try (var server =
        HttpServer.bind(
            List.of(Loopback.listener(PROMPT), Loopback.listener(SLOWER)), Loopback.MANY)) {
      var streams = Route.get("/mcp", Access.PUBLIC, _ -> Response.events(new Silent()));
      server.serve(Map.of(PROMPT, List.of(atOnce(), streams), SLOWER, List.of(later(), streams)));
      Peer.serve(
          Map.of(
              PROMPT, String.valueOf(server.port(PROMPT)),
              SLOWER, String.valueOf(server.port(SLOWER))));
    }
  }

  private static Route atOnce() {
    return Route.post("/mcp", Access.PUBLIC, _ -> answer()).nonBlocking();
  }

  private static Route later() {
    return Route.post(
        "/mcp",
        Access.PUBLIC,
        _ -> {
          LockSupport.parkNanos(THOUGHT.toNanos());
          return answer();
        });
  }

  private static Response answer() {
    return Response.bytes(200, "application/json", ANSWER);
  }

  private static final class Silent implements EventSource {
    @Override
    public void opened(EventSource.Listener listener) {}

    @Override
    public Optional<String> next() {
      return Optional.empty();
    }

    @Override
    public void closed() {}
  }
}
