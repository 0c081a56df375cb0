package dev.lanyard.protocol.statuslist;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/// Where the status of a token is found: the claim `status.status_list` (TSL-1).
///
/// @param index `idx`, from 0
/// @param list `uri`: where the list is, and its name
/// @spec https://datatracker.ietf.org/doc/html/draft-ietf-oauth-status-list-20#section-6 Token
///   Status List draft-20 §6
public record StatusReference(long index, URI list) {
  private static final String CLAIM = "status";
  private static final String LIST = "status_list";

  /// @throws IllegalArgumentException if the index is negative or the URI is not absolute
  public StatusReference {
    if (index < 0 || !list.isAbsolute()) {
      throw new IllegalArgumentException("not the place of a status: " + index + " in " + list);
    }
  }

  /// Where the status of the token with these claims is; empty if it says nothing of it.
  ///
  /// @throws MalformedException if the claim has another form
  public static Optional<StatusReference> of(JsonObject claims) throws MalformedException {
    var status = claims.object(CLAIM);
    var list = status.isEmpty() ? Optional.<JsonObject>empty() : status.get().object(LIST);
    if (list.isEmpty()) {
      return Optional.empty();
    }
    var index =
        list.get().integer("idx").orElseThrow(() -> new MalformedException("no 'idx' of a status"));
    try {
      return Optional.of(new StatusReference(index, new URI(list.get().nonEmptyString("uri"))));
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new MalformedException("'status_list' names no place: " + e.getMessage());
    }
  }

  /// The claim, to be put beside the others.
  public JsonObject toClaim() {
    var list = JsonObject.builder().put("idx", index).put("uri", list().toString()).build();
    return JsonObject.builder().put(CLAIM, JsonObject.builder().put(LIST, list).build()).build();
  }
}
