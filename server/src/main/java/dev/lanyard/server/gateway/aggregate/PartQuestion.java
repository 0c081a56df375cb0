package dev.lanyard.server.gateway.aggregate;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.json.StrictUtf8;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/// A question that a server of an aggregate has asked the client (sampling, elicitation, roots), or
/// the token by which it wants to hear how far the client is with one. Its id goes to the client
/// with all that is needed to bring back what the client says of it, so that any node can.
///
/// It proves nothing: the session in it is looked at like one that the client names itself.
///
/// @param session of the server's, if it has any
/// @param id as the server has written it, as JSON
public record PartQuestion(String connector, Optional<String> session, String revision, String id) {
  private static final String MARK = "lanyard.";

  /// The id for the client.
  public String toId() {
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
  ///
  /// @param member in which the id is
  static Optional<PartQuestion> of(JsonObject said, String member) {
    try {
      var text = said.string(member).filter(id -> id.startsWith(MARK));
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

  /// What the client says, as the server expects it.
  ///
  /// @param member in which the id is
  /// @throws MalformedException if the id is none
  JsonObject back(JsonObject said, String member) throws MalformedException {
    var own = JsonObject.parse("{\"" + member + "\":" + id + "}");
    // The client has it back from us, but may have written it anew.
    if (!own.names().equals(Set.of(member)) || !isId(id)) {
      throw new MalformedException("something else than an id");
    }
    return said.with(own);
  }

  /// Whether a JSON value is a text or a number.
  static boolean isId(String json) {
    char first = json.charAt(0);
    return first == '"' || first == '-' || Character.isDigit(first);
  }
}
