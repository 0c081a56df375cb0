package dev.lanyard.server.tools;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpHeaders;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.protocol.mcp.McpRevision;
import dev.lanyard.protocol.mcp.MetaKey;
import dev.lanyard.protocol.mcp.MirroredHeaders;
import dev.lanyard.protocol.mcp.TasksExtension;
import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// A server that is asked for its tools, over Streamable HTTP: with a session where it begins with
/// `initialize` (2025-03-26 to 2025-11-25), without one where it does not (2026-07-28).
///
/// It asks twice: as a client that can do nothing for the server, and as one that can do whatever
/// MCP has. Some servers show a tool only to the one or to the other.
///
/// Over HTTP it goes only where its [EgressClient] lets it and follows no redirect. It takes a
/// bounded number of pages and tools, and ends the sessions that it began. An answer that comes as
/// a stream of events must end: a server that keeps the stream open runs into the time limit.
///
/// @spec https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http
///   MCP transports
public final class ToolsClient {

  private static final int MOST_PAGES = 100;
  private static final int MOST_TOOLS = 2_000;
  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  /// Nobody answers what a server may ask then.
  private static final JsonObject EVERYTHING =
      JsonObject.builder()
          .put("roots", JsonObject.builder().put("listChanged", true).build())
          .put("sampling", ways("tools", "context"))
          .put("elicitation", ways("form", "url"))
          .put(
              "extensions",
              TasksExtension.extensions()
                  .with(
                      JsonObject.builder()
                          .put(
                              "io.modelcontextprotocol/ui",
                              JsonObject.builder()
                                  .put("mimeTypes", List.of("text/html;profile=mcp-app"))
                                  .build())
                          .build()))
          .build();

  private final Way way;
  private final Map<String, Secret> credentials;
  private final Map<String, String> session = new LinkedHashMap<>();
  private boolean stateless;
  private long nextId = 1;

  /// @param credentials headers by which we prove ourselves there
  public ToolsClient(EgressClient egress, URI url, Map<String, Secret> credentials) {
    this(new OverHttp(egress, url), credentials);
  }

  private record OverHttp(EgressClient egress, URI url) implements Way {
    @Override
    public EgressResult send(Map<String, String> headers, String body) {
      return egress.send(new EgressRequest("POST", url, headers, body));
    }

    @Override
    public void end(Map<String, String> headers) {
      // A server may refuse that (405), and then lets the session go by itself.
      var _ = egress.send(new EgressRequest("DELETE", url, headers, ""));
    }
  }

  /// @param credentials headers by which we prove ourselves there
  public ToolsClient(Way way, Map<String, Secret> credentials) {
    this.way = way;
    this.credentials = Map.copyOf(credentials);
  }

  /// How it is reached.
  public interface Way {
    /// Sends a message with `POST`.
    EgressResult send(Map<String, String> headers, String body);

    /// Ends the session that the headers name. Nothing depends on whether it succeeds.
    void end(Map<String, String> headers);
  }

  /// What became of asking.
  public sealed interface Answer {
    /// Its tools.
    ///
    /// @param tools as the server describes them, in its order
    /// @param more why there may be others; empty if these are all
    record Listed(List<JsonObject> tools, Optional<String> more) implements Answer {
      public Listed {
        tools = List.copyOf(tools);
      }

      private Listed but(String why) {
        return new Listed(tools, Optional.of("to a client that can be asked itself " + why));
      }

      private Listed and(Listed others) {
        var names = tools.stream().map(tool -> tool.text("name")).collect(Collectors.toSet());
        var both = new ArrayList<>(tools);
        others.tools.stream().filter(tool -> !names.contains(tool.text("name"))).forEach(both::add);
        return new Listed(both, more.or(others::more));
      }
    }

    /// It wants other credentials.
    record Unauthorized() implements Answer {}

    /// There is no list.
    ///
    /// @param why for an administrator
    record Failed(String why) implements Answer {}
  }

  /// Ends the conversation, with what there is to say about it.
  private static final class EndedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Answer answer;

    EndedException(Answer answer) {
      super(null, null, false, false);
      this.answer = answer;
    }
  }

  private static EndedException failed(String why) {
    return new EndedException(new Answer.Failed(why));
  }

  private static JsonObject ways(String... names) {
    var ways = JsonObject.builder();
    List.of(names).forEach(name -> ways.put(name, JsonObject.EMPTY));
    return ways.build();
  }

  /// Asks for all tools. For one use.
  public Answer tools() {
    return switch (asked(JsonObject.EMPTY)) {
      case Answer.Listed plain ->
          switch (asked(EVERYTHING)) {
            case Answer.Listed able -> able.and(plain);
            case Answer.Unauthorized() -> plain.but("it wants other credentials");
            case Answer.Failed(var why) -> plain.but(why);
          };
      case Answer none -> none;
    };
  }

  /// @param capabilities of whoever asks
  private Answer asked(JsonObject capabilities) {
    try {
      greet(capabilities);
      return pages(capabilities);
    } catch (EndedException e) {
      return e.answer;
    } finally {
      end();
    }
  }

  private void end() {
    if (session.containsKey(McpHeaders.SESSION)) {
      var headers = new LinkedHashMap<>(session);
      credentials.forEach((name, value) -> headers.put(name, value.reveal()));
      way.end(headers);
    }
    session.clear();
  }

  private void greet(JsonObject capabilities) throws EndedException {
    if (stateless) {
      return;
    }
    var params =
        JsonObject.builder()
            .put("protocolVersion", McpRevision.LAST_WITH_SESSIONS)
            .put("capabilities", capabilities)
            .put("clientInfo", clientInfo())
            .build();
    var answered = send(McpMethod.INITIALIZE, Optional.of(nextId), params);
    var reply = reply(answered, nextId);
    nextId++;
    if (answered.status() != OK || reply.filter(one -> one.has("result")).isEmpty()) {
      refuseStrangers(answered);
      // It knows no such method, or no such version: so it is one of those that need none.
      stateless = true;
      return;
    }
    answered.header(McpHeaders.SESSION).ifPresent(id -> session.put(McpHeaders.SESSION, id));
    session.put(McpHeaders.REVISION, version(reply.get()));
    var _ = send(McpMethod.INITIALIZED, Optional.empty(), JsonObject.EMPTY);
  }

  private static JsonObject clientInfo() {
    return JsonObject.builder().put("name", "lanyard").put("version", "1").build();
  }

  private static String version(JsonObject reply) throws EndedException {
    try {
      var result = reply.object("result").orElse(JsonObject.EMPTY);
      var version = result.nonEmptyString("protocolVersion");
      if (!version.matches("[0-9-]{1,20}")) {
        throw failed("it wants a protocol version that is none");
      }
      return version;
    } catch (MalformedException e) {
      throw failed("its answer to 'initialize' is not MCP: " + e.getMessage());
    }
  }

  private Answer.Listed pages(JsonObject capabilities) throws EndedException {
    var tools = new ArrayList<JsonObject>();
    var cursors = new HashSet<String>();
    var cursor = Optional.<String>empty();
    for (int page = 0; page < MOST_PAGES; page++) {
      var result = list(cursor, capabilities);
      try {
        tools.addAll(
            result
                .objects("tools")
                .orElseThrow(() -> new MalformedException("there is no member 'tools'")));
        cursor = result.string("nextCursor");
      } catch (MalformedException e) {
        throw failed("its list of tools is not MCP: " + e.getMessage());
      }
      if (tools.size() > MOST_TOOLS) {
        return new Answer.Listed(
            tools.subList(0, MOST_TOOLS), Optional.of("it has more than " + MOST_TOOLS));
      }
      if (cursor.isEmpty()) {
        return new Answer.Listed(tools, Optional.empty());
      }
      if (!cursors.add(cursor.get())) {
        throw failed("its list of tools has no end: a cursor comes a second time");
      }
    }
    throw failed("its list of tools has more than " + MOST_PAGES + " pages");
  }

  private JsonObject list(Optional<String> cursor, JsonObject capabilities) throws EndedException {
    var params = JsonObject.builder().putIfPresent("cursor", cursor);
    if (stateless) {
      params.put(MetaKey.META, MetaKey.ofRequest(clientInfo(), capabilities));
    }
    long id = nextId++;
    var answered = send(McpMethod.TOOLS_LIST, Optional.of(id), params.build());
    refuseStrangers(answered);
    var reply =
        reply(answered, id)
            .orElseThrow(() ->
                failed("it answers 'tools/list' with " + answered.status() + " and no JSON-RPC"));
    try {
      var error = reply.object("error");
      if (error.isPresent()) {
        throw failed("it refuses 'tools/list': " + error.get().text("message").orElse("no reason"));
      }
      return reply
          .object("result")
          .orElseThrow(() -> failed("its answer to 'tools/list' has no result"));
    } catch (MalformedException e) {
      throw failed("its answer to 'tools/list' is not JSON-RPC: " + e.getMessage());
    }
  }

  private static void refuseStrangers(EgressResult.Answered answered) throws EndedException {
    if (answered.status() == UNAUTHORIZED || answered.status() == FORBIDDEN) {
      throw new EndedException(new Answer.Unauthorized());
    }
  }

  private EgressResult.Answered send(String method, Optional<Long> id, JsonObject params)
      throws EndedException {
    var body = JsonObject.builder().put("jsonrpc", "2.0");
    id.ifPresent(number -> body.put("id", number));
    body.put("method", method);
    if (!params.isEmpty()) {
      body.put("params", params);
    }
    var headers = new LinkedHashMap<String, String>();
    headers.put("Content-Type", "application/json");
    headers.put("Accept", "application/json, text/event-stream");
    headers.putAll(session);
    if (stateless) {
      headers.put(McpHeaders.REVISION, McpRevision.STATELESS);
      headers.put(MirroredHeaders.METHOD, method);
    }
    credentials.forEach((name, value) -> headers.put(name, value.reveal()));
    return switch (way.send(headers, body.build().toJson())) {
      case EgressResult.Answered answered -> answered;
      case EgressResult.Refused(var why) -> throw failed("it may not be asked from here: " + why);
      case EgressResult.Failed(var why) -> throw failed("it cannot be reached: " + why);
    };
  }

  /// The reply to a request, alone or among the events of a stream.
  private static Optional<JsonObject> reply(EgressResult.Answered answered, long id) {
    boolean streamed =
        answered
            .header("content-type")
            .filter(type -> type.startsWith("text/event-stream"))
            .isPresent();
    return streamed
        ? EventStreamBody.messages(answered.body()).stream()
            .filter(message -> answers(message, id))
            .findFirst()
        : parsed(answered.body()).filter(message -> answers(message, id));
  }

  private static boolean answers(JsonObject message, long id) {
    return message.text("id").equals(Optional.of(String.valueOf(id)))
        && (message.has("result") || message.has("error"));
  }

  private static Optional<JsonObject> parsed(byte[] body) {
    try {
      return Optional.of(JsonObject.parseLarge(body));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }
}
