package dev.lanyard.server.signals.transmitter;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.securityevent.Circumstances;
import dev.lanyard.protocol.securityevent.SecurityEventClaims;
import dev.lanyard.protocol.securityevent.StreamEvent;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a receiver may do with its stream: pause it, name subjects, ask for a sign of life.
///
/// @spec https://openid.net/specs/openid-sharedsignals-framework-1_0-final.html#section-8.1.2
///   Shared Signals Framework 1.0 §8.1.2 to §8.1.4 (SSF-12, SSF-13, SSF-14)
final class StreamControlEndpoint {
  private static final int LONGEST_STATE = 1_024;

  private final Issuer self;
  private final Receivers receivers;
  private final Streams streams;
  private final Duration minVerification;
  private final boolean subjectsByDefault;

  StreamControlEndpoint(
      Issuer self,
      Receivers receivers,
      Streams streams,
      Duration minVerification,
      boolean subjectsByDefault) {
    this.self = self;
    this.receivers = receivers;
    this.streams = streams;
    this.minVerification = minVerification;
    this.subjectsByDefault = subjectsByDefault;
  }

  Response status(Request request) {
    return receivers.authenticated(
        request,
        false,
        receiver ->
            streams
                .of(receiver)
                .filter(stream -> stream.id().equals(idOf(request)))
                .map(StreamControlEndpoint::statusOf)
                .orElseGet(Receivers::noStream));
  }

  private static String idOf(Request request) {
    try {
      return StreamEndpoint.streamId(request).orElse("");
    } catch (MalformedException e) {
      return "";
    }
  }

  private static Response statusOf(Stream stream) {
    return Receivers.ok(
        JsonObject.builder()
            .put("stream_id", stream.id())
            .put("status", stream.status().value())
            .putIfPresent("reason", stream.reason())
            .build());
  }

  Response changeStatus(Request request) {
    return receivers.authenticated(
        request,
        true,
        receiver -> {
          var json = JsonObject.parse(request.body());
          var wanted =
              new StreamEvent.StreamUpdated(StreamEvent.Status.of(json), json.string("reason"));
          return streams
              .change(
                  receiver,
                  json.nonEmptyString("stream_id"),
                  (connection, stream) ->
                      stream.stopped()
                          ? Receivers.stopped()
                          : statusOf(
                              streams.status(connection, stream, wanted, request.correlationId())))
              .orElseGet(Receivers::noStream);
        });
  }

  Response addSubject(Request request) {
    return subject(request, true);
  }

  Response removeSubject(Request request) {
    return subject(request, false);
  }

  /// Whether we know the subject does not show in the answer.
  private Response subject(Request request, boolean included) {
    return receivers.authenticated(
        request,
        true,
        receiver -> {
          var json = JsonObject.parse(request.body());
          var subject =
              SubjectIdentifier.parse(
                  json.object("subject")
                      .orElseThrow(() -> new MalformedException("'subject' is absent")));
          return streams
              .change(
                  receiver,
                  json.nonEmptyString("stream_id"),
                  (connection, stream) -> {
                    if (!StreamSubjects.put(
                        connection, stream, subject, included, subjectsByDefault)) {
                      return Receivers.error(429, "too_many_subjects", "no room for more subjects");
                    }
                    streams.audit(
                        connection,
                        included ? "stream.subject-added" : "stream.subject-removed",
                        stream,
                        request.correlationId());
                    return Response.empty(included ? 200 : 204).noStore();
                  })
              .orElseGet(Receivers::noStream);
        });
  }

  Response verify(Request request) {
    return receivers.authenticated(
        request,
        true,
        receiver -> {
          var json = JsonObject.parse(request.body());
          var state = json.string("state");
          if (state.orElse("").length() > LONGEST_STATE) {
            throw new MalformedException("'state' is too long");
          }
          return streams
              .change(
                  receiver,
                  json.nonEmptyString("stream_id"),
                  (connection, stream) -> verified(connection, request, receiver, stream, state))
              .orElseGet(Receivers::noStream);
        });
  }

  private Response verified(
      Connection connection,
      Request request,
      Receiver receiver,
      Stream stream,
      Optional<String> state)
      throws SQLException {
    var now = streams.now();
    if (!stream.verificationAsked(connection, now, now.minus(minVerification))) {
      return Receivers.error(429, "too_many_requests", "ask for fewer verifications")
          .withHeader("Retry-After", String.valueOf(minVerification.toSeconds()));
    }
    var id = OpaqueToken.identifier();
    var claims =
        new SecurityEventClaims(
                self,
                receiver.audience(),
                new SubjectIdentifier.Opaque(stream.id()),
                new StreamEvent.Verification(state),
                Circumstances.UNKNOWN,
                Optional.empty())
            .build(id, now);
    var entry =
        new EventQueue.Entry(
            stream,
            new EventQueue.Queued(id, claims),
            new EventQueue.About(request.correlationId(), Optional.empty(), Optional.empty()),
            now);
    streams.queue().put(connection, List.of(entry));
    return Response.empty(204).noStore();
  }
}
