package dev.lanyard.server.gateway.admission;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.mcp.McpHeaders;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.protocol.mcp.McpRevision;
import dev.lanyard.protocol.mcp.MirroredHeaders;
import dev.lanyard.server.http.Method;
import dev.lanyard.server.http.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What is asked of one connector: as it came over HTTP, or as an aggregate asks one of its
/// connectors for somebody.
public interface Incoming {
  Method method();

  /// Every value of a header.
  List<String> headers(String name);

  Set<String> headerNames();

  byte[] body();

  String correlationId();

  /// What it is asked after.
  Attempt attempt();

  /// What something is asked after: what the gateway asks again and again, as long as a server is
  /// down, would fill the record with one outage.
  enum Attempt {
    /// Nothing: somebody wants it.
    FIRST,
    /// What was there has ended, and the gateway asks again by itself. It is in the record when it
    /// is there again, and when it is not.
    ENDED,
    /// It was not there the last time, which is in the record. It is there when that has changed.
    FAILED
  }

  /// The same, asked again.
  Incoming after(Attempt attempt);

  /// The session in which its client asks: where an aggregate asks for somebody, theirs there, and
  /// not the one that the aggregate has at the server for it.
  Optional<String> clientSession();

  /// The only value of a header; empty if it is absent or there are several.
  default Optional<String> header(String name) {
    var values = headers(name);
    return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
  }

  static Incoming of(Request request) {
    return new OverHttp(request, Attempt.FIRST);
  }

  /// As it came.
  record OverHttp(Request request, Attempt attempt) implements Incoming {
    @Override
    public Incoming after(Attempt other) {
      return new OverHttp(request, other);
    }

    @Override
    public Method method() {
      return request.method();
    }

    @Override
    public List<String> headers(String name) {
      return request.headers(name);
    }

    @Override
    public Set<String> headerNames() {
      return request.headerNames();
    }

    @Override
    public byte[] body() {
      return request.body();
    }

    @Override
    public String correlationId() {
      return request.correlationId();
    }

    @Override
    public Optional<String> clientSession() {
      return header(McpHeaders.SESSION);
    }
  }

  /// As an aggregate asks. Nothing is in it that the aggregate has not put there.
  ///
  /// @param named headers by their names in lower case
  /// @param clientSession of the client at the aggregate
  record Within(
      Method method,
      Map<String, String> named,
      byte[] body,
      String correlationId,
      Optional<String> clientSession,
      Attempt attempt)
      implements Incoming {
    private static final String JSON_OR_EVENTS = "application/json, text/event-stream";

    /// @param whole that it is a part of
    public static Within message(
        Incoming whole, JsonObject message, String revision, Optional<String> session) {
      return of(whole, Method.POST, headers(revision, session), message.toBytes());
    }

    private static Within of(
        Incoming whole, Method method, Map<String, String> named, byte[] body) {
      return new Within(
          method, named, body, whole.correlationId(), whole.clientSession(), Attempt.FIRST);
    }

    /// One of 2026-07-28, with the headers that repeat what is in it.
    ///
    /// @param whole that it is a part of; of a call the headers that repeat parameters are its own
    public static Within stateless(Incoming whole, JsonObject message) {
      var named = new HashMap<>(headers(McpRevision.STATELESS, Optional.empty()));
      var mirrored = Mirrored.headers(message);
      named.putAll(mirrored);
      if (mirrored.containsValue(McpMethod.TOOLS_CALL)) {
        for (var name : whole.headerNames()) {
          if (MirroredHeaders.isParameter(name)) {
            whole.header(name).ifPresent(value -> named.put(name.toLowerCase(Locale.ROOT), value));
          }
        }
      }
      return of(whole, Method.POST, Map.copyOf(named), message.toBytes());
    }

    public static Within bodiless(
        Incoming whole, Method method, String revision, Optional<String> session) {
      return of(whole, method, headers(revision, session), new byte[0]);
    }

    private static Map<String, String> headers(String revision, Optional<String> session) {
      var named = new HashMap<String, String>();
      named.put("accept", JSON_OR_EVENTS);
      named.put(McpHeaders.REVISION.toLowerCase(Locale.ROOT), revision);
      session.ifPresent(id -> named.put(McpHeaders.SESSION.toLowerCase(Locale.ROOT), id));
      return Map.copyOf(named);
    }

    @Override
    public Incoming after(Attempt other) {
      return new Within(method, named, body, correlationId, clientSession, other);
    }

    @Override
    public List<String> headers(String name) {
      var value = named.get(name.toLowerCase(Locale.ROOT));
      return value == null ? List.of() : List.of(value);
    }

    @Override
    public Set<String> headerNames() {
      return named.keySet();
    }
  }
}
