package dev.lanyard.server.gateway.aggregate;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.json.StrictUtf8;
import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.protocol.mcp.MetaKey;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.admission.Replies;
import dev.lanyard.server.gateway.admission.Withheld;
import dev.lanyard.server.gateway.grade.Listings;
import dev.lanyard.server.gateway.message.Era;
import dev.lanyard.server.gateway.message.Message;
import dev.lanyard.server.gateway.message.RpcId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/// Lists of several connectors as one, page by page: every page has the next one of each that has
/// more. All are asked at once, and each only for so long: one that does not answer is named and
/// hides nobody else.
final class PartLists {
  /// In `_meta` of what is merged: the connectors that did not answer, or were not asked.
  static final String UNAVAILABLE = "dev.lanyard/unavailable";

  /// In `_meta` as well: for those that were not asked for this person, what they have to do.
  static final String WITHHELD = "dev.lanyard/withheld";

  private static final String EXECUTION = "execution";
  private static final String SUPPORT = "taskSupport";

  private static final Executor THREADS = task -> Thread.ofVirtual().name("part").start(task);

  private final PartSessions sessions;
  private final AtomicLong last = new AtomicLong();
  private final int messageBytes;

  PartLists(PartSessions sessions, int messageBytes) {
    this.sessions = sessions;
    this.messageBytes = messageBytes;
  }

  /// A sort of list.
  ///
  /// @param member that has the entries
  /// @param name the member of an entry by which it is called
  private record Sort(String member, String name) {
    static Sort of(String method) {
      return switch (method) {
        case McpMethod.TOOLS_LIST -> new Sort("tools", "name");
        case McpMethod.PROMPTS_LIST -> new Sort("prompts", "name");
        case McpMethod.RESOURCES_LIST -> new Sort("resources", "uri");
        case McpMethod.RESOURCE_TEMPLATES_LIST -> new Sort("resourceTemplates", "uriTemplate");
        case McpMethod.TASKS_LIST -> new Sort("tasks", PartTasks.ID);
        default -> throw new IllegalArgumentException(method);
      };
    }

    JsonObject shown(String connector, JsonObject entry) throws MalformedException {
      var called = entry.nonEmptyString(name);
      var here =
          name.equals("name")
              ? PartNames.shown(connector, called)
              : PartNames.shownUri(connector, called);
      return entry.with(JsonObject.builder().put(name, here).build());
    }
  }

  /// What one connector has answered.
  ///
  /// @param result empty if it has not
  /// @param withheld why it was not asked, in one sentence for the person
  private record Page(Part part, Optional<JsonObject> result, Optional<String> withheld) {
    static Page answered(Part part, JsonObject result) {
      return new Page(part, Optional.of(result), Optional.empty());
    }

    static Page none(Admitted who, Part part) {
      return new Page(part, Optional.empty(), part.withheld(who).map(Withheld::sentence));
    }
  }

  /// Does something with each at once, and waits for all.
  static <T> List<T> each(List<Part> parts, Function<Part, T> work) {
    var all =
        parts.stream()
            .map(part -> CompletableFuture.supplyAsync(() -> work.apply(part), THREADS))
            .toList();
    // Also where one fails: nobody goes on for a request that is over.
    var _ =
        CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
            .handle((_, _) -> true)
            .join();
    try {
      return all.stream().map(CompletableFuture::join).toList();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException fault) {
        throw fault;
      }
      throw e;
    }
  }

  /// The result for the client.
  ///
  /// @param parts those that are open to the caller
  /// @throws MalformedException if the cursor is none of ours
  JsonObject merged(
      Admitted who, AggregateSession session, List<Part> parts, Message.Request request)
      throws MalformedException {
    var sort = Sort.of(request.method());
    var cursors = cursors(Message.said(request.params(), "cursor").string("cursor"));
    var asked =
        cursors.isEmpty()
            ? parts
            : parts.stream().filter(part -> cursors.containsKey(part.connector())).toList();
    var pages =
        each(
            asked,
            part ->
                page(
                    who,
                    session,
                    part,
                    request,
                    Optional.ofNullable(cursors.get(part.connector()))));
    var entries = new ArrayList<JsonObject>();
    var seen = new HashSet<String>();
    var missing = new LinkedHashMap<String, Optional<String>>();
    var further = new LinkedHashMap<String, String>();
    for (var page : pages) {
      try {
        var answer = page.result().orElseThrow(() -> new MalformedException("no answer"));
        var result = Message.said(answer, sort.member(), "nextCursor");
        for (var entry : result.objects(sort.member()).orElse(List.of())) {
          var shown = sort.shown(page.part().connector(), entry);
          // Two that are called alike: the first one is who is called so.
          if (seen.add(shown.string(sort.name()).orElseThrow())) {
            entries.add(shown);
          }
        }
        result
            .string("nextCursor")
            .ifPresent(cursor -> further.put(page.part().connector(), cursor));
      } catch (MalformedException e) {
        missing.put(page.part().connector(), page.withheld());
      }
    }
    return result(sort, entries, missing, further);
  }

  private static JsonObject result(
      Sort sort,
      List<JsonObject> entries,
      Map<String, Optional<String>> missing,
      Map<String, String> further)
      throws MalformedException {
    var result = JsonObject.builder().putAll(Listings.list(sort.member(), entries));
    if (!further.isEmpty()) {
      var all = JsonObject.builder();
      further.forEach(all::put);
      result.put(
          "nextCursor",
          Base64.getUrlEncoder().withoutPadding().encodeToString(all.build().toBytes()));
    }
    return result.putAll(unavailable(missing)).build();
  }

  /// What a server that begins with `initialize` has for a client that cannot ask for tasks there:
  /// a tool that can be called as a task can be called without; one that must be is not shown.
  private static JsonObject withoutTasks(JsonObject result) {
    try {
      var shown = new ArrayList<JsonObject>();
      for (var tool : result.objects("tools").orElse(List.of())) {
        var support =
            Message.isObject(tool, EXECUTION)
                ? tool.object(EXECUTION).orElseThrow().text(SUPPORT)
                : Optional.<String>empty();
        if (!support.equals(Optional.of("\"required\""))) {
          shown.add(support.isEmpty() ? tool : withoutSupport(tool));
        }
      }
      return result.has("tools") ? result.with(Listings.list("tools", shown)) : result;
    } catch (MalformedException e) {
      // Whoever merges it cannot read it either.
      return result;
    }
  }

  private static JsonObject withoutSupport(JsonObject tool) throws MalformedException {
    var others = tool.object(EXECUTION).orElseThrow().without(SUPPORT);
    return others.names().isEmpty()
        ? tool.without(EXECUTION)
        : tool.with(JsonObject.builder().put(EXECUTION, others).build());
  }

  /// Names those that did not answer.
  ///
  /// @param missing each with what its person has to do, if that is it
  static JsonObject unavailable(Map<String, Optional<String>> missing) {
    return missing.isEmpty()
        ? JsonObject.EMPTY
        : JsonObject.builder().put(MetaKey.META, namesUnavailable(missing)).build();
  }

  static JsonObject namesUnavailable(Map<String, Optional<String>> missing) {
    if (missing.isEmpty()) {
      return JsonObject.EMPTY;
    }
    var withheld = JsonObject.builder();
    missing.forEach(withheld::putIfPresent);
    var all = JsonObject.builder().put(UNAVAILABLE, List.copyOf(missing.keySet()));
    return missing.values().stream().anyMatch(Optional::isPresent)
        ? all.put(WITHHELD, withheld.build()).build()
        : all.build();
  }

  private static Map<String, String> cursors(Optional<String> cursor) throws MalformedException {
    var cursors = new LinkedHashMap<String, String>();
    if (cursor.isPresent()) {
      try {
        var json = JsonObject.parse(StrictUtf8.decode(Base64.getUrlDecoder().decode(cursor.get())));
        for (var connector : json.names()) {
          cursors.put(connector, json.string(connector).orElseThrow());
        }
      } catch (IllegalArgumentException e) {
        // The decoder has no other way to refuse.
        throw new MalformedException("the cursor is none of this server's");
      }
    }
    return cursors;
  }

  private Page page(
      Admitted who,
      AggregateSession session,
      Part part,
      Message.Request request,
      Optional<String> cursor) {
    var method = request.method();
    // What the client says of itself with each request (2026-07-28) is for the servers.
    var params =
        JsonObject.builder()
            .putAll(session.isStateless() ? request.params().without("cursor") : JsonObject.EMPTY)
            .putIfPresent("cursor", cursor)
            .build();
    // Several lists may be asked for at once in a session, beside what the client asks by its ids.
    var asking = new RpcId.Text("lanyard-list-" + last.incrementAndGet());
    var message = Replies.request(asking, method, params);
    for (boolean again : List.of(false, true)) {
      var open = sessions.of(who, session, part);
      if (open.isEmpty()) {
        break;
      }
      if (!offers(open.get(), method)) {
        return Page.answered(part, JsonObject.EMPTY);
      }
      var at = open.get();
      var response =
          part.door().carried(who, at.carrying(who, message), at.era(), sessions.patience());
      // Read to its end in any case: it holds a place.
      var result = PartAnswer.result(response, asking, messageBytes, sessions.patience());
      if (session.isStateless() && at.era() != Era.STATELESS) {
        result = result.map(PartLists::withoutTasks);
      }
      if (again || !sessions.hasForgotten(who, part, at, response.status())) {
        return result.map(one -> Page.answered(part, one)).orElseGet(() -> Page.none(who, part));
      }
      // Its server has forgotten the session.
      sessions.forget(session, part, at);
    }
    return Page.none(who, part);
  }

  /// A server that has no such things says so; it need not know the method.
  private static boolean offers(PartSessions.PartSession open, String method) {
    if (method.equals(McpMethod.TASKS_LIST)) {
      return Introduction.listsTasks(open.says());
    }
    return Introduction.offers(open.says(), method.substring(0, method.indexOf('/')));
  }
}
