package dev.lanyard.server.gateway.admission;

import dev.lanyard.server.gateway.front.Caller;
import dev.lanyard.server.gateway.front.GatewayLimits;
import dev.lanyard.server.http.Rate;
import dev.lanyard.server.library.Tool;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// How much one person, and all of them, may take at one connector. Thread-safe.
public final class CallLimits {
  private final int atOnceOfAll;
  private final Rate<String> requests;
  private final Rate<OfTool> calls;
  private final Rate<Everybody> requestsOfAll;
  private final UnderWay<String> requestsUnderWay;
  private final UnderWay<OfTool> callsUnderWay;
  private final AtomicInteger ofAll = new AtomicInteger();

  public CallLimits(GatewayLimits.Shares shares, InstantSource clock) {
    this.atOnceOfAll = shares.ofAllAtOnce();
    this.requests = new Rate<>(shares.perMinute(), clock);
    this.calls = new Rate<>(shares.ofOneToolPerMinute(), clock);
    this.requestsOfAll = new Rate<>(shares.ofAllPerMinute(), clock);
    this.requestsUnderWay = new UnderWay<>(shares.atOnce());
    this.callsUnderWay = new UnderWay<>(shares.ofOneToolAtOnce());
  }

  /// Whose requests count together.
  private enum Everybody {
    TOGETHER
  }

  private record OfTool(String subject, String tool) {}

  /// What there is too much of.
  enum Excess {
    CALLS_PER_MINUTE(429, "You have asked %s too often. Wait a minute, and try again."),
    CALLS_PER_MINUTE_OF_ALL(
        503, "All people together have asked %s too often. Try again in a minute."),
    AT_ONCE(
        429,
        "You have too many requests under way to %s. Wait until some have ended, and try again."),
    AT_ONCE_OF_ALL(503, "%s has too many requests of all people under way. Try again in a minute.");

    private final int status;
    private final String words;

    Excess(int status, String words) {
      this.status = status;
      this.words = words;
    }

    /// As the configuration has it.
    String limit() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// Of the answer: whether it is the caller or the server that has too much.
    int status() {
      return status;
    }

    /// For the caller.
    String words(String connector) {
      return words.formatted(connector);
    }
  }

  /// What so many more messages in this minute are too many of; empty if they are not.
  Optional<Excess> messages(Caller caller, int many) {
    if (!requests.admits(caller.subject(), many)) {
      return Optional.of(Excess.CALLS_PER_MINUTE);
    }
    return requestsOfAll.admits(Everybody.TOGETHER, many)
        ? Optional.empty()
        : Optional.of(Excess.CALLS_PER_MINUTE_OF_ALL);
  }

  /// Whether one more call of a tool is not too many in this minute.
  ///
  /// @param tool of the library: of made-up ones there is no end
  public boolean admitsCall(Caller caller, Tool tool) {
    return calls.admits(new OfTool(caller.subject(), tool.name()));
  }

  /// Whether so much more of somebody's is not too much at once, beside the requests under way.
  public boolean hasRoom(Caller caller, int further) {
    return further <= 0 || requestsUnderWay.hasRoom(caller.subject(), further);
  }

  /// A place for a request among those that may be under way at once, in which nothing is yet.
  Place place(Caller caller) {
    return new Place(caller.subject());
  }

  /// How many there are now of each.
  private static final class UnderWay<K> {
    private final int most;
    private final ConcurrentHashMap<K, Integer> many = new ConcurrentHashMap<>();

    UnderWay(int most) {
      this.most = most;
    }

    /// Takes so many more; if these are too many none is taken.
    boolean takes(K key, int more) {
      var granted = new AtomicBoolean();
      many.compute(
          key,
          (_, before) -> {
            int now = before == null ? 0 : before;
            granted.set(more <= most - now);
            int then = granted.get() ? now + more : now;
            return then == 0 ? null : then;
          });
      return granted.get();
    }

    boolean hasRoom(K key, int more) {
      return more <= most - many.getOrDefault(key, 0);
    }

    void gives(K key, int back) {
      many.computeIfPresent(key, (_, now) -> now == back ? null : now - back);
    }
  }

  /// What is under way of one request: itself, or the requests of its batch.
  final class Place {
    private final String subject;
    private final List<OfTool> calls = new ArrayList<>();
    private int taken;
    private boolean left;

    private Place(String subject) {
      this.subject = subject;
    }

    /// Takes so many more; if these are too many none is taken.
    synchronized Optional<Excess> takes(int more) {
      if (left || !requestsUnderWay.takes(subject, more)) {
        return Optional.of(Excess.AT_ONCE);
      }
      if (ofAll.addAndGet(more) > atOnceOfAll) {
        ofAll.addAndGet(-more);
        requestsUnderWay.gives(subject, more);
        return Optional.of(Excess.AT_ONCE_OF_ALL);
      }
      taken += more;
      return Optional.empty();
    }

    /// Takes one more call of a tool; not if that is one too many.
    ///
    /// @param tool of the library: of made-up ones there is no end
    synchronized boolean takesCall(Tool tool) {
      var call = new OfTool(subject, tool.name());
      if (left || !callsUnderWay.takes(call, 1)) {
        return false;
      }
      calls.add(call);
      return true;
    }

    /// It has ended; may be said more than once.
    synchronized void leave() {
      if (!left && taken > 0) {
        ofAll.addAndGet(-taken);
        requestsUnderWay.gives(subject, taken);
      }
      if (!left) {
        calls.forEach(call -> callsUnderWay.gives(call, 1));
      }
      left = true;
    }
  }
}
