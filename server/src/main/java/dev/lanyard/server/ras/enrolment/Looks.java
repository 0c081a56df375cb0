package dev.lanyard.server.ras.enrolment;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.oauth.Issuer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Looks at issuers for a page: at several at once, at each at most once in a while, and for no
/// longer than somebody waits for a page. What is trusted never comes from here. Each node looks
/// for itself. Thread-safe.
final class Looks {
  /// How long a look is good enough.
  static final Duration FRESH = Duration.ofMinutes(5);

  /// How long a page waits for all of its issuers together.
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private static final int AT_ONCE = 16;

  /// What all that is kept may take, in characters: whoever is looked at chooses how much there is.
  private static final long MOST_KEPT = 8L * 1024 * 1024;

  /// What one takes that says nothing.
  private static final int ENTRY = 500;

  private final Surroundings surroundings;
  private final InstantSource clock;
  private final Cache<Issuer, Looked> kept =
      Caffeine.newBuilder()
          .executor(Runnable::run)
          .maximumWeight(MOST_KEPT)
          .<Issuer, Looked>weigher(Looks::weight)
          .build();
  private final ConcurrentMap<Issuer, CompletableFuture<Issuer>> underWay =
      new ConcurrentHashMap<>();
  private final Semaphore places = new Semaphore(AT_ONCE);

  Looks(Surroundings surroundings, InstantSource clock) {
    this.surroundings = surroundings;
    this.clock = clock;
  }

  /// What is known of issuers, a moment ago or now. One that does not answer in time is not among
  /// them, unless it has been seen before; the look goes on, for whoever asks next.
  Map<Issuer, Looked> at(Collection<Issuer> issuers) {
    var now = clock.instant();
    await(
        issuers.stream()
            .filter(issuer -> !isFresh(issuer, now))
            .map(this::begun)
            .toArray(CompletableFuture<?>[]::new));
    var known = new HashMap<Issuer, Looked>();
    for (var issuer : issuers) {
      var looked = kept.getIfPresent(issuer);
      if (looked != null) {
        known.put(issuer, looked);
      }
    }
    return known;
  }

  private boolean isFresh(Issuer issuer, Instant now) {
    var looked = kept.getIfPresent(issuer);
    return looked != null && now.isBefore(looked.at().plus(FRESH));
  }

  /// Looks now, whatever was seen before.
  Seen now(Issuer issuer) {
    var seen = surroundings.look(issuer);
    kept.put(issuer, new Looked(needed(seen), clock.instant()));
    return seen;
  }

  /// Where its endpoints and its keys are. A list of what it supports may be long, and takes ten
  /// times as much here as it takes to be written.
  private static Seen needed(Seen seen) {
    return switch (seen) {
      case Seen.Hidden hidden -> hidden;
      case Seen.Shown(var metadata, var keys) -> {
        var endpoints = AuthorizationServerMetadata.builder(metadata.issuer());
        for (var one : Endpoint.values()) {
          metadata.endpoint(one).ifPresent(url -> endpoints.endpoint(one, url));
        }
        yield new Seen.Shown(endpoints.build(), keys);
      }
    };
  }

  private static int weight(Issuer issuer, Looked looked) {
    int said =
        switch (looked.seen()) {
          case Seen.Hidden(var reason) -> reason.length();
          case Seen.Shown(var metadata, var keys) ->
              metadata.toJson().toJson().length() + keys.toJson().toJson().length();
        };
    return ENTRY + issuer.value().length() + said;
  }

  private CompletableFuture<Issuer> begun(Issuer issuer) {
    var begun = new CompletableFuture<Issuer>();
    var other = underWay.putIfAbsent(issuer, begun);
    if (other != null) {
      return other;
    }
    Thread.ofVirtual().name("look at an issuer").start(() -> look(issuer, begun));
    return begun;
  }

  private void look(Issuer issuer, CompletableFuture<Issuer> begun) {
    places.acquireUninterruptibly();
    try {
      var _ = now(issuer);
    } finally {
      places.release();
      underWay.remove(issuer, begun);
      begun.complete(issuer);
    }
  }

  private static void await(CompletableFuture<?>... looks) {
    try {
      CompletableFuture.allOf(looks).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      // What there is will do.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a look always ends well", e);
    }
  }
}
