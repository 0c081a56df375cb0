package dev.lanyard.server.gateway;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.http.Response;
import java.util.Optional;
import java.util.function.Function;

/// What is made of the wishes of somebody who was let in.
interface Talk {
  /// `POST`, of which the body is JSON-RPC.
  Response messages(Admitted who, Envelope envelope);

  /// `GET`: a stream of what is said without being asked.
  Response stream(Admitted who);

  /// `DELETE`: the session is over.
  Response end(Admitted who);

  /// Reads what a `POST` has, strictly.
  static Response read(Admitted who, Function<Envelope, Response> then) {
    try {
      return then.apply(Envelope.read(who.request().body()));
    } catch (MalformedException e) {
      return Replies.error(
          400,
          RpcError.of(RpcError.PARSE_ERROR, e.getMessage(), who.correlationId()),
          new RpcId.None());
    }
  }

  /// Whether a revision has streams and sessions.
  static Optional<Response> without(Era era) {
    return era == Era.STATELESS
        ? Optional.of(Response.empty(405).withHeader("Allow", "POST"))
        : Optional.empty();
  }
}
