package dev.lanyard.server.signals.transmitter;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.signals.outbound.SignalSigner;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `POST /signals/poll/{stream}`: a receiver fetches its events and acknowledges what it has. What
/// is not acknowledged comes again.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8936.html#section-2 RFC 8936 §2 (SSF-21)
final class PollEndpoint {
  private static final int MOST = 100;
  private static final int MOST_ACKNOWLEDGEMENTS = 1_000;
  private static final long LOOK_MILLIS = 200;

  private final Receivers receivers;
  private final Streams streams;
  private final SignalSigner signer;
  private final Duration patience;

  /// @param patience how long a request may wait for an event
  PollEndpoint(Receivers receivers, Streams streams, SignalSigner signer, Duration patience) {
    this.receivers = receivers;
    this.streams = streams;
    this.signer = signer;
    this.patience = patience;
  }

  /// What a request asks for.
  ///
  /// @param most how many events it takes; 0 only acknowledges
  private record Poll(int most, boolean patient, List<String> has, Set<String> refuses) {
    static Poll of(JsonObject json) throws MalformedException {
      long most = json.integer("maxEvents").orElse((long) MOST);
      var has = json.strings("ack").orElse(List.of());
      var refuses = json.object("setErrs").orElse(JsonObject.EMPTY).names();
      if (most < 0 || has.size() + refuses.size() > MOST_ACKNOWLEDGEMENTS) {
        throw new MalformedException("'maxEvents' is negative, or too much is acknowledged");
      }
      boolean immediately = json.bool("returnImmediately").orElse(false);
      return new Poll((int) Math.min(most, MOST), !immediately && most > 0, has, refuses);
    }
  }

  Response handle(Request request) {
    return receivers.authenticated(
        request,
        false,
        receiver -> {
          var poll = Poll.of(JsonObject.parse(request.body()));
          var id = request.pathParameter("stream");
          if (!poll.has().isEmpty() || !poll.refuses().isEmpty()) {
            streams.change(receiver, id, (connection, stream) -> settled(connection, stream, poll));
          }
          var found = waited(receiver, id, poll);
          return found.map(this::answer).orElseGet(Receivers::noStream);
        });
  }

  private boolean settled(Connection connection, Stream stream, Poll poll) throws SQLException {
    for (var id : poll.has()) {
      streams.queue().acknowledged(connection, stream, id);
    }
    for (var id : poll.refuses()) {
      if (streams.queue().acknowledged(connection, stream, id)) {
        Alarms.raise(
            connection,
            List.of(
                new Alarm(
                    "event-refused",
                    stream.receiver(),
                    "the receiver refused event "
                        + id
                        + ", and what it tells is not done there: ask who runs the receiver why, and"
                        + " end there by hand what it was to end",
                    streams.now())));
      }
    }
    return true;
  }

  /// @param more whether further events wait
  private record Batch(List<EventQueue.Queued> events, boolean more) {}

  private Optional<Batch> waited(Receiver receiver, String id, Poll poll) {
    long end = System.nanoTime() + (poll.patient() ? patience.toNanos() : 0);
    while (true) {
      var batch =
          streams.read(
              receiver, id, (connection, stream) -> batch(connection, stream, poll.most()));
      if (batch.isEmpty()
          || !batch.get().events().isEmpty()
          || System.nanoTime() - end >= 0
          || !rested()) {
        return batch;
      }
    }
  }

  private static boolean rested() {
    try {
      Thread.sleep(LOOK_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Batch batch(Connection connection, Stream stream, int most) throws SQLException {
    var events = streams.queue().waiting(connection, stream, most + 1);
    return new Batch(events.subList(0, Math.min(most, events.size())), events.size() > most);
  }

  private Response answer(Batch batch) {
    var sets = JsonObject.builder();
    for (var event : batch.events()) {
      sets.put(event.id(), signer.event(event.claims()));
    }
    return Receivers.ok(
        JsonObject.builder().put("sets", sets.build()).put("moreAvailable", batch.more()).build());
  }
}
