package dev.lanyard.server.clients.documents;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientSource;
import dev.lanyard.server.http.Rate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;

/// The clients that are called by the URL of their metadata document, on the hosts that an
/// administrator allows.
///
/// A good document serves as long as HTTP says, within bounds; while its server is out of reach it
/// serves for a day more, so that an outage there is none here. What is no document never serves:
/// it is only not asked for again for a while, so that nobody makes us a hammer. Of concurrent
/// callers one fetches. Each node fetches for itself. Thread-safe.
public final class MetadataDocuments implements ClientSource {
  /// How long a document serves beyond its time while it cannot be fetched anew.
  static final Duration OUTAGE = Duration.ofHours(24);

  static final Duration BAD_FOR = Duration.ofMinutes(1);
  static final Duration OUT_FOR = Duration.ofSeconds(10);

  /// How many documents that we do not hold are asked for of one host in a minute.
  static final int UNKNOWN_A_MINUTE = 30;

  private static final int MOST_HELD = 1_000;
  private static final int MOST_FAILURES = 10_000;
  private static final int AT_ONCE = 16;

  private final DocumentConfig config;
  private final DocumentFetch fetch;
  private final DocumentLedger ledger;
  private final InstantSource clock;
  private final Rate<String> unknown;
  private final Semaphore atOnce = new Semaphore(AT_ONCE);
  private final ConcurrentMap<ClientId, CompletableFuture<Lookup>> running =
      new ConcurrentHashMap<>();
  private final Cache<ClientId, Held> held = Caffeine.newBuilder().maximumSize(MOST_HELD).build();
  private final Cache<ClientId, Failure> failures =
      Caffeine.newBuilder().maximumSize(MOST_FAILURES).build();

  public MetadataDocuments(
      DocumentConfig config, EgressClient egress, DocumentLedger ledger, InstantSource clock) {
    this.config = config;
    this.fetch = new DocumentFetch(egress);
    this.ledger = ledger;
    this.clock = clock;
    this.unknown = new Rate<>(UNKNOWN_A_MINUTE, clock);
  }

  private record Held(Client client, Instant freshUntil) {
    boolean isFresh(Instant now) {
      return now.isBefore(freshUntil);
    }

    boolean mayServe(Instant now) {
      return now.isBefore(freshUntil.plus(OUTAGE));
    }
  }

  /// @param until when it may be asked for again
  private record Failure(Lookup told, Instant until) {}

  @Override
  public boolean takesUrls() {
    return config.isOn();
  }

  @Override
  public Optional<Client> known(ClientId id) {
    return Optional.ofNullable(held.getIfPresent(id))
        .filter(one -> one.mayServe(clock.instant()))
        .map(Held::client);
  }

  @Override
  public Collection<Client> all() {
    var now = clock.instant();
    return held.asMap().values().stream()
        .filter(one -> one.mayServe(now))
        .map(Held::client)
        .toList();
  }

  @Override
  public Lookup look(ClientId id) {
    if (!config.isOn() || !ClientIdUrl.isMeant(id)) {
      return new Lookup.Unknown();
    }
    var url = ClientIdUrl.read(id);
    if (url.isEmpty()) {
      return rejected("an https URL of a document", id.value(), "REG-2");
    }
    if (!config.allows(url.get())) {
      return rejected("listed, or on an allowed host", id.value(), "REG-5");
    }
    var now = clock.instant();
    var good = Optional.ofNullable(held.getIfPresent(id)).filter(one -> one.mayServe(now));
    if (good.filter(one -> one.isFresh(now)).isPresent()) {
      return new Lookup.Found(good.get().client());
    }
    var failure = Optional.ofNullable(failures.getIfPresent(id));
    if (failure.filter(one -> now.isBefore(one.until())).isPresent()) {
      return serving(good, failure.get().told());
    }
    return fetched(url.get(), good);
  }

  /// The old document rather than an outage; but no document rather than an old one, if that is
  /// what its server says.
  private static Lookup serving(Optional<Held> good, Lookup otherwise) {
    return otherwise instanceof Lookup.Unavailable && good.isPresent()
        ? new Lookup.Found(good.get().client())
        : otherwise;
  }

  private Lookup fetched(ClientIdUrl url, Optional<Held> good) {
    var mine = new CompletableFuture<Lookup>();
    var theirs = running.putIfAbsent(url.id(), mine);
    if (theirs != null) {
      // Nobody waits who need not.
      return good.isPresent() ? new Lookup.Found(good.get().client()) : theirs.join();
    }
    Lookup told = new Lookup.Unavailable("the document could not be fetched");
    try {
      told = admitted(url, good);
    } finally {
      running.remove(url.id());
      mine.complete(told);
    }
    return told;
  }

  private Lookup admitted(ClientIdUrl url, Optional<Held> good) {
    if (good.isEmpty() && !unknown.admits(url.host())) {
      return new Lookup.Unavailable("too many unknown documents of " + url.host());
    }
    if (!atOnce.tryAcquire()) {
      return serving(good, new Lookup.Unavailable("too many documents are being fetched"));
    }
    try {
      return remembered(url.id(), fetch.fetch(url), good);
    } finally {
      atOnce.release();
    }
  }

  private Lookup remembered(ClientId id, Fetched fetched, Optional<Held> good) {
    var now = clock.instant();
    return switch (fetched) {
      case Fetched.Good(var client, var life) -> {
        ledger.seen(client);
        held.put(id, new Held(client, now.plus(life)));
        failures.invalidate(id);
        yield new Lookup.Found(client);
      }
      case Fetched.Bad(var evidence) -> {
        held.invalidate(id);
        failures.put(id, new Failure(new Lookup.Rejected(evidence), now.plus(BAD_FOR)));
        yield new Lookup.Rejected(evidence);
      }
      case Fetched.Outage(var reason) -> {
        var outage = new Lookup.Unavailable("the document of " + id + ": " + reason);
        failures.put(id, new Failure(outage, now.plus(OUT_FOR)));
        yield serving(good, outage);
      }
    };
  }

  private static Lookup rejected(String expected, String actual, String requirement) {
    return new Lookup.Rejected(new Evidence("client_id", expected, actual, requirement));
  }
}
