package dev.lanyard.server.signals.transmitter;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.securityevent.StreamEvent;
import dev.lanyard.server.database.SqlFunction;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.signals.transmitter.StreamDocument.Wish;
import dev.lanyard.server.token.Platform;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The streams of our transmitter and what may be done with them, each change one transaction with
/// its audit record. Thread-safe.
final class Streams {
  private final EventQueue queue;
  private final MasterKey masterKey;
  private final Platform platform;

  Streams(EventQueue queue, MasterKey masterKey, Platform platform) {
    this.queue = queue;
    this.masterKey = masterKey;
    this.platform = platform;
  }

  EventQueue queue() {
    return queue;
  }

  Instant now() {
    return platform.clock().instant();
  }

  /// Something to do with a stream.
  @FunctionalInterface
  interface Work<T> {
    T with(Connection connection, Stream stream) throws SQLException;
  }

  /// The stream of a receiver.
  Optional<Stream> of(Receiver receiver) {
    return platform.database().read(connection -> Stream.of(connection, receiver.name()));
  }

  /// Reads something of a receiver's own stream.
  <T> Optional<T> read(Receiver receiver, String id, Work<T> work) {
    return platform.database().read(within(receiver, id, work));
  }

  /// Changes a receiver's own stream; nobody else changes it meanwhile.
  ///
  /// @return empty if it has no such stream
  <T> Optional<T> change(Receiver receiver, String id, Work<T> work) {
    return platform
        .database()
        .write(connection -> {
          Stream.lock(connection, id);
          return within(receiver, id, work).apply(connection);
        });
  }

  private static <T> SqlFunction<Optional<T>> within(Receiver receiver, String id, Work<T> work) {
    return connection -> {
      var stream =
          Stream.find(connection, id).filter(one -> one.receiver().equals(receiver.name()));
      return stream.isEmpty() ? Optional.empty() : Optional.of(work.with(connection, stream.get()));
    };
  }

  /// Makes the stream of a receiver; empty if it has one.
  Optional<Stream> create(Receiver receiver, Wish wish, String correlationId) {
    var id = OpaqueToken.identifier();
    var stream =
        new Stream(
            id,
            receiver.name(),
            StreamEvent.Status.ENABLED,
            Optional.empty(),
            wish.endpoint(),
            sealed(id, wish.authorization()),
            wish.requested().orElse(List.of()),
            wish.description(),
            false);
    return platform
        .database()
        .write(connection -> {
          if (!stream.insert(connection, now())) {
            return Optional.<Stream>empty();
          }
          audit(connection, "stream.created", stream, correlationId);
          return Optional.of(stream);
        });
  }

  private Optional<String> sealed(String stream, Optional<Secret> authorization) {
    return authorization.map(secret -> masterKey.seal(secret, PushCourier.context(stream)));
  }

  /// Gives a stream another configuration; what waits takes the new way.
  ///
  /// @param keep whether what the wish does not name stays as it is
  Stream configure(
      Connection connection, Stream stream, Wish wish, boolean keep, String correlationId)
      throws SQLException {
    boolean sameWay = keep && !wish.gives();
    var changed =
        new Stream(
            stream.id(),
            stream.receiver(),
            stream.status(),
            stream.reason(),
            sameWay ? stream.endpoint() : wish.endpoint(),
            sameWay ? stream.sealedAuthorization() : sealed(stream.id(), wish.authorization()),
            wish.requested().orElse(keep ? stream.requested() : List.of()),
            keep ? wish.description().or(stream::description) : wish.description(),
            stream.stopped());
    changed.update(connection);
    audit(connection, "stream.changed", changed, correlationId);
    if (changed.endpoint().isPresent() != stream.endpoint().isPresent()) {
      queue.hold(connection, stream);
      if (stream.status() == StreamEvent.Status.ENABLED) {
        queue.resume(connection, changed, correlationId);
      }
    }
    return changed;
  }

  /// Pauses, disables or enables a stream, as its receiver wants.
  Stream status(
      Connection connection, Stream stream, StreamEvent.StreamUpdated wanted, String correlationId)
      throws SQLException {
    return new StreamStatus(queue).change(connection, stream, wanted, false, correlationId, now());
  }

  void audit(Connection connection, String type, Stream stream, String correlationId)
      throws SQLException {
    StreamStatus.audit(connection, type, stream, correlationId, now());
  }
}
