package dev.lanyard.resourceserver;

import dev.lanyard.protocol.accesstoken.AccessToken;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// What is being served now, so that it ends when its token dies (RS-24): a stream that was opened
/// with a good token is cut when the token expires, is revoked, or nobody can say any more.
///
/// With a [RevocationStream] everything is looked at when there is news, at once, and every second:
/// so soon a stream ends also that nobody can speak for any more. Where the status must be asked
/// for ([Introspection]) it is asked for every five seconds. Thread-safe.
public final class OpenStreams implements AutoCloseable {
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int LOOKS_BETWEEN_QUESTIONS = 5;

  private final Guard guard;
  private final Set<Open> open = ConcurrentHashMap.newKeySet();
  private final Semaphore news = new Semaphore(0);
  private final AtomicBoolean closing = new AtomicBoolean();
  private final boolean isTold;
  private @Nullable Thread watcher;

  /// Nothing runs before the first stream is opened.
  public OpenStreams(Guard guard) {
    this.guard = guard;
    this.isTold = guard.onNews(news::release);
  }

  /// How a stream is cut. It must not wait for long, and may be called once the stream has ended.
  @FunctionalInterface
  public interface Cut {
    void now();
  }

  /// Something that is being served.
  public final class Open implements AutoCloseable {
    private final AccessToken token;
    private final GuardedRequest request;
    private final Cut cut;

    private Open(AccessToken token, GuardedRequest request, Cut cut) {
      this.token = token;
      this.request = request;
      this.cut = cut;
    }

    /// It has ended by itself.
    @Override
    public void close() {
      open.remove(this);
    }
  }

  /// Watches over a stream from now on. If its token has died since it was judged, it is cut at
  /// once.
  ///
  /// @param token that the request was admitted with
  /// @param request as it was judged
  public Open opened(AccessToken token, GuardedRequest request, Cut cut) {
    var one = new Open(token, request, cut);
    open.add(one);
    watch();
    if (isTold) {
      // News between the judgement and this moment found nothing to cut.
      look(one, true);
    }
    return one;
  }

  /// How many are open now.
  public int count() {
    return open.size();
  }

  private synchronized void watch() {
    if (watcher == null && !closing.get()) {
      watcher = Thread.ofPlatform().daemon().name("open-streams").start(this::follow);
    }
  }

  private void follow() {
    for (int looks = 1; !closing.get(); looks++) {
      try {
        if (news.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
          news.drainPermits();
        }
        boolean asks = isTold || looks % LOOKS_BETWEEN_QUESTIONS == 0;
        open.forEach(one -> look(one, asks));
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void look(Open one, boolean asks) {
    boolean ends = guard.hasExpired(one.token) || (asks && !isAlive(one));
    if (ends && open.remove(one)) {
      // Each by itself: one that cannot be cut at once must not keep the others alive.
      Thread.ofVirtual().name("cut").start(one.cut::now);
    }
  }

  /// A status that breaks its promise not to throw ends this stream, and not the watch over all.
  private boolean isAlive(Open one) {
    try {
      return guard.isAlive(one.token, one.request);
    } catch (RuntimeException | Error e) {
      return false;
    }
  }

  /// Cuts everything: nothing is watched any more.
  @Override
  public void close() {
    if (closing.compareAndSet(false, true)) {
      for (var one : open) {
        if (open.remove(one)) {
          one.cut.now();
        }
      }
      synchronized (this) {
        if (watcher != null) {
          watcher.interrupt();
        }
      }
    }
  }
}
