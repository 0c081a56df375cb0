package dev.lanyard.resourceserver;

import dev.lanyard.protocol.accesstoken.AccessToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What is being served now, so that it ends when its token dies (RS-24): a stream that was opened
/// with a good token is cut when the token expires, is revoked, or nobody can say any more, and
/// when the key that has signed it was withdrawn.
///
/// News are acted upon at once: those about somebody cost as much as they have open, however many
/// others there are. Every second the streams whose tokens have expired are cut, and a thousand, or
/// a fifth of all, are looked at as well: so soon a stream ends also that nobody can speak for any
/// more, for what nobody knows of one nobody knows of all. Where the status must be asked for
/// ([dev.lanyard.resourceserver.status.Introspection]) it is asked for every five seconds.
/// Signatures are checked again once a key was withdrawn, and every five minutes where nobody tells
/// of that ([dev.lanyard.protocol.jose.KeySource#onWithdrawal]). Thread-safe.
public final class OpenStreams implements AutoCloseable {
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int LOOKS_BETWEEN_QUESTIONS = 5;
  private static final int LOOKED_AT = 1_000;
  private static final Duration VERIFIED_EVERY = Duration.ofMinutes(5);
  private static final Duration CLOSING_PATIENCE = Duration.ofSeconds(3);

  private final Guard guard;
  private final Duration every;
  private final Set<Open> open = ConcurrentHashMap.newKeySet();
  private final ConcurrentHashMap<String, Set<Open>> named = new ConcurrentHashMap<>();
  private final ConcurrentSkipListSet<Open> ending =
      new ConcurrentSkipListSet<>(
          Comparator.comparing((Open one) -> one.token.expiresAt())
              .thenComparingLong(one -> one.number));
  private final AtomicLong numbers = new AtomicLong();
  private final Semaphore news = new Semaphore(0);
  private final Set<String> toldOf = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean toldOfAll = new AtomicBoolean();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final AtomicInteger verifications = new AtomicInteger();
  private final boolean isTold;
  private @Nullable Thread watcher;

  /// Nothing runs before the first stream is opened.
  public OpenStreams(Guard guard) {
    this(guard, LOOK);
  }

  /// @param every so often streams are looked at of which nothing is told
  OpenStreams(Guard guard, Duration every) {
    this.guard = guard;
    this.every = every;
    this.isTold = guard.onNews(this::heard);
    guard.onWithdrawal(this::verify);
  }

  private void heard(TokenStatus.News told) {
    switch (told) {
      case TokenStatus.News.AboutAll() -> {
        toldOfAll.set(true);
        news.release();
      }
      case TokenStatus.News.About(var names) -> {
        for (var name : names) {
          // Of what is opened from now on nobody has to be told: it is looked at when it is there.
          if (named.containsKey(name)) {
            toldOf.add(name);
            news.release();
          }
        }
      }
    }
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
    private final boolean isWhole;
    private final Set<String> names;
    private final long number = numbers.incrementAndGet();

    private Open(AccessToken token, GuardedRequest request, Cut cut, boolean isWhole) {
      this.isWhole = isWhole;
      this.token = token;
      this.request = request;
      this.cut = cut;
      this.names = guard.namesOf(token);
    }

    /// It has ended by itself.
    @Override
    public void close() {
      forgotten(this);
    }
  }

  /// Watches over a stream from now on. If its token has died since it was judged, it is cut at
  /// once.
  ///
  /// @param token that the request was admitted with
  /// @param request as it was judged
  public Open opened(AccessToken token, GuardedRequest request, Cut cut) {
    return opened(new Open(token, request, cut, true));
  }

  /// The same for a part of something that is watched over by others as a whole, and that ends with
  /// it: its token was not judged by this guard, which looks at nothing but its status.
  ///
  /// @param token as it was admitted for the whole
  /// @param request as it was judged there
  public Open openedWithin(AccessToken token, GuardedRequest request, Cut cut) {
    return opened(new Open(token, request, cut, false));
  }

  private Open opened(Open one) {
    ending.add(one);
    for (var name : one.names) {
      named.compute(name, (key, others) -> with(others, one));
    }
    // Last: whoever forgets it finds it everywhere.
    open.add(one);
    watch();
    if (isTold) {
      // News between the judgement and this moment found nothing to cut.
      look(one, true);
    }
    // After the end nobody watches.
    if (!isVerified(one) || closing.get()) {
      cut(one);
    }
    return one;
  }

  private static Set<Open> with(@Nullable Set<Open> others, Open one) {
    Set<Open> all = others == null ? ConcurrentHashMap.newKeySet() : others;
    all.add(one);
    return all;
  }

  /// @return whether it was watched
  private boolean forgotten(Open one) {
    if (!open.remove(one)) {
      return false;
    }
    ending.remove(one);
    for (var name : one.names) {
      named.computeIfPresent(
          name,
          (key, all) -> {
            all.remove(one);
            return all.isEmpty() ? null : all;
          });
    }
    return true;
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
    long looked = System.nanoTime();
    var round = open.iterator();
    long verified = looked;
    for (int looks = 1; !closing.get(); ) {
      try {
        var rest = every.toNanos() - (System.nanoTime() - looked);
        if (news.tryAcquire(Math.max(rest, 0), TimeUnit.NANOSECONDS)) {
          news.drainPermits();
          tell();
        }
        if (System.nanoTime() - looked >= every.toNanos()) {
          looked = System.nanoTime();
          expire();
          if (isTold) {
            round = some(round);
          } else if (looks % LOOKS_BETWEEN_QUESTIONS == 0) {
            all();
          }
          looks++;
        }
        if (System.nanoTime() - verified >= VERIFIED_EVERY.toNanos()) {
          verified = System.nanoTime();
          verify();
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void tell() {
    if (toldOfAll.getAndSet(false)) {
      all();
    }
    for (var told = toldOf.iterator(); told.hasNext(); ) {
      var name = told.next();
      // First this: what is heard of it meanwhile makes another round.
      told.remove();
      var these = named.get(name);
      if (these != null) {
        these.forEach(one -> look(one, true));
      }
    }
  }

  private void all() {
    open.forEach(one -> look(one, true));
  }

  private void expire() {
    for (var one : ending) {
      if (!guard.hasExpired(one.token)) {
        return;
      }
      look(one, false);
    }
  }

  /// Has all signatures checked by the keys of now. That may wait for a fetch, for which no other
  /// news wait. One at a time: what comes meanwhile makes another round.
  private void verify() {
    if (!open.isEmpty() && verifications.getAndIncrement() == 0) {
      Thread.ofVirtual().name("open-streams-verified").start(this::verifyAll);
    }
  }

  private void verifyAll() {
    int begun;
    do {
      begun = verifications.get();
      for (var one : open) {
        if (!isVerified(one)) {
          cut(one);
        }
      }
    } while (!verifications.compareAndSet(begun, 0));
  }

  /// A source of keys that breaks its promise not to throw ends this stream, and not the round.
  private boolean isVerified(Open one) {
    try {
      return !one.isWhole || guard.isStillGood(one.request);
    } catch (RuntimeException | Error e) {
      return false;
    }
  }

  /// Looks at the next ones. If one has died of which nobody has told, the others may have as well.
  ///
  /// @return where to go on
  private Iterator<Open> some(Iterator<Open> from) {
    int most = Math.max(LOOKED_AT, open.size() / LOOKS_BETWEEN_QUESTIONS + 1);
    var round = from.hasNext() ? from : open.iterator();
    for (int i = 0; i < most && round.hasNext(); i++) {
      if (look(round.next(), true)) {
        all();
        return open.iterator();
      }
    }
    return round;
  }

  /// @return whether it was cut
  private boolean look(Open one, boolean asks) {
    boolean ends = guard.hasExpired(one.token) || (asks && !isAlive(one));
    return ends && cut(one);
  }

  /// @return whether it was still watched
  private boolean cut(Open one) {
    boolean cuts = forgotten(one);
    if (cuts) {
      cutting(one);
    }
    return cuts;
  }

  /// Each by itself: one that cannot be cut at once must not keep the others alive.
  private static Thread cutting(Open one) {
    return Thread.ofVirtual().name("cut").start(one.cut::now);
  }

  /// A status that breaks its promise not to throw ends this stream, and not the watch over all.
  private boolean isAlive(Open one) {
    try {
      return guard.isAlive(one.token, one.request);
    } catch (RuntimeException | Error e) {
      return false;
    }
  }

  /// Cuts everything: nothing is watched any more, and what opens from now on is cut at once. Waits
  /// for the cuts, all together for three seconds; those that are not done by then go on.
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    synchronized (this) {
      if (watcher != null) {
        watcher.interrupt();
      }
    }
    var cuts = new ArrayList<Thread>();
    for (var one : open) {
      if (forgotten(one)) {
        cuts.add(cutting(one));
      }
    }
    awaitAll(cuts);
  }

  private static void awaitAll(List<Thread> cuts) {
    long deadline = System.nanoTime() + CLOSING_PATIENCE.toNanos();
    try {
      for (var one : cuts) {
        one.join(Duration.ofNanos(Math.max(deadline - System.nanoTime(), 0)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
