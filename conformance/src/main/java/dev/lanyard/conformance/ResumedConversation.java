package dev.lanyard.conformance;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A small client of MCP 2025-11-25 that comes back to a stream which the server has closed, when
/// the server said and where it ended: the MCP Java SDK does not. Knows nothing of access; none is
/// asked for where this is played.
///
/// @spec https://modelcontextprotocol.io/specification/2025-11-25/basic/transports MCP 2025-11-25
final class ResumedConversation implements McpConversation {
  private final URI server;
  private final HttpClient http = HttpClient.newHttpClient();
  private final String version;
  private Optional<String> session = Optional.empty();
  private long latestId;

  ResumedConversation(URI server, String version) throws MalformedException {
    this.server = server;
    this.version = version;
    var self = JsonObject.builder().put("name", "lanyard-conformance").put("version", "1").build();
    request(
        "initialize",
        JsonObject.builder()
            .put("protocolVersion", version)
            .put("capabilities", JsonObject.EMPTY)
            .put("clientInfo", self)
            .build());
    var initialized =
        JsonObject.builder().put("jsonrpc", "2.0").put("method", "notifications/initialized");
    sent(post(initialized.build())).close();
  }

  @Override
  public List<JsonObject> tools() throws MalformedException {
    return request("tools/list", JsonObject.EMPTY).objects("tools").orElse(List.of());
  }

  @Override
  public void call(String tool, JsonObject arguments) throws MalformedException {
    request(
        "tools/call", JsonObject.builder().put("name", tool).put("arguments", arguments).build());
  }

  @Override
  public void browse() throws MalformedException {
    request("ping", JsonObject.EMPTY);
  }

  private JsonObject request(String method, JsonObject parameters) throws MalformedException {
    long id = ++latestId;
    var message =
        JsonObject.builder()
            .put("jsonrpc", "2.0")
            .put("id", id)
            .put("method", method)
            .put("params", parameters)
            .build();
    var stream = new Resumption();
    var request = post(message);
    while (true) {
      try (var answer = sent(request)) {
        var result = stream.read(answer, id);
        if (result.isPresent()) {
          return result.get();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      request = stream.next();
    }
  }

  private HttpRequest.Builder base() {
    var request = HttpRequest.newBuilder(server).header("MCP-Protocol-Version", version);
    session.ifPresent(id -> request.header("Mcp-Session-Id", id));
    return request;
  }

  private HttpRequest post(JsonObject message) {
    return base()
        .header("Content-Type", "application/json")
        .header("Accept", "application/json, text/event-stream")
        .POST(BodyPublishers.ofByteArray(message.toBytes()))
        .build();
  }

  /// An answer, whole or as a stream.
  private record Sent(BufferedReader body, boolean isStream) implements AutoCloseable {
    @Override
    public void close() {
      try {
        body.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private Sent sent(HttpRequest request) {
    try {
      HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
      session = response.headers().firstValue("Mcp-Session-Id").or(() -> session);
      var type = response.headers().firstValue("Content-Type").orElse("");
      var reader =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
      return new Sent(reader, type.startsWith("text/event-stream"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Where a stream ended, and when to come back to it.
  private final class Resumption {
    private Duration pause = Duration.ofSeconds(1);
    private Optional<String> latestEvent = Optional.empty();

    /// @return the result; empty if the stream ended before it
    Optional<JsonObject> read(Sent answer, long id) throws IOException, MalformedException {
      if (!answer.isStream()) {
        return Optional.of(result(answer.body().readAllAsString()));
      }
      for (var line = answer.body().readLine(); line != null; line = answer.body().readLine()) {
        if (line.startsWith("id: ")) {
          latestEvent = Optional.of(line.substring(4));
        } else if (line.startsWith("retry: ")) {
          pause = Duration.ofMillis(Long.parseLong(line.substring(7).strip()));
        } else if (line.startsWith("data: ") && !line.substring(6).isBlank()) {
          var message = JsonObject.parse(line.substring(6));
          if (message.integer("id").equals(Optional.of(id))) {
            return Optional.of(result(line.substring(6)));
          }
        }
      }
      return Optional.empty();
    }

    private static JsonObject result(String message) throws MalformedException {
      return JsonObject.parse(message)
          .object("result")
          .orElseThrow(() -> new IllegalStateException("an error: " + message));
    }

    HttpRequest next() {
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      var request = base().header("Accept", "text/event-stream").GET();
      latestEvent.ifPresent(event -> request.header("Last-Event-ID", event));
      return request.build();
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
