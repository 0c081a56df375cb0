package dev.lanyard.server.signals.transmitter;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.signals.inbound.SetError;
import dev.lanyard.server.signals.transmitter.ReceiverClients.Found;
import java.util.List;

/// Who may have a stream of our events, and how they prove it: with an access token that they got
/// as an OAuth client, or with a bearer token that an administrator gave them (SSF-16).
/// Thread-safe.
final class Receivers {
  private final List<Receiver> receivers;
  private final ReceiverClients clients;

  Receivers(List<Receiver> receivers, ReceiverClients clients) {
    this.receivers = List.copyOf(receivers);
    this.clients = clients;
  }

  /// What an authenticated receiver wants.
  @FunctionalInterface
  interface Wish {
    /// @throws MalformedException if the request is; it is answered with 400
    Response of(Receiver receiver) throws MalformedException;
  }

  /// @param manage whether the wish changes anything
  Response authenticated(Request request, boolean manage, Wish wish) {
    return switch (authenticate(request)) {
      case Found.Living(var receiver, var manages) when manage && !manages ->
          error(403, "access_denied", receiver.name() + " may read only by this token")
              .withHeader(
                  "WWW-Authenticate",
                  "Bearer error=\"insufficient_scope\", scope=\"" + ReceiverClients.MANAGE + "\"");
      case Found.Living(var receiver, _) -> answered(receiver, wish);
      case Found.Nothing() ->
          error(401, "access_denied", "no receiver has this token")
              .withHeader("WWW-Authenticate", "Bearer")
              .provedNothing();
      case Found.Undecided() ->
          error(503, "temporarily_unavailable", "this server may not be up to date, try again")
              .withHeader("Retry-After", "10");
    };
  }

  private static Response answered(Receiver receiver, Wish wish) {
    try {
      return wish.of(receiver);
    } catch (MalformedException e) {
      return malformed(String.valueOf(e.getMessage()));
    }
  }

  private Found authenticate(Request request) {
    var header = request.header("Authorization").orElse("");
    if (!header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return new Found.Nothing();
    }
    var token = new Secret(header.substring(7).strip());
    var agreed =
        receivers.stream()
            .filter(receiver -> receiver.tokens().stream().anyMatch(hash -> hash.isOf(token)))
            .findFirst();
    return agreed.isPresent()
        ? new Found.Living(agreed.get(), agreed.get().mayManage())
        : withoutRights(clients.find(token));
  }

  /// A right that was taken from a receiver is taken from its tokens as well.
  private static Found withoutRights(Found found) {
    return found instanceof Found.Living(var receiver, var manages)
        ? new Found.Living(receiver, manages && receiver.mayManage())
        : found;
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

  static Response stopped() {
    return error(403, "access_denied", "an administrator has paused or disabled this stream");
  }

  static Response ok(JsonObject body) {
    return Response.json(200, body).noStore();
  }
}
