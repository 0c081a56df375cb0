package dev.lanyard.server.gateway;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// A server that answers every call with a task, in the dialect in which it is called. Good by
/// default; a test spoils one thing.
final class TaskServer implements Upstream.Script {
  static final String RESULT = "{\"content\":[],\"structuredContent\":{\"id\":\"I-7\"}}";

  /// The id of each task.
  volatile String id = "t-1";

  /// How far it is.
  volatile String status = "working";

  /// What it says of itself when it is asked; empty for the same.
  volatile Optional<String> claims = Optional.empty();

  /// Whether it takes it that one is ended.
  volatile boolean ends = true;

  /// How often it has not taken it, and said so.
  final AtomicInteger refused = new AtomicInteger();

  /// How long it is kept, in milliseconds.
  volatile String life = "60000";

  /// What is beside the tasks of a list.
  volatile String more = "";

  @Override
  public void answer(Upstream.Seen request, Upstream.Wire wire) throws IOException {
    if (!request.method().equals("POST")) {
      wire.head(405, "Content-Length: 0");
      return;
    }
    try {
      var message = JsonObject.parse(request.body());
      if (!ends && message.nonEmptyString("method").equals("tasks/cancel")) {
        wire.head(503, "Content-Length: 0");
        refused.incrementAndGet();
        return;
      }
      boolean alone = "2026-07-28".equals(request.headers().get("mcp-protocol-version"));
      wire.json(
          "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":%s}"
              .formatted(
                  message.text("id").orElse("null"), alone ? alone(message) : inSession(message)));
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private String task(String id) {
    return "\"taskId\":\"%s\",\"status\":\"%s\",\"createdAt\":\"2026-11-30T10:00:00Z\",\"lastUpdatedAt\":\"2026-11-30T10:00:00Z\""
        .formatted(id, status);
  }

  private String inSession(JsonObject message) throws MalformedException {
    return switch (message.nonEmptyString("method")) {
      case "tools/call" -> "{\"task\":{%s,\"ttl\":%s}}".formatted(task(id), life);
      case "tasks/result" ->
          "{\"_meta\":{\"io.modelcontextprotocol/related-task\":{\"taskId\":\"%s\"}},%s"
              .formatted(id, RESULT.substring(1));
      case "tasks/list" -> "{\"tasks\":[{%s},{%s}]%s}".formatted(task(id), task("t-else"), more);
      default -> "{%s,\"ttl\":%s}".formatted(task(claims.orElse(id)), life);
    };
  }

  private String alone(JsonObject message) throws MalformedException {
    return switch (message.nonEmptyString("method")) {
      case "tools/call" -> "{\"resultType\":\"task\",%s,\"ttlMs\":%s}".formatted(task(id), life);
      case "tasks/get" ->
          "{\"resultType\":\"complete\",%s,\"ttlMs\":%s%s}"
              .formatted(
                  task(claims.orElse(id)),
                  life,
                  status.equals("completed") ? ",\"result\":" + RESULT : "");
      default -> "{\"resultType\":\"complete\"}";
    };
  }
}
