package dev.lanyard.server.gateway.aggregate;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.protocol.mcp.MetaKey;
import dev.lanyard.protocol.mcp.RpcCode;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.admission.Replies;
import dev.lanyard.server.gateway.aggregate.PartSessions.PartSession;
import dev.lanyard.server.gateway.aggregate.PartStreams.Listening;
import dev.lanyard.server.gateway.message.Era;
import dev.lanyard.server.gateway.message.Message;
import dev.lanyard.server.gateway.message.RpcError;
import dev.lanyard.server.gateway.message.RpcId;
import dev.lanyard.server.gateway.stream.LastingStream;
import dev.lanyard.server.gateway.stream.LastingStream.Opened;
import dev.lanyard.server.gateway.stream.MergedStream;
import dev.lanyard.server.gateway.task.AboutTasks;
import dev.lanyard.server.gateway.task.TaskId;
import dev.lanyard.server.http.BodySource;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.stdio.StatelessTranslation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `subscriptions/listen` at an aggregate: each connector that speaks 2026-07-28 is listened to for
/// what it says it tells, and the client hears all of them on one stream. It is told at its
/// beginning what that is; whoever begins with `initialize` tells nothing there.
///
/// @spec https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/subscriptions MCP
///   subscriptions
public final class PartSubscriptions {
  private static final String RESOURCES = "resourceSubscriptions";

  private final PartNames names;
  private final PartSessions sessions;
  private final PartStreams streams;

  public PartSubscriptions(PartNames names, PartSessions sessions, PartStreams streams) {
    this.names = names;
    this.sessions = sessions;
    this.streams = streams;
  }

  /// What a client can ask to hear of lists.
  private enum Kind {
    TOOLS("toolsListChanged", "tools"),
    PROMPTS("promptsListChanged", "prompts"),
    RESOURCES("resourcesListChanged", "resources");

    private final String member;
    private final String capability;

    Kind(String member, String capability) {
      this.member = member;
      this.capability = capability;
    }
  }

  /// What is wanted, of one connector or of all.
  ///
  /// @param uris as the client has them
  private record Wish(List<Kind> kinds, List<String> uris, List<String> tasks) {
    static Wish of(Message.Request request) throws MalformedException {
      var wanted = request.params().object("notifications").orElse(JsonObject.EMPTY);
      var kinds = new ArrayList<Kind>();
      for (var kind : Kind.values()) {
        if (Message.said(wanted, kind.member).bool(kind.member).orElse(false)) {
          kinds.add(kind);
        }
      }
      var uris = Message.said(wanted, RESOURCES).strings(RESOURCES);
      var tasks = AboutTasks.watched(request).stream().map(TaskId::value).toList();
      return new Wish(kinds, uris.orElse(List.of()), tasks);
    }

    boolean isEmpty() {
      return kinds.isEmpty() && uris.isEmpty() && tasks.isEmpty();
    }

    JsonObject toJson() {
      var json = JsonObject.builder();
      kinds.forEach(kind -> json.put(kind.member, true));
      if (!uris.isEmpty()) {
        json.put(RESOURCES, uris);
      }
      if (!tasks.isEmpty()) {
        json.put(AboutTasks.WATCHED, tasks);
      }
      return json.build();
    }
  }

  /// A connector that is listened to.
  private record Heeded(Wish wish, LastingStream stream) {}

  /// @param parts those that are open to the caller
  /// @throws MalformedException if it does not say what it wants
  Response opened(Admitted who, AggregateSession session, List<Part> parts, Message.Request request)
      throws MalformedException {
    var wish = Wish.of(request);
    var asked = PartLists.each(parts, part -> heeded(who, session, part, wish, request));
    var heeded = asked.stream().flatMap(Optional::stream).toList();
    var tasks = heeded.stream().flatMap(one -> one.wish().tasks().stream()).toList();
    if (!tasks.containsAll(wish.tasks())) {
      // Its door has judged that, and it may not be told less than it asks for without a word.
      heeded.forEach(one -> one.stream().closed());
      var error = RpcError.of(RpcCode.INVALID_PARAMS, AboutTasks.UNKNOWN, who.correlationId());
      return Replies.error(200, error, request.id());
    }
    if (heeded.isEmpty()) {
      var error =
          RpcError.of(RpcCode.METHOD_NOT_FOUND, "nothing here tells of that", who.correlationId());
      return Replies.error(404, error, request.id());
    }
    var kinds = heeded.stream().flatMap(one -> one.wish().kinds().stream()).distinct().toList();
    var uris = heeded.stream().flatMap(one -> one.wish().uris().stream()).toList();
    var merged =
        new MergedStream(
            Optional.of(event(acknowledged(request.id(), new Wish(kinds, uris, tasks)))),
            heeded.stream().<BodySource>map(Heeded::stream).toList(),
            Optional.of(event(ended(request.id()))));
    return Replies.stream(200, who, merged);
  }

  private Optional<Heeded> heeded(
      Admitted who, AggregateSession session, Part part, Wish all, Message.Request request) {
    var at = open(who, session, part);
    var wish = at.map(one -> told(part, all, one)).filter(one -> !one.isEmpty());
    if (wish.isEmpty()) {
      return Optional.empty();
    }
    var there =
        new Wish(
            wish.get().kinds(), owned(part, wish.get().uris()), owned(part, wish.get().tasks()));
    var params =
        request.params().with(JsonObject.builder().put("notifications", there.toJson()).build());
    var message = request.json().with(JsonObject.builder().put("params", params).build());
    var listening = new Listening(request.id(), message, missed(request.id(), wish.get()));
    return switch (streams.listening(who, session, part, listening, at.get())) {
      // The client is told at the beginning who is listened to.
      case Opened.NotNow(), Opened.Unknown(), Opened.Never() -> Optional.empty();
      case Opened.Flowing first ->
          LastingStream.of(
                  first,
                  after -> {
                    var again = who.after(after);
                    return open(again, session, part)
                        .map(now -> streams.listening(again, session, part, listening, now))
                        .orElseGet(Opened.NotNow::new);
                  })
              .map(stream -> new Heeded(wish.get(), stream));
    };
  }

  private Optional<PartSession> open(Admitted who, AggregateSession session, Part part) {
    return part.isOpenTo(who.caller())
        ? sessions.of(who, session, part).filter(one -> one.era() == Era.STATELESS)
        : Optional.empty();
  }

  private static String missed(RpcId id, Wish wish) {
    var events = new StringBuilder();
    var params = JsonObject.builder().put(MetaKey.META, meta(id)).build();
    for (var kind : wish.kinds()) {
      events.append(PartMessages.event(PartMessages.changed(kind.capability, params)));
    }
    for (var uri : wish.uris()) {
      events.append(PartMessages.event(PartMessages.updated(uri, params)));
    }
    return events.toString();
  }

  /// Of what is wanted that which is this connector's to tell.
  private Wish told(Part part, Wish all, PartSession at) {
    var kinds =
        all.kinds().stream()
            .filter(kind -> Introduction.tells(at.says(), kind.capability, "listChanged"))
            .toList();
    var uris =
        Introduction.tells(at.says(), "resources", "subscribe")
            ? located(part, all.uris())
            : List.<String>of();
    var tasks =
        Introduction.extendsToTasks(at.says()) ? located(part, all.tasks()) : List.<String>of();
    return new Wish(kinds, uris, tasks);
  }

  private List<String> located(Part part, List<String> shown) {
    return shown.stream()
        .filter(one -> names.located(one).filter(its -> its.part().equals(part)).isPresent())
        .toList();
  }

  private List<String> owned(Part part, List<String> shown) {
    return shown.stream()
        .flatMap(one -> names.located(one).filter(its -> its.part().equals(part)).stream())
        .map(PartNames.Owned::name)
        .toList();
  }

  private static JsonObject acknowledged(RpcId id, Wish wish) {
    var params =
        JsonObject.builder()
            .put(MetaKey.META, meta(id))
            .put("notifications", wish.toJson())
            .build();
    return JsonObject.builder()
        .put("jsonrpc", "2.0")
        .put("method", McpMethod.ACKNOWLEDGED)
        .put("params", params)
        .build();
  }

  /// What a connector tells, as told in a subscription of the client's.
  ///
  /// @throws MalformedException if it has no parameters that could be read
  static JsonObject told(JsonObject message, RpcId id) throws MalformedException {
    var params = message.object("params").orElse(JsonObject.EMPTY);
    var meta = params.object(MetaKey.META).orElse(JsonObject.EMPTY).with(meta(id));
    var named = params.with(JsonObject.builder().put(MetaKey.META, meta).build());
    return message.with(JsonObject.builder().put("params", named).build());
  }

  private static JsonObject ended(RpcId id) {
    var result =
        StatelessTranslation.COMPLETE.with(
            JsonObject.builder().put(MetaKey.META, meta(id)).build());
    return id.on(JsonObject.builder().put("jsonrpc", "2.0")).put("result", result).build();
  }

  private static JsonObject meta(RpcId id) {
    return switch (id) {
      case RpcId.Text(var text) -> JsonObject.builder().put(MetaKey.SUBSCRIPTION, text).build();
      case RpcId.Whole(var number) ->
          JsonObject.builder().put(MetaKey.SUBSCRIPTION, number).build();
      case RpcId.None() -> JsonObject.EMPTY;
    };
  }

  private static byte[] event(JsonObject message) {
    return PartMessages.event(message).getBytes(StandardCharsets.UTF_8);
  }
}
