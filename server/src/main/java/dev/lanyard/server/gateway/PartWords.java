package dev.lanyard.server.gateway;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.gateway.Answers.Ruling;
import dev.lanyard.server.gateway.PartSessions.PartSession;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a connector of an aggregate says by itself, as its client has to hear it: what it asks, and
/// what it takes back of that, by ids that no other connector has, and resources by the names that
/// they have here.
final class PartWords {
  static final String CANCELLED = "notifications/cancelled";
  static final String PROGRESS = "notifications/progress";
  static final String PROGRESS_TOKEN = "progressToken";

  private static final String UPDATED = "notifications/resources/updated";
  private static final List<String> LISTS = List.of("tools", "prompts", "resources");
  private static final String REQUEST_ID = "requestId";

  /// The members that are changed here: in other letters some clients would read them too.
  private static final Set<String> MEMBERS = Set.of("_meta", "uri", REQUEST_ID, PROGRESS_TOKEN);

  private final Part part;
  private final PartSession at;

  PartWords(Part part, PartSession at) {
    this.part = part;
    this.at = at;
  }

  /// Answers are passed on as they are.
  ///
  /// @throws MalformedException if these are several: a question among them would go untranslated
  Ruling translated(byte[] text) throws MalformedException {
    if (!(MessageReader.only(text) instanceof Heard.OfItself)) {
      return new Ruling.Passes();
    }
    var message = JsonObject.parseLarge(text);
    if (message.has("id")) {
      // In the revision without sessions servers ask within results only.
      return at.era() == Era.STATELESS ? new Ruling.Stray() : asked(message);
    }
    return switch (message.string("method").orElse("")) {
      case CANCELLED -> cancelled(message);
      case UPDATED -> updated(message);
      default -> new Ruling.Passes();
    };
  }

  private Ruling asked(JsonObject message) throws MalformedException {
    var changed = JsonObject.builder().put("id", shown(message, "id"));
    if (message.has("params")) {
      var params = params(message);
      var meta = params.object("_meta").orElse(JsonObject.EMPTY);
      Message.exactly(meta, MEMBERS);
      if (meta.has(PROGRESS_TOKEN)) {
        var token = JsonObject.builder().put(PROGRESS_TOKEN, shown(meta, PROGRESS_TOKEN)).build();
        var renamed = JsonObject.builder().put("_meta", meta.with(token)).build();
        changed.put("params", params.with(renamed));
      }
    }
    return replaced(message, changed.build());
  }

  /// Of what it has asked itself: it can take back nothing else.
  private Ruling cancelled(JsonObject message) throws MalformedException {
    var params = params(message);
    if (at.era() == Era.STATELESS || !params.has(REQUEST_ID)) {
      return new Ruling.Stray();
    }
    var id = JsonObject.builder().put(REQUEST_ID, shown(params, REQUEST_ID)).build();
    return replaced(message, JsonObject.builder().put("params", params.with(id)).build());
  }

  private Ruling updated(JsonObject message) throws MalformedException {
    var params = params(message);
    var uri = PartNames.shownUri(part.connector(), params.nonEmptyString("uri"));
    var changed = params.with(JsonObject.builder().put("uri", uri).build());
    return replaced(message, JsonObject.builder().put("params", changed).build());
  }

  private static JsonObject params(JsonObject message) throws MalformedException {
    var params = message.object("params").orElse(JsonObject.EMPTY);
    Message.exactly(params, MEMBERS);
    return params;
  }

  /// The id in a member, as the client gets it.
  private String shown(JsonObject in, String member) throws MalformedException {
    var id = in.text(member).orElseThrow();
    if (id.charAt(0) != '"' && id.charAt(0) != '-' && !Character.isDigit(id.charAt(0))) {
      throw new MalformedException("'" + member + "' is neither a text nor a number");
    }
    return new PartQuestion(part.connector(), at.id(), at.revision(), id).toId();
  }

  private static Ruling replaced(JsonObject message, JsonObject by) {
    return new Ruling.Replaced(message.with(by).toBytes());
  }

  /// An event that says that the lists of a connector may have changed, as far as it tells of that.
  static String changed(PartSession at) {
    var events = new StringBuilder();
    for (var list : LISTS) {
      if (Introduction.tells(at.says(), list, "listChanged")) {
        events.append(event(changed(list, JsonObject.EMPTY)));
      }
    }
    return events.toString();
  }

  /// That a list may have changed.
  static JsonObject changed(String list, JsonObject params) {
    var message =
        JsonObject.builder()
            .put("jsonrpc", "2.0")
            .put("method", "notifications/" + list + "/list_changed");
    return (params.isEmpty() ? message : message.put("params", params)).build();
  }

  /// That a resource may have changed.
  ///
  /// @param params without the URI
  /// @param uri as the client has it
  static JsonObject updated(String uri, JsonObject params) {
    return JsonObject.builder()
        .put("jsonrpc", "2.0")
        .put("method", UPDATED)
        .put("params", params.with(JsonObject.builder().put("uri", uri).build()))
        .build();
  }

  /// A message as a stream has it.
  static String event(JsonObject message) {
    return "event: message\ndata: " + message.toJson() + "\n\n";
  }

  /// Whether it takes something back.
  static boolean takesBack(JsonObject message) throws MalformedException {
    return message.string("method").equals(Optional.of(CANCELLED));
  }
}
