package dev.lanyard.server.signals;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.signals.SignalsConfig.Receiver;
import java.util.List;
import java.util.Optional;

/// Who may have a stream of our events, and how they prove it: with a bearer token that an
/// administrator gave them (SSF-16). Thread-safe.
final class Receivers {
  private final List<Receiver> receivers;

  Receivers(List<Receiver> receivers) {
    this.receivers = List.copyOf(receivers);
  }

  /// What an authenticated receiver wants.
  @FunctionalInterface
  interface Wish {
    /// @throws MalformedException if the request is; it is answered with 400
    Response of(Receiver receiver) throws MalformedException;
  }

  /// @param manage whether the wish changes anything
  Response authenticated(Request request, boolean manage, Wish wish) {
    var receiver = authenticate(request);
    if (receiver.isEmpty()) {
      return error(401, "access_denied", "no receiver has this token")
          .withHeader("WWW-Authenticate", "Bearer")
          .provedNothing();
    }
    if (manage && !receiver.get().mayManage()) {
      return error(403, "access_denied", "this receiver may read only");
    }
    try {
      return wish.of(receiver.get());
    } catch (MalformedException e) {
      return malformed(String.valueOf(e.getMessage()));
    }
  }

  private Optional<Receiver> authenticate(Request request) {
    var header = request.header("Authorization").orElse("");
    if (!header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return Optional.empty();
    }
    var token = new Secret(header.substring(7).strip());
    return receivers.stream()
        .filter(receiver -> receiver.tokens().stream().anyMatch(hash -> hash.isOf(token)))
        .findFirst();
  }

  static Response error(int status, String error, String description) {
    return SetError.answer(status, error, description);
  }

  static Response malformed(String description) {
    return error(400, SetError.INVALID_REQUEST, description);
  }

  /// A stream of somebody else is as unknown as none.
  static Response noStream() {
    return error(404, "not_found", "this receiver has no such stream");
  }

  static Response ok(JsonObject body) {
    return Response.json(200, body).noStore();
  }
}
