package dev.lanyard.server.signals.transmitter;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/// `/signals/streams`: a receiver makes, reads, changes and removes its stream. Each has one at
/// most.
///
/// @spec https://openid.net/specs/openid-sharedsignals-framework-1_0-final.html#section-8.1.1
///   Shared Signals Framework 1.0 §8.1.1 (SSF-11)
final class StreamEndpoint {
  private final Receivers receivers;
  private final StreamDocument documents;
  private final Streams streams;

  StreamEndpoint(Receivers receivers, StreamDocument documents, Streams streams) {
    this.receivers = receivers;
    this.documents = documents;
    this.streams = streams;
  }

  Response create(Request request) {
    return receivers.authenticated(
        request,
        true,
        receiver -> {
          var wish = documents.wish(JsonObject.parse(request.body()));
          return streams
              .create(receiver, wish, request.correlationId())
              .map(stream -> Response.json(201, documents.of(stream, receiver)).noStore())
              .orElseGet(() ->
                  Receivers.error(
                      409, "conflict", "this receiver has a stream, and may have one only"));
        });
  }

  /// Without an id: every stream of this receiver.
  Response read(Request request) {
    return receivers.authenticated(
        request,
        false,
        receiver -> {
          var id = streamId(request);
          var stream = streams.of(receiver);
          if (id.isEmpty()) {
            var list = stream.map(one -> documents.of(one, receiver).toJson()).orElse("");
            var body = ("[" + list + "]").getBytes(StandardCharsets.UTF_8);
            return Response.bytes(200, "application/json", body).noStore();
          }
          return stream
              .filter(one -> one.id().equals(id.get()))
              .map(one -> Receivers.ok(documents.of(one, receiver)))
              .orElseGet(Receivers::noStream);
        });
  }

  /// `PATCH`: what is not given stays as it is.
  Response update(Request request) {
    return changed(request, true);
  }

  /// `PUT`: what is not given is as if it never had been.
  Response replace(Request request) {
    return changed(request, false);
  }

  private Response changed(Request request, boolean keep) {
    return receivers.authenticated(
        request,
        true,
        receiver -> {
          var json = JsonObject.parse(request.body());
          var wish = documents.wish(json);
          return streams
              .change(
                  receiver,
                  json.nonEmptyString("stream_id"),
                  (connection, stream) -> {
                    var ours = documents.changesOurs(json, stream, receiver);
                    if (ours.isPresent()) {
                      return Receivers.malformed(
                          "'" + ours.get() + "' is the transmitter's to set");
                    }
                    var changed =
                        streams.configure(connection, stream, wish, keep, request.correlationId());
                    return Receivers.ok(documents.of(changed, receiver));
                  })
              .orElseGet(Receivers::noStream);
        });
  }

  Response delete(Request request) {
    return receivers.authenticated(
        request,
        true,
        receiver ->
            streams
                .change(
                    receiver,
                    streamId(request).orElse(""),
                    (connection, stream) -> {
                      if (stream.stopped()) {
                        // It could make itself another one.
                        return Receivers.stopped();
                      }
                      stream.delete(connection);
                      streams.audit(connection, "stream.deleted", stream, request.correlationId());
                      return Response.empty(204).noStore();
                    })
                .orElseGet(Receivers::noStream));
  }

  static Optional<String> streamId(Request request) throws MalformedException {
    return Form.parse(request.query(), Set.of()).one("stream_id");
  }
}
