package dev.lanyard.resourceserver.status;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.revocation.Notice;
import dev.lanyard.protocol.revocation.StreamMessage;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What of a stream is in force here. One thread applies, any may ask.
final class Applied implements FreshDenials.Known {
  private volatile DeniedTokens denied = new DeniedTokens();

  /// A complete snapshot that has not all arrived; it takes the place of the old set when it has.
  private @Nullable DeniedTokens arriving;

  private volatile long sequence;
  private volatile boolean whole;

  /// Whether a message says that less has happened than is known here.
  boolean isBackwards(StreamMessage message) {
    return message instanceof StreamMessage.Snapshot snapshot
        && snapshot.complete()
        && whole
        && snapshot.sequence() < sequence;
  }

  /// @return whether more is known now than before
  boolean apply(StreamMessage message) {
    return switch (message) {
      case StreamMessage.Snapshot snapshot -> apply(snapshot);
      case StreamMessage.Denied(var upTo, var notices) -> {
        denied.add(notices);
        yield advance(upTo);
      }
      case StreamMessage.Heartbeat heartbeat -> advance(heartbeat.sequence());
    };
  }

  private boolean apply(StreamMessage.Snapshot snapshot) {
    // What is dead is dead at once, also before the rest has arrived.
    denied.add(snapshot.notices());
    if (snapshot.complete()) {
      var set = arriving == null ? new DeniedTokens() : arriving;
      set.add(snapshot.notices());
      arriving = snapshot.last() ? null : set;
      if (snapshot.last()) {
        denied = set;
        sequence = snapshot.sequence();
        whole = true;
        return true;
      }
      return false;
    }
    return snapshot.last() && advance(snapshot.sequence());
  }

  /// Never backwards: only a complete snapshot may say that less has happened.
  private boolean advance(long upTo) {
    if (!whole || upTo <= sequence) {
      return false;
    }
    sequence = upTo;
    return true;
  }

  /// A connection has begun anew: half a snapshot of the last one is worth nothing.
  void restart() {
    arriving = null;
  }

  @Override
  public Optional<Notice.Kind> denialOf(AccessToken token) {
    return denied.denialOf(token);
  }

  Set<String> namesOf(AccessToken token) {
    return denied.namesOf(token);
  }

  @Override
  public void forget(Instant now) {
    denied.forget(now);
  }

  long sequence() {
    return sequence;
  }

  /// Whether there was a snapshot at all.
  boolean isWhole() {
    return whole;
  }

  int size() {
    return denied.size();
  }
}
