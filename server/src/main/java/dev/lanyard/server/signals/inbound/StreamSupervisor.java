package dev.lanyard.server.signals.inbound;

import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.signals.inbound.EventReceiver.Receipt;
import dev.lanyard.server.signals.inbound.Listening.State;
import dev.lanyard.server.signals.inbound.RemoteStream.Polled;
import dev.lanyard.server.token.Platform;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks after the streams that we listen to: makes sure that each is there, asks for signs of
/// life, fetches events where they are not pushed, and raises an alarm when a source falls silent
/// (SSF-21, SSF-22). Of several nodes one does so for each source: as long as it lives, and no
/// longer. Thread-safe.
final class StreamSupervisor {
  private static final Logger LOG = LoggerFactory.getLogger(StreamSupervisor.class);

  /// A source was not heard for longer than its configuration lets it be.
  static final String SILENT = "signals-silent";

  /// How long a source waits for a node that has died (DPR-1). A second node that begins beside a
  /// slow one would do nothing wrong, only everything twice.
  static final Duration LEASE = Duration.ofSeconds(15);

  private static final Duration REPEAT_ALARM = Duration.ofHours(1);
  private static final int MOST_BATCHES = 20;

  private final List<EventSource> sources;
  private final EventReceiver receiver;
  private final URI pushes;
  private final Platform platform;
  private final String node = OpaqueToken.identifier();
  private final Map<String, Instant> alarmed = new ConcurrentHashMap<>();
  private final Set<EventSource> inHand = ConcurrentHashMap.newKeySet();
  private volatile boolean released;

  /// @param pushes the URL below which each source pushes
  StreamSupervisor(
      List<EventSource> sources, EventReceiver receiver, URI pushes, Platform platform) {
    this.sources = List.copyOf(sources);
    this.receiver = receiver;
    this.pushes = pushes;
    this.platform = platform;
  }

  /// Looks after a source once. One that fails is looked after again the next time.
  void look(EventSource source) {
    inHand.add(source);
    try {
      if (isOurs(source)) {
        lookAfter(source);
      }
    } catch (DatabaseException e) {
      LOG.warn("{} cannot be looked after now: {}", source.name(), e.getMessage());
    } finally {
      inHand.remove(source);
    }
  }

  /// Keeps what this node is looking after, however long its transmitter takes. To be called
  /// several times while a lease lasts.
  void renew() {
    for (var source : inHand) {
      try {
        var _ = isOurs(source);
      } catch (DatabaseException e) {
        LOG.warn("the lease of {} cannot be renewed now: {}", source.name(), e.getMessage());
      }
    }
  }

  /// Leaves everything to other nodes, at once.
  void release() {
    released = true;
    try {
      write(connection -> {
        for (var source : sources) {
          Listening.release(connection, source.name(), node);
        }
      });
    } catch (DatabaseException e) {
      LOG.warn("the streams are left to other nodes only when the lease ends: {}", e.getMessage());
    }
  }

  private boolean isOurs(EventSource source) {
    if (released) {
      return false;
    }
    var now = platform.clock().instant();
    var database = platform.database();
    return database.write(connection -> {
      Listening.begin(connection, source.name(), now);
      return Listening.lease(
          connection, source.name(), node, database.lease(connection, now, LEASE));
    });
  }

  private void lookAfter(EventSource source) {
    try {
      RemoteStream.of(source, pushes, platform.egress()).ifPresent(remote -> keep(source, remote));
    } finally {
      alarmIfSilent(source);
    }
  }

  private void keep(EventSource source, RemoteStream remote) {
    var state = state(source);
    var stream = state.stream();
    if (stream.isEmpty()) {
      stream = remote.subscribe();
      stream.ifPresent(
          id -> write(connection -> Listening.stream(connection, source.name(), Optional.of(id))));
    }
    if (stream.isPresent() && isVerified(source, remote, stream.get(), state)) {
      fetch(source, remote, stream.get());
    }
  }

  private State state(EventSource source) {
    return platform
        .database()
        .read(connection -> Listening.state(connection, source.name()))
        .orElseThrow();
  }

  /// Asks for a sign of life if it is time.
  ///
  /// @return whether the stream is there, as far as we know
  private boolean isVerified(EventSource source, RemoteStream remote, String stream, State state) {
    var now = platform.clock().instant();
    var every = source.config().stream().orElseThrow().verifyEvery();
    if (state.asked().isPresent() && now.isBefore(state.asked().get().plus(every))) {
      return true;
    }
    var with = OpaqueToken.identifier();
    // Before it is sent: the answer may be faster than we are.
    write(connection -> Listening.asked(connection, source.name(), with, now));
    if (remote.verify(stream, with)) {
      return true;
    }
    LOG.warn("the stream at {} is gone; another one is made", source.name());
    write(connection -> Listening.stream(connection, source.name(), Optional.empty()));
    return false;
  }

  /// Every event is acknowledged only after it is durable here; one that cannot be judged now is
  /// left there.
  private void fetch(EventSource source, RemoteStream remote, String stream) {
    Map<String, Optional<String>> settled = new LinkedHashMap<>();
    for (int batch = 0; batch < MOST_BATCHES; batch++) {
      var polled = remote.poll(stream, settled);
      if (!(polled instanceof Polled.Batch(var sets, var more))) {
        return;
      }
      settled = new LinkedHashMap<>();
      for (var set : sets.entrySet()) {
        switch (taken(source, set.getValue())) {
          case Receipt.Taken() -> settled.put(set.getKey(), Optional.empty());
          case Receipt.Refused(var error, var evidence) -> {
            LOG.warn("{} sent an event that was refused: {}", source.name(), evidence.check());
            settled.put(set.getKey(), Optional.of(error));
          }
          case Receipt.Later(var why) ->
              LOG.warn("an event of {} cannot be judged now: {}", source.name(), why);
        }
      }
      if (settled.isEmpty()) {
        return;
      }
      if (!more) {
        var _ = remote.acknowledge(stream, settled);
        return;
      }
    }
  }

  /// One that cannot be taken keeps none of those behind it.
  private Receipt taken(EventSource source, String set) {
    try {
      return receiver.take(source, set, "poll-" + OpaqueToken.identifier());
    } catch (RuntimeException e) {
      LOG.error("an event of {} could not be taken", source.name(), e);
      return new Receipt.Later("it could not be taken");
    }
  }

  /// The receiver ends the alarm with the next event: one that comes meanwhile waits.
  private void alarmIfSilent(EventSource source) {
    var now = platform.clock().instant();
    var recently = alarmed.get(source.name());
    boolean repeat = recently == null || !now.isBefore(recently.plus(REPEAT_ALARM));
    boolean silent =
        platform
            .database()
            .write(connection -> {
              var last = Listening.held(connection, source.name()).orElseThrow().lastSign();
              if (now.isBefore(last.plus(source.config().silence()))) {
                return false;
              }
              if (repeat) {
                Alarms.raise(connection, List.of(silent(source, last, now)));
              }
              return true;
            });
    if (!silent) {
      alarmed.remove(source.name());
    } else if (repeat) {
      alarmed.put(source.name(), now);
    }
  }

  private static Alarm silent(EventSource source, Instant last, Instant now) {
    return new Alarm(
        SILENT,
        source.identity().name(),
        "nothing was heard since %s; people disabled there may live on here. Ask whether its stream runs, and look in the log for why it cannot be reached or is refused; it ends with the next event"
            .formatted(last),
        now);
  }

  private void write(Change change) {
    var _ =
        platform
            .database()
            .write(connection -> {
              change.in(connection);
              return true;
            });
  }

  private interface Change {
    void in(Connection connection) throws SQLException;
  }
}
