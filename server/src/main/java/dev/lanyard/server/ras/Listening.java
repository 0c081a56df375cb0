package dev.lanyard.server.ras;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.revocation.Notice;
import dev.lanyard.protocol.revocation.StreamMessage;
import dev.lanyard.server.http.EventSource;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One resource server that listens: a place in the log, and what of it the listener may know.
final class Listening implements EventSource {
  private static final int NOTICES_IN_ONE_EVENT = 500;
  private static final int EVENTS_AT_ONCE = 100;

  /// After so long a listener has to prove again who it is.
  private static final Duration LONGEST = Duration.ofHours(1);

  private final DenyLog log;
  private final Predicate<ResourceIndicator> mayKnow;
  private final Listeners listeners;
  private final ClientId client;
  private final AtomicBoolean heartbeatDue = new AtomicBoolean();
  private final long began = System.nanoTime();
  private long place;
  private @Nullable Iterator<StreamMessage> snapshot;
  private volatile EventSource.@Nullable Listener listener;

  /// @param from everything up to this change is known there; empty if nothing is
  Listening(
      DenyLog log,
      Optional<Long> from,
      Predicate<ResourceIndicator> mayKnow,
      Listeners listeners,
      ClientId client) {
    this.log = log;
    this.mayKnow = mayKnow;
    this.listeners = listeners;
    this.client = client;
    this.place = from.orElse(0L);
    if (from.isEmpty()) {
      snapshot = snapshot();
    }
  }

  /// The number before the denials: what comes meanwhile is told twice rather than never.
  private Iterator<StreamMessage> snapshot() {
    long upTo = log.last();
    var notices = log.all(mayKnow);
    place = upTo;
    return new Parts(upTo, notices);
  }

  private static final class Parts implements Iterator<StreamMessage> {
    private final long sequence;
    private final List<Notice> notices;
    private int next;
    private boolean ended;

    Parts(long sequence, List<Notice> notices) {
      this.sequence = sequence;
      this.notices = notices;
    }

    @Override
    public boolean hasNext() {
      return !ended;
    }

    @Override
    public StreamMessage next() {
      int end = Math.min(next + NOTICES_IN_ONE_EVENT, notices.size());
      ended = end == notices.size();
      var part = notices.subList(next, end);
      next = end;
      return new StreamMessage.Snapshot(sequence, true, ended, part);
    }
  }

  @Override
  public void opened(EventSource.Listener by) {
    listener = by;
    listeners.add(this);
  }

  ClientId client() {
    return client;
  }

  void wake() {
    var open = listener;
    if (open != null) {
      open.wake();
    }
  }

  /// Once a second, so that both sides notice when the other has gone.
  void heartbeat() {
    var open = listener;
    if (open != null && System.nanoTime() - began > LONGEST.toNanos()) {
      open.end();
    } else {
      heartbeatDue.set(true);
      wake();
    }
  }

  @Override
  public Optional<String> next() {
    var arriving = snapshot;
    if (arriving != null) {
      var part = arriving.next();
      snapshot = arriving.hasNext() ? arriving : null;
      return Optional.of(part.toEvent());
    }
    return switch (log.after(place, EVENTS_AT_ONCE)) {
      case DenyLog.Rest.Lost() -> {
        // Not only what came since: what this node has loaded at its start bears no number.
        snapshot = snapshot();
        yield next();
      }
      case DenyLog.Rest.Entries(var entries) when !entries.isEmpty() -> {
        place = entries.getLast().sequence();
        var text = new StringBuilder();
        for (var entry : entries) {
          text.append(new StreamMessage.Denied(entry.sequence(), entry.notices(mayKnow)).toEvent());
        }
        yield Optional.of(text.toString());
      }
      case DenyLog.Rest.Entries _ ->
          heartbeatDue.compareAndSet(true, false)
              ? Optional.of(new StreamMessage.Heartbeat(place, listeners.isFresh()).toEvent())
              : Optional.empty();
    };
  }

  @Override
  public void closed() {
    listeners.remove(this);
  }
}
