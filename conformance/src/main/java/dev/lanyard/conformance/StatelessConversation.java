package dev.lanyard.conformance;

import dev.lanyard.client.AccessSource;
import dev.lanyard.client.RefusedRequest;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.EmaExtension;
import dev.lanyard.protocol.mcp.MirroredHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A small client of MCP 2026-07-28, which the MCP Java SDK does not speak yet: every request
/// stands for itself. Access is the business of our library, as it is under the SDK.
///
/// @spec https://modelcontextprotocol.io/specification/2026-07-28/basic/transports MCP 2026-07-28
final class StatelessConversation implements McpConversation {
  private static final String META = "io.modelcontextprotocol/";
  private static final long UNSUPPORTED_VERSION = -32022;

  private final URI server;
  private final AccessSource access;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, ToolHeaders> mirrored = new HashMap<>();
  private String version;
  private long latestId;

  StatelessConversation(URI server, AccessSource access, String version) {
    this.server = server;
    this.access = access;
    this.version = version;
  }

  @Override
  public List<JsonObject> tools() throws MalformedException {
    var tools = new ArrayList<JsonObject>();
    for (var tool : request("tools/list", JsonObject.EMPTY).objects("tools").orElse(List.of())) {
      var headers = ToolHeaders.of(tool);
      if (headers.isPresent()) {
        mirrored.put(tool.string("name").orElseThrow(), headers.get());
        tools.add(tool);
      }
    }
    return tools;
  }

  /// Answers what the server asks in between, and calls once more with what it gave to keep.
  @Override
  public void call(String tool, JsonObject arguments) throws MalformedException {
    var parameters = JsonObject.builder().put("name", tool).put("arguments", arguments).build();
    var result = request("tools/call", parameters);
    while (result.string("resultType").equals(Optional.of("input_required"))) {
      var more =
          JsonObject.builder()
              .put("inputResponses", answers(result.object("inputRequests")))
              .putIfPresent("requestState", result.string("requestState"))
              .build();
      result = request("tools/call", parameters.with(more));
    }
  }

  private static JsonObject answers(Optional<JsonObject> asked) throws MalformedException {
    var answers = JsonObject.builder();
    var requests = asked.orElse(JsonObject.EMPTY);
    for (var name : requests.names()) {
      var request = requests.object(name).orElseThrow();
      if (request.string("method").equals(Optional.of("elicitation/create"))) {
        var content = JsonObject.builder().put("confirmed", true).build();
        answers.put(
            name, JsonObject.builder().put("action", "accept").put("content", content).build());
      }
    }
    return answers.build();
  }

  @Override
  public void browse() throws MalformedException {
    request("server/discover", JsonObject.EMPTY);
    var resources =
        request("resources/list", JsonObject.EMPTY).objects("resources").orElse(List.of());
    for (var resource : resources) {
      var uri = resource.string("uri").orElseThrow();
      request("resources/read", JsonObject.builder().put("uri", uri).build());
    }
    var prompts = request("prompts/list", JsonObject.EMPTY).objects("prompts").orElse(List.of());
    for (var prompt : prompts) {
      var name = prompt.string("name").orElseThrow();
      request("prompts/get", JsonObject.builder().put("name", name).build());
    }
  }

  /// @return the result
  /// @throws IllegalStateException if the server answers with an error, or grants no access
  JsonObject request(String method, JsonObject parameters) throws MalformedException {
    for (int attempt = 0; attempt <= RefusedRequest.MOST_RETRIES; attempt++) {
      var sent = sent(method, parameters);
      var response = sent.response;
      switch (response.statusCode()) {
        case 200 -> {
          return result(method, response);
        }
        case 401, 403 -> regain(sent);
        case 400 -> agree(response);
        default -> throw failed(method, response);
      }
    }
    throw new IllegalStateException(method + " is refused again and again");
  }

  private record Sent(HttpResponse<byte[]> response, Optional<String> authorization) {}

  private Sent sent(String method, JsonObject parameters) throws MalformedException {
    var request =
        HttpRequest.newBuilder(server)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .header("MCP-Protocol-Version", version)
            .header(MirroredHeaders.METHOD, method);
    var member = MirroredHeaders.nameIn(method);
    var name = member.isEmpty() ? Optional.<String>empty() : parameters.string(member.get());
    name.map(MirroredHeaders::encoded)
        .ifPresent(value -> request.header(MirroredHeaders.NAME, value));
    var headers = mirrored.get(name.orElse(""));
    if (method.equals("tools/call") && headers != null) {
      var arguments = parameters.object("arguments").orElse(JsonObject.EMPTY);
      headers.mirrored(arguments).forEach(request::header);
    }
    var credentials = access.headersFor(server, "POST", server);
    credentials.forEach(request::header);
    var body =
        JsonObject.builder()
            .put("jsonrpc", "2.0")
            .put("id", ++latestId)
            .put("method", method)
            .put("params", parameters.with(meta()))
            .build();
    try {
      var out = request.POST(BodyPublishers.ofByteArray(body.toBytes())).build();
      return new Sent(
          http.send(out, BodyHandlers.ofByteArray()),
          Optional.ofNullable(credentials.get("Authorization")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Every request says who sends it, and what the client can do (CLI-30).
  private JsonObject meta() {
    var capabilities =
        JsonObject.builder()
            .put("elicitation", JsonObject.EMPTY)
            .put("extensions", EmaExtension.extensions())
            .build();
    var self = JsonObject.builder().put("name", "lanyard-conformance").put("version", "1").build();
    var meta =
        JsonObject.builder()
            .put(META + "protocolVersion", version)
            .put(META + "clientInfo", self)
            .put(META + "clientCapabilities", capabilities)
            .build();
    return JsonObject.builder().put("_meta", meta).build();
  }

  private void regain(Sent sent) {
    var headers = sent.response.headers();
    var refused =
        RefusedRequest.of(
            sent.response.statusCode(),
            headers.allValues("WWW-Authenticate"),
            headers.firstValue("DPoP-Nonce"),
            sent.authorization);
    var obstacle = refused.overcome(access, server);
    if (obstacle.isPresent()) {
      throw new IllegalStateException("no access: " + obstacle.get());
    }
  }

  /// Takes another revision that both speak; this client speaks one.
  private void agree(HttpResponse<byte[]> response) throws MalformedException {
    var error = JsonObject.parse(response.body()).object("error").orElse(JsonObject.EMPTY);
    var supported =
        error.object("data").orElse(JsonObject.EMPTY).strings("supported").orElse(List.of());
    if (!error.integer("code").equals(Optional.of(UNSUPPORTED_VERSION))
        || !supported.contains("2026-07-28")) {
      throw failed("the request", response);
    }
    version = "2026-07-28";
  }

  private static JsonObject result(String method, HttpResponse<byte[]> response)
      throws MalformedException {
    var message = JsonObject.parse(response.body());
    return message.object("result").orElseThrow(() -> failed(method, response));
  }

  private static IllegalStateException failed(String method, HttpResponse<byte[]> response) {
    return new IllegalStateException(
        method
            + ": "
            + response.statusCode()
            + " "
            + new String(response.body(), StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    http.close();
  }
}
