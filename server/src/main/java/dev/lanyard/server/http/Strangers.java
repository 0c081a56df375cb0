package dev.lanyard.server.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Bounds what somebody can cost us who proves nothing: how often we look at what they send, and
/// how many records they leave.
///
/// Only failures count, and only those of whoever has proved nothing (see
/// [Response#provedNothing]). So a provider that sends thousands of genuine signals a second is
/// never slowed down, and a flood of forged ones from elsewhere does not keep it out: addresses and
/// routes are counted apart. Nothing is looked at of an address that has had its share: it is
/// answered with 429, or 503 where clients prove themselves, before any signature is checked. Each
/// node counts for itself. Thread-safe.
public final class Strangers {
  private static final int FAR_MORE_THAN_PROVIDERS = 100_000;
  private static final int MOST_NAMED = 1000;
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final Duration KNOWN_FOR = Duration.ofMinutes(10);
  private static final Duration NOTED_EVERY = Duration.ofMinutes(1);

  /// How many networks may have a full share of the records.
  private static final int NETWORKS = 10;

  private static final int BYTES_OF_NETWORK = 8;
  private static final int BYTES_OF_IPV6 = 16;

  private final StrangerLimits limits;
  private final InstantSource clock;
  private final ClockMeter time;
  private final Cache<Place, Bucket> failures =
      Caffeine.newBuilder().maximumSize(FAR_MORE_THAN_PROVIDERS).build();
  private final Cache<Place, Instant> known =
      Caffeine.newBuilder().maximumSize(FAR_MORE_THAN_PROVIDERS).build();
  private final Bucket records;
  private final Rate<InetAddress> shares;
  private Tally tally;

  public Strangers(StrangerLimits limits, InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
    this.time = new ClockMeter(clock);
    this.records = bucket(limits.records());
    this.shares = new Rate<>(Math.max(1, limits.records() / NETWORKS), clock);
    this.tally = new Tally(clock.instant());
  }

  private record Place(String pattern, InetAddress network) {}

  /// What left no record of its own.
  ///
  /// @param from since when
  /// @param turnedAway how many requests were turned away unseen, by route
  /// @param unrecorded how many were looked at and refused, by event
  /// @param sources how many of both, by address; those of addresses beyond the first thousand are
  ///   under `others`
  public record Summary(
      Instant from,
      Instant to,
      Map<String, Long> turnedAway,
      Map<String, Long> unrecorded,
      Map<String, Long> sources) {
    /// How many requests it is about.
    public long count() {
      return sources.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /// For one thread at a time.
  private static final class Tally {
    private final Instant from;
    private final Map<String, Long> turnedAway = new TreeMap<>();
    private final Map<String, Long> unrecorded = new TreeMap<>();
    private final Map<String, Long> sources = new TreeMap<>();

    Tally(Instant from) {
      this.from = from;
    }

    void count(Map<String, Long> what, String name, InetAddress source) {
      what.merge(name, 1L, Long::sum);
      var address = source.getHostAddress();
      boolean isNamed = sources.containsKey(address) || sources.size() < MOST_NAMED;
      sources.merge(isNamed ? address : "others", 1L, Long::sum);
    }
  }

  /// Who says from where requests come.
  public TrustedProxies proxies() {
    return limits.proxies();
  }

  /// The same route, which does not look at an address that has failed there too often.
  public Route bounded(Route route) {
    var handler = route.handler();
    return route.handledBy(request -> {
      var place = new Place(route.pattern(), network(request.source()));
      // Behind the address of a client that fails stand others that prove themselves: a whole
      // company
      // may be one address, and comparing a secret is cheap.
      boolean isClients = route.access() == Access.CLIENT;
      var wait = wait(place, isClients);
      if (wait.isPresent()) {
        count(true, route.pattern(), request.source());
        return tooMany(route, request, wait.get());
      }
      var response = handler.handle(request);
      judge(place, response, isClients);
      return response;
    });
  }

  /// How long an address must wait, if it must.
  private Optional<Duration> wait(Place place, boolean isKnown) {
    var bucket = failures.getIfPresent(place);
    if (bucket == null) {
      return Optional.empty();
    }
    var estimate = bucket.estimateAbilityToConsume(cost(place, isKnown));
    return estimate.canBeConsumed()
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(estimate.getNanosToWaitForRefill()));
  }

  /// A failure costs a stranger more of the same bucket than somebody who is known. It holds the
  /// product of both limits, so each cost is the limit of the other: whoever is known fails
  /// `failuresOfKnown` times at `failures` each, a stranger `failures` times at `failuresOfKnown`.
  private long cost(Place place, boolean isKnown) {
    var since = known.getIfPresent(place);
    return isKnown || (since != null && clock.instant().isBefore(since.plus(KNOWN_FOR)))
        ? limits.failures()
        : limits.failuresOfKnown();
  }

  private void judge(Place place, Response response, boolean isKnown) {
    if (response.hasProvedNothing()) {
      // Many at once may have passed before the first has failed; there is no debt from that.
      var _ =
          failures
              .get(place, _ -> bucket((long) limits.failures() * limits.failuresOfKnown()))
              .tryConsumeAsMuchAsPossible(cost(place, isKnown));
    } else if (response.status() < 400) {
      note(place);
    }
  }

  /// Not at every request: most are good.
  private void note(Place place) {
    var now = clock.instant();
    var since = known.getIfPresent(place);
    if (since == null || since.plus(NOTED_EVERY).isBefore(now)) {
      known.put(place, now);
    }
  }

  private Bucket bucket(long perMinute) {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, WINDOW))
        .withCustomTimePrecision(time)
        .build();
  }

  /// A client that knows its secret may stand behind that address, too: on 4xx it would throw away
  /// the sign-in of its person, on 503 it comes again.
  private static Response tooMany(Route route, Request request, Duration wait) {
    return Response.error(
            request.path(),
            route.access() == Access.CLIENT ? 503 : 429,
            "temporarily_unavailable",
            "too many requests from this address have failed",
            request.correlationId())
        .withHeader("Retry-After", Long.toString(wait.toSeconds() + 1));
  }

  /// Whether a failure of somebody who has proved nothing may have a record of its own; if not, it
  /// is in the next [Summary].
  ///
  /// @param event what would be recorded
  public boolean mayRecord(Request request, String event) {
    return mayRecord(request.source(), event);
  }

  /// The same about a request that nobody has read.
  public boolean mayRecord(InetAddress source, String event) {
    // Whoever has had the share of a network takes only from the first half: the other is for
    // others, whom one address could silence otherwise.
    boolean may =
        (shares.admits(network(source)) || records.getAvailableTokens() > limits.records() / 2)
            && records.tryConsume(1);
    if (!may) {
      count(false, event, source);
    }
    return may;
  }

  private synchronized void count(boolean turnedAway, String name, InetAddress source) {
    tally.count(turnedAway ? tally.turnedAway : tally.unrecorded, name, source);
  }

  /// What has left no record since this was last asked; empty if there is nothing.
  public synchronized Optional<Summary> take() {
    var last = tally;
    var now = clock.instant();
    tally = new Tally(now);
    return last.sources.isEmpty()
        ? Optional.empty()
        : Optional.of(new Summary(last.from, now, last.turnedAway, last.unrecorded, last.sources));
  }

  /// One customer of a provider has 2^64 addresses of IPv6: they count as one.
  public static InetAddress network(InetAddress address) {
    var bytes = address.getAddress();
    if (bytes.length != BYTES_OF_IPV6) {
      return address;
    }
    Arrays.fill(bytes, BYTES_OF_NETWORK, BYTES_OF_IPV6, (byte) 0);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("16 bytes are an address", e);
    }
  }
}
