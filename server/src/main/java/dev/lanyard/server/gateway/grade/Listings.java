package dev.lanyard.server.gateway.grade;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.mcp.EmaExtension;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.front.Caller;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.message.CacheHints;
import dev.lanyard.server.gateway.message.Message;
import dev.lanyard.server.gateway.message.SpokenRevisions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Leaves in lists what a caller may use, whichever list it was that was asked for.
///
/// May wait for the lock to take note of tools.
public final class Listings {
  private static final String INSTRUCTIONS = "instructions";

  /// The members by which a result is judged here.
  private static final Set<String> RESULT =
      Set.of(
          "tools",
          "resources",
          "resourceTemplates",
          "prompts",
          "supportedVersions",
          "capabilities",
          INSTRUCTIONS,
          CacheHints.SCOPE,
          CacheHints.LIFE);

  /// Those by which an entry is.
  private static final Set<String> ENTRY = Set.of("name", "uri", "uriTemplate");

  private final Front front;
  private final ToolLock lock;
  private final ToolJudge judge;
  private final SpokenRevisions spoken;

  public Listings(Front front, ToolLock lock, ToolJudge judge, SpokenRevisions spoken) {
    this.front = front;
    this.lock = lock;
    this.judge = judge;
    this.spoken = spoken;
  }

  /// The same message with what the caller may use; the same object if it has no list.
  ///
  /// @throws MalformedException if a list has an entry that cannot be judged, or something could be
  ///   read as a list that is none here
  public JsonObject filtered(JsonObject message, Admitted who) throws MalformedException {
    var caller = who.caller();
    var result =
        Message.isObject(message, "result")
            ? message.object("result")
            : Optional.<JsonObject>empty();
    if (result.isEmpty()) {
      return message;
    }
    var left = result.get();
    Message.exactly(left, RESULT);
    if (isList(left, "tools")) {
      var tools = left.objects("tools").orElseThrow();
      for (var tool : tools) {
        var _ = tool.nonEmptyString("name");
      }
      lock.seen(front.connector(), tools);
    }
    left = introduced(discovered(left));
    left = filtered(left, "tools", Thing.Kind.TOOL, "name", caller);
    left = filtered(left, "resources", Thing.Kind.RESOURCE, "uri", caller);
    left = filtered(left, "resourceTemplates", Thing.Kind.RESOURCE, "uriTemplate", caller);
    left = filtered(left, "prompts", Thing.Kind.PROMPT, "name", caller);
    return left.equals(result.get())
        ? message
        : message.with(JsonObject.builder().put("result", left).build());
  }

  /// What a server says to the model of itself reaches it like the description of a tool.
  private JsonObject introduced(JsonObject result) throws MalformedException {
    if (result.text(INSTRUCTIONS).equals(Optional.of("null"))) {
      // Some servers write so that they say nothing.
      return result;
    }
    var text = result.string(INSTRUCTIONS);
    return text.isPresent()
            && lock.introduced(front.connector(), text.get())
                instanceof ToolLock.Standing.Quarantined
        ? result.without(INSTRUCTIONS)
        : result;
  }

  /// What a server says of itself has what is true of it here: the revisions that can be spoken,
  /// and that its access is managed (RS-19).
  private JsonObject discovered(JsonObject result) throws MalformedException {
    if (!isList(result, "supportedVersions")) {
      return result;
    }
    var revisions = spoken.heard(result.strings("supportedVersions").orElseThrow());
    var capabilities = result.object("capabilities").orElse(JsonObject.EMPTY);
    var extensions =
        capabilities.object("extensions").orElse(JsonObject.EMPTY).with(EmaExtension.extensions());
    return result.with(
        JsonObject.builder()
            .put("supportedVersions", revisions)
            .put(
                "capabilities",
                capabilities.with(JsonObject.builder().put("extensions", extensions).build()))
            .build());
  }

  private JsonObject filtered(
      JsonObject result, String member, Thing.Kind kind, String name, Caller caller)
      throws MalformedException {
    if (!isList(result, member)) {
      return result;
    }
    var shown = new ArrayList<JsonObject>();
    for (var entry : result.objects(member).orElseThrow()) {
      Message.exactly(entry, ENTRY);
      var thing = new Thing(kind, entry.nonEmptyString(name));
      if (judge.judge(caller, thing).isShown()) {
        shown.add(entry);
      }
    }
    return CacheHints.ofList(result.with(list(member, shown)));
  }

  private static boolean isList(JsonObject json, String member) {
    return json.has(member) && json.text(member).filter(text -> text.charAt(0) == '[').isPresent();
  }

  /// Also an empty list, which a builder leaves out.
  public static JsonObject list(String member, List<JsonObject> entries) throws MalformedException {
    return entries.isEmpty()
        ? JsonObject.parse("{\"" + member + "\":[]}")
        : JsonObject.builder().put(member, entries).build();
  }
}
