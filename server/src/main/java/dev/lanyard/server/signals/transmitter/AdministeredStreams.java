package dev.lanyard.server.signals.transmitter;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.securityevent.Circumstances;
import dev.lanyard.protocol.securityevent.SecurityEventClaims;
import dev.lanyard.protocol.securityevent.StreamEvent;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What an administrator does with the streams of our transmitter, also beside a server: pauses or
/// disables one, and lets it go on. Its receiver is told by an event, which goes out whatever the
/// state, and cannot change the state back. Thread-safe.
///
/// @spec https://openid.net/specs/openid-sharedsignals-framework-1_0-final.html#section-8.1.5
///   Shared Signals Framework 1.0 §8.1.5 (SSF-12)
public final class AdministeredStreams {
  private final Issuer issuer;
  private final List<Receiver> receivers;
  private final Database database;
  private final EventQueue queue;
  private final InstantSource clock;

  /// @param issuer of our transmitter
  /// @param receivers those of the configuration
  public AdministeredStreams(
      Issuer issuer,
      List<Receiver> receivers,
      Database database,
      Outbox outbox,
      InstantSource clock) {
    this.issuer = issuer;
    this.receivers = List.copyOf(receivers);
    this.database = database;
    this.queue = new EventQueue(outbox);
    this.clock = clock;
  }

  /// A stream.
  ///
  /// @param stopped whether an administrator has paused or disabled it
  public record Entry(
      String receiver, StreamEvent.Status status, Optional<String> reason, boolean stopped) {
    private static Entry of(Stream one) {
      return new Entry(one.receiver(), one.status(), one.reason(), one.stopped());
    }
  }

  /// A stream, and what its receiver has not got yet.
  ///
  /// @param endpoint where events are pushed to; empty if the receiver fetches them
  /// @param waiting how many events it has not got yet, also those that are held back
  /// @param oldest since when the oldest of them waits
  public record Listed(
      Entry stream, Optional<String> endpoint, int waiting, Optional<Instant> oldest) {}

  /// Every stream, by its receiver.
  public List<Listed> list() {
    return database.read(connection -> {
      var backlogs = EventQueue.backlogs(connection);
      return Stream.all(connection).stream()
          .map(one -> listed(one, Optional.ofNullable(backlogs.get(one.id()))))
          .sorted(Comparator.comparing(one -> one.stream().receiver()))
          .toList();
    });
  }

  private static Listed listed(Stream one, Optional<EventQueue.Backlog> backlog) {
    return new Listed(
        Entry.of(one),
        one.endpoint(),
        backlog.map(EventQueue.Backlog::events).orElse(0),
        backlog.map(EventQueue.Backlog::oldest));
  }

  /// @return empty if the receiver has none
  public Optional<Entry> find(String receiver) {
    return database.read(connection -> Stream.of(connection, receiver)).map(Entry::of);
  }

  /// The receivers of the configuration that have no stream.
  public List<String> without() {
    var with =
        database.read(Stream::all).stream().map(Stream::receiver).collect(Collectors.toSet());
    return receivers.stream()
        .map(Receiver::name)
        .filter(name -> !with.contains(name))
        .sorted()
        .toList();
  }

  /// A stream, which nobody else changes until the transaction ends.
  ///
  /// @return empty if the receiver has none
  public Optional<Entry> lock(Connection connection, String receiver) throws SQLException {
    return locked(connection, receiver).map(Entry::of);
  }

  private static Optional<Stream> locked(Connection connection, String receiver)
      throws SQLException {
    var known = Stream.of(connection, receiver);
    return known.isEmpty() ? Optional.empty() : Stream.lock(connection, known.get().id());
  }

  /// Gives the stream of a receiver another state. What it has already is no change.
  ///
  /// @param reason for the receiver and the record
  /// @return the stream as it is now; empty if the receiver has none
  public Optional<Entry> change(
      String receiver, StreamEvent.Status status, Optional<String> reason, String correlationId) {
    return database.write(
        connection -> change(connection, receiver, status, reason, correlationId));
  }

  /// The same in the caller's transaction.
  public Optional<Entry> change(
      Connection connection,
      String receiver,
      StreamEvent.Status status,
      Optional<String> reason,
      String correlationId)
      throws SQLException {
    var locked = locked(connection, receiver);
    if (locked.isEmpty()) {
      return Optional.empty();
    }
    var stream = locked.get();
    var wanted = new StreamEvent.StreamUpdated(status, reason);
    boolean isNew = stream.status() != status;
    if (isNew || stream.stopped() != (status != StreamEvent.Status.ENABLED)) {
      var now = clock.instant();
      stream = new StreamStatus(queue).change(connection, stream, wanted, true, correlationId, now);
      if (isNew) {
        tell(connection, stream, wanted, correlationId, now);
      }
    }
    return Optional.of(Entry.of(stream));
  }

  private void tell(
      Connection connection,
      Stream stream,
      StreamEvent.StreamUpdated updated,
      String correlationId,
      Instant now)
      throws SQLException {
    var audience =
        receivers.stream()
            .filter(one -> one.name().equals(stream.receiver()))
            .map(Receiver::audience)
            .findFirst();
    if (audience.isEmpty()) {
      // It is not in the configuration any more: nobody fetches it.
      return;
    }
    var id = OpaqueToken.identifier();
    var claims =
        new SecurityEventClaims(
                issuer,
                audience.get(),
                new SubjectIdentifier.Opaque(stream.id()),
                updated,
                Circumstances.UNKNOWN,
                Optional.empty())
            .build(id, now);
    queue.tell(
        connection,
        new EventQueue.Entry(
            stream,
            new EventQueue.Queued(id, claims),
            new EventQueue.About(correlationId, Optional.empty(), Optional.empty()),
            now));
  }
}
