package dev.lanyard.server.gateway.aggregate;

import dev.lanyard.protocol.json.Excerpt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.EmaExtension;
import dev.lanyard.protocol.mcp.McpRevision;
import dev.lanyard.protocol.mcp.MetaKey;
import dev.lanyard.protocol.mcp.TasksExtension;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.message.Message;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// What an aggregate says of itself to a client that begins: what any of its servers can, and what
/// each of them has to say. Not thread-safe.
final class Introduction {
  private static final String TASKS = "tasks";
  private static final String EXTENSIONS = "extensions";

  private static final List<String> CAPABILITIES =
      List.of("tools", "resources", "prompts", "completions", "logging", TASKS, EXTENSIONS);

  private static final List<String> DETAILS = List.of("listChanged", "subscribe");
  private static final int LONGEST = 16 * 1024;
  private static final int LONGEST_SENTENCE = 1_000;
  private static final String WORDS = "The server itself says, and nobody here vouches for it:";

  /// Whatever somebody may take for the end of a line.
  private static final Pattern LINE_END =
      Pattern.compile("\r\n|[\n\r\u000b\u000c\u001c-\u001e\u0085\u2028\u2029]");

  private static final JsonObject CALLS =
      JsonObject.builder()
          .put("tools", JsonObject.builder().put("call", JsonObject.EMPTY).build())
          .build();

  private final Front front;
  private final String revision;
  private final Map<String, JsonObject> capabilities = new LinkedHashMap<>();
  private final StringBuilder instructions = new StringBuilder();
  private final Map<String, Optional<String>> missing = new LinkedHashMap<>();

  Introduction(Front front, String revision) {
    this.front = front;
    this.revision = revision;
  }

  /// One of its connectors.
  void add(PartSessions.Introduced one) {
    var part = one.front();
    try {
      var answer = one.says().orElseThrow(() -> new MalformedException("no answer"));
      var said = Message.said(answer, "instructions");
      known(said).forEach((name, details) -> capabilities.merge(name, details, JsonObject::with));
      said.string("instructions").ifPresent(text -> heading(part.name(), quoted(text)));
    } catch (MalformedException e) {
      missing.put(part.connector(), one.withheld());
      heading(
          part.name(),
          one.withheld()
              .map(Introduction::line)
              .orElse("does not answer now, so nothing of it is listed."));
    }
  }

  private static JsonObject abilities(JsonObject said) throws MalformedException {
    var can = Message.said(said, "capabilities").object("capabilities").orElse(JsonObject.EMPTY);
    return Message.said(can, CAPABILITIES.toArray(String[]::new));
  }

  private static Map<String, JsonObject> known(JsonObject said) throws MalformedException {
    var can = abilities(said);
    var known = new LinkedHashMap<String, JsonObject>();
    for (var name : CAPABILITIES) {
      if (can.has(name)) {
        known(name, can.object(name).orElseThrow()).ifPresent(heard -> known.put(name, heard));
      }
    }
    return known;
  }

  private static Optional<JsonObject> known(String name, JsonObject said)
      throws MalformedException {
    return switch (name) {
      case TASKS -> Optional.of(ofTasks(said));
      case EXTENSIONS ->
          said.has(TasksExtension.NAME)
              ? Optional.of(TasksExtension.extensions())
              : Optional.empty();
      default -> Optional.of(details(said));
    };
  }

  /// What of tasks can be done in 2025-11-25: calls may become some, and these may be listed and
  /// ended.
  private static JsonObject ofTasks(JsonObject said) throws MalformedException {
    var can = JsonObject.builder();
    for (var name : List.of("list", "cancel")) {
      if (Message.isObject(said, name)) {
        can.put(name, JsonObject.EMPTY);
      }
    }
    var requests = Message.said(said, "requests").object("requests").orElse(JsonObject.EMPTY);
    var tools = Message.said(requests, "tools").object("tools").orElse(JsonObject.EMPTY);
    if (Message.isObject(tools, "call")) {
      can.put("requests", CALLS);
    }
    return can.build();
  }

  /// Whether a server says that it lists tasks.
  static boolean listsTasks(JsonObject says) {
    return isSaid(
        says, can -> can.object(TASKS).filter(all -> Message.isObject(all, "list")).isPresent());
  }

  /// Whether a server says that it knows the extension for tasks.
  static boolean extendsToTasks(JsonObject says) {
    return isSaid(
        says,
        can -> can.object(EXTENSIONS).filter(all -> all.has(TasksExtension.NAME)).isPresent());
  }

  /// The same without whether a server tells of changes, and without tasks.
  static JsonObject withoutDetails(JsonObject says) {
    try {
      var can = JsonObject.builder();
      for (var name : known(says).keySet()) {
        if (!name.equals(TASKS) && !name.equals(EXTENSIONS)) {
          can.put(name, JsonObject.EMPTY);
        }
      }
      return says.with(JsonObject.builder().put("capabilities", can.build()).build());
    } catch (MalformedException e) {
      return says;
    }
  }

  /// Of what a server says of itself, what it can; nothing if that cannot be read.
  static JsonObject capabilities(JsonObject says) {
    try {
      var all = JsonObject.builder();
      known(says).forEach(all::put);
      return JsonObject.builder().put("capabilities", all.build()).build();
    } catch (MalformedException e) {
      return JsonObject.EMPTY;
    }
  }

  /// Whether a server says that it can do something.
  static boolean offers(JsonObject says, String capability) {
    return isSaid(says, can -> can.has(capability));
  }

  /// Whether a server says of something that it can do more with it.
  ///
  /// @param capability of a server
  /// @param detail of that, `true` or absent
  static boolean tells(JsonObject says, String capability, String detail) {
    return isSaid(
        says,
        can -> {
          var details = can.object(capability).orElse(JsonObject.EMPTY);
          return Message.said(details, detail).bool(detail).orElse(false);
        });
  }

  @FunctionalInterface
  private interface Question {
    boolean of(JsonObject can) throws MalformedException;
  }

  /// What cannot be read says nothing.
  private static boolean isSaid(JsonObject says, Question question) {
    try {
      return question.of(abilities(says));
    } catch (MalformedException e) {
      return false;
    }
  }

  private static JsonObject details(JsonObject said) throws MalformedException {
    var details = JsonObject.builder();
    for (var name : DETAILS) {
      if (Message.said(said, name).bool(name).orElse(false)) {
        details.put(name, true);
      }
    }
    return details.build();
  }

  private void heading(String name, String text) {
    instructions.append("# ").append(name).append("\n").append(text).append("\n\n");
  }

  /// A sentence of the gateway's own. It may name an error of a server.
  private static String line(String sentence) {
    return LINE_END.matcher(Excerpt.of(sentence, LONGEST_SENTENCE)).replaceAll(" ");
  }

  /// What a server says is marked line by line as what it says: none can speak as the gateway, or
  /// put a heading there and speak as another server.
  private static String quoted(String text) {
    var quoted = new StringBuilder(WORDS);
    for (var line : LINE_END.split(Excerpt.of(text.strip(), LONGEST), -1)) {
      quoted.append("\n> ").append(line);
    }
    return quoted.toString();
  }

  /// The result of `initialize`.
  JsonObject result() {
    return JsonObject.builder()
        .put("protocolVersion", revision)
        .put("capabilities", can().without(EXTENSIONS))
        .put("serverInfo", info())
        .putIfPresent("instructions", instructions())
        .putAll(PartLists.unavailable(missing))
        .build();
  }

  /// The result of `server/discover`: what it says of access is true of all of its connectors
  /// (RS-19).
  JsonObject discovered() {
    var extensions =
        capabilities.getOrDefault(EXTENSIONS, JsonObject.EMPTY).with(EmaExtension.extensions());
    var meta =
        PartLists.namesUnavailable(missing)
            .with(JsonObject.builder().put(MetaKey.SERVER_INFO, info()).build());
    return JsonObject.builder()
        .put("supportedVersions", McpRevision.ALL)
        .put(
            "capabilities",
            can().without(TASKS).with(JsonObject.builder().put(EXTENSIONS, extensions).build()))
        .putIfPresent("instructions", instructions())
        .put(MetaKey.META, meta)
        .build();
  }

  private JsonObject can() {
    var can = JsonObject.builder();
    capabilities.forEach(can::put);
    return can.build();
  }

  private JsonObject info() {
    return JsonObject.builder().put("name", front.name()).put("version", "1").build();
  }

  private Optional<String> instructions() {
    return Optional.of(instructions.toString().strip()).filter(text -> !text.isEmpty());
  }
}
