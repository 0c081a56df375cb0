package dev.lanyard.server.ras;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.statuslist.StatusList;
import dev.lanyard.protocol.statuslist.StatusListToken;
import dev.lanyard.server.database.ChangeFeed;
import dev.lanyard.server.database.Freshness;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.sessions.StatusEntry;
import dev.lanyard.server.sessions.StatusEntryStore;
import dev.lanyard.server.token.ErrorAnswers;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/// `GET /status-lists/{list}`: which of the tokens of a list are dead (TSL-2, TSL-3). For
/// everybody: who does not hold a token cannot know whose place is whose.
///
/// A list is made from the record and the deny set, so every node serves the lists of all, and made
/// anew when somebody has been killed. It says itself that it must not be kept: a kill is known at
/// the latest [#BOUND] later to whoever keeps to that (TSL-5, DPR-1).
final class StatusListEndpoint {
  /// From when it speaks to when it counts for nothing.
  static final Duration BOUND = Duration.ofSeconds(60);

  /// How long a reader may keep it, and a cache on the way as long again.
  static final Duration TTL = BOUND.dividedBy(3);

  /// Under a storm of kills a list is not made more often.
  private static final Duration SETTLING = Duration.ofSeconds(1);

  /// So long after its node has heard of a kill the last list ends that does not know of it.
  static final Duration KNOWN_WITHIN = BOUND.plus(SETTLING);

  private static final int MOST_IN_MEMORY = 200;

  private final StatusEntryStore entries;
  private final Predicate<StatusEntry> isLive;
  private final StatusPlaces places;
  private final KeyRing keys;
  private final ChangeFeed changes;
  private final InstantSource clock;
  private final AtomicLong kills = new AtomicLong();
  private final Cache<String, Made> made =
      Caffeine.newBuilder().maximumSize(MOST_IN_MEMORY).build();

  /// @param tokens knows which tokens live
  StatusListEndpoint(
      StatusEntryStore entries,
      RasTokens tokens,
      StatusPlaces places,
      KeyRing keys,
      DenySet denied,
      ChangeFeed changes) {
    this.entries = entries;
    this.isLive = tokens::isLive;
    this.places = places;
    this.keys = keys;
    this.changes = changes;
    this.clock = tokens::now;
    denied.onArrival(_ -> kills.incrementAndGet());
  }

  /// A signed list, of the moment at which it was made.
  ///
  /// @param kills how many changes of the deny set this node had seen by then
  private record Made(String jwt, Instant at, long kills) {}

  Response handle(Request request) {
    if (changes.freshness() instanceof Freshness.Stale) {
      return ErrorAnswers.unavailable(request);
    }
    var name = request.pathParameter("list");
    var known = Optional.ofNullable(made.getIfPresent(name)).filter(this::isCurrent);
    return known
        .or(() -> make(name))
        .map(this::served)
        .orElseGet(() -> Response.empty(404).noStore().provedNothing());
  }

  private boolean isCurrent(Made list) {
    var age = Duration.between(list.at(), clock.instant());
    return age.compareTo(SETTLING) < 0 || (list.kills() == kills.get() && age.compareTo(TTL) < 0);
  }

  private Optional<Made> make(String name) {
    // In this order: a kill that arrives meanwhile makes the list old rather than go unnoticed.
    long seen = kills.get();
    var now = clock.instant();
    var tokens = entries.of(name, now);
    if (tokens.isEmpty()) {
      return Optional.empty();
    }
    var list = new Made(signed(places.uri(name), tokens, now), now, seen);
    made.put(name, list);
    return Optional.of(list);
  }

  private String signed(URI uri, List<StatusEntry> tokens, Instant now) {
    var dead = new BitSet(StatusPlaces.SIZE);
    tokens.stream().filter(isLive.negate()).mapToInt(StatusEntry::index).forEach(dead::set);
    var token =
        new StatusListToken(
            uri,
            now,
            Optional.of(now.plus(BOUND)),
            Optional.of(TTL),
            StatusList.of(StatusPlaces.SIZE, dead));
    return new JwtSigner(keys.active(Purpose.STATUS_LIST), StatusListToken.TYPE)
        .sign(token.toClaims());
  }

  private Response served(Made list) {
    return Response.bytes(
            200, StatusListToken.MEDIA_TYPE, list.jwt().getBytes(StandardCharsets.US_ASCII))
        .withHeader("Cache-Control", "public, max-age=" + TTL.toSeconds());
  }
}
