package dev.lanyard.server.gateway;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.json.StrictUtf8;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/// A question that a server of an aggregate has asked the client (sampling, elicitation, roots).
/// Its id goes to the client with all that is needed to bring the answer back, so that any node
/// can.
///
/// It proves nothing: the session in it is looked at like one that the client names itself.
///
/// @param session of the server's, if it has any
/// @param id as the server has written it, as JSON
record PartQuestion(String connector, Optional<String> session, String revision, String id) {
  private static final String MARK = "lanyard.";

  /// The id for the client.
  String toId() {
    var json =
        JsonObject.builder()
            .put("c", connector)
            .putIfPresent("s", session)
            .put("v", revision)
            .put("i", id)
            .build();
    return MARK + Base64.getUrlEncoder().withoutPadding().encodeToString(json.toBytes());
  }

  /// What the client brings back; empty if it is none of ours.
  static Optional<PartQuestion> of(JsonObject answer) {
    try {
      var text = answer.string("id").filter(id -> id.startsWith(MARK));
      if (text.isEmpty()) {
        return Optional.empty();
      }
      var bytes = Base64.getUrlDecoder().decode(text.get().substring(MARK.length()));
      var json = JsonObject.parse(StrictUtf8.decode(bytes));
      return Optional.of(
          new PartQuestion(
              json.nonEmptyString("c"),
              json.string("s"),
              json.nonEmptyString("v"),
              json.nonEmptyString("i")));
    } catch (MalformedException | IllegalArgumentException e) {
      // The decoder of Base64 has no other way to refuse.
      return Optional.empty();
    }
  }

  /// The client's answer as the server expects it.
  ///
  /// @throws MalformedException if the id is none
  JsonObject answered(JsonObject answer) throws MalformedException {
    var own = JsonObject.parse("{\"id\":" + id + "}");
    // The client has it back from us, but may have written it anew.
    if (!own.names().equals(Set.of("id"))) {
      throw new MalformedException("more than an id");
    }
    return answer.with(own);
  }
}
