package dev.lanyard.server.signals.inbound;

import dev.lanyard.protocol.egress.EgressRequest;
import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.jwks.Refresh;
import dev.lanyard.protocol.jwks.RemoteKeySet;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.token.Platform;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// What a configured transmitter says of itself: fetched at first use, kept, fetched anew.
/// Thread-safe.
///
/// @spec https://openid.net/specs/openid-sharedsignals-framework-1_0-final.html#section-7 Shared
///   Signals Framework 1.0 §7 (SSF-10)
final class RemoteTransmitter {
  static final String WELL_KNOWN = "/.well-known/ssf-configuration";
  private static final Duration KEPT = Duration.ofMinutes(10);
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final Issuer issuer;
  private final Platform platform;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile State state = new State(Optional.empty(), Instant.MIN, "not fetched yet", false);

  RemoteTransmitter(Issuer issuer, Platform platform) {
    this.issuer = issuer;
    this.platform = platform;
  }

  /// What we use of the metadata.
  record Metadata(
      Optional<URI> configurationEndpoint,
      Optional<URI> verificationEndpoint,
      Set<String> criticalMembers,
      Optional<Keys> keys) {}

  private record Keys(URI uri, RemoteKeySet set) {}

  /// @param none whether the transmitter answered that it has no metadata
  private record State(Optional<Metadata> metadata, Instant nextFetch, String fault, boolean none) {
    static State failed(Optional<Metadata> old, Instant now, String fault) {
      return new State(old, now.plus(RETRY), fault, false);
    }
  }

  /// Inserted between host and path.
  static URI place(Issuer issuer) {
    var uri = issuer.uri();
    var path = uri.getRawPath();
    var stripped = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return URI.create(uri.getScheme() + "://" + uri.getRawAuthority() + WELL_KNOWN + stripped);
  }

  /// The metadata; may block for a fetch. An old copy serves while no new one can be had.
  Optional<Metadata> metadata() {
    if (isDue()) {
      fetching.lock();
      try {
        if (isDue()) {
          state = fetched(state.metadata);
        }
      } finally {
        fetching.unlock();
      }
    }
    return state.metadata;
  }

  private boolean isDue() {
    return !platform.clock().instant().isBefore(state.nextFetch);
  }

  private State fetched(Optional<Metadata> old) {
    var now = platform.clock().instant();
    return switch (platform.egress().send(EgressRequest.get(place(issuer)))) {
      case EgressResult.Answered answer when answer.status() == 200 -> read(answer, old, now);
      case EgressResult.Answered answer ->
          new State(
              old,
              now.plus(RETRY),
              "status " + answer.status(),
              answer.status() == 404 || answer.status() == 410);
      case EgressResult.Unanswered none -> State.failed(old, now, none.reason());
    };
  }

  private State read(EgressResult.Answered answer, Optional<Metadata> old, Instant now) {
    try {
      var json = answer.json();
      if (!json.string("issuer").equals(Optional.of(issuer.value()))) {
        throw new MalformedException("the document's issuer is not " + issuer);
      }
      var keys = url(json, "jwks_uri");
      var metadata =
          new Metadata(
              url(json, "configuration_endpoint"),
              url(json, "verification_endpoint"),
              Set.copyOf(json.strings("critical_subject_members").orElse(List.of())),
              keys.map(uri -> keysAt(uri, old)));
      return new State(Optional.of(metadata), now.plus(KEPT), "", false);
    } catch (MalformedException e) {
      return State.failed(old, now, String.valueOf(e.getMessage()));
    }
  }

  private Keys keysAt(URI uri, Optional<Metadata> old) {
    return old.flatMap(Metadata::keys)
        .filter(known -> known.uri().equals(uri))
        .orElseGet(() ->
            new Keys(
                uri, new RemoteKeySet(platform.egress(), uri, Refresh.DEFAULT, platform.clock())));
  }

  private static Optional<URI> url(JsonObject json, String member) throws MalformedException {
    try {
      return json.string(member).map(URI::create);
    } catch (IllegalArgumentException e) {
      // The JDK has no other way to say that it is not a URL.
      throw new MalformedException("member '" + member + "' is not a URL");
    }
  }

  /// The subject members that may not be ignored; may block for a fetch. Whoever has no metadata at
  /// all calls none critical.
  ///
  /// @return empty if they cannot be had now
  Optional<Set<String>> criticalMembers() {
    return metadata()
        .map(Metadata::criticalMembers)
        .or(() -> state.none ? Optional.of(Set.of()) : Optional.empty());
  }

  /// Why there is no metadata.
  String fault() {
    return "transmitter metadata of " + issuer + ": " + state.fault;
  }

  KeySource keys() {
    return this::find;
  }

  private KeySource.Lookup find(Optional<String> keyId, SigningAlgorithm algorithm) {
    return metadata()
        .flatMap(Metadata::keys)
        .map(keys -> keys.set().find(keyId, algorithm))
        .orElseGet(() -> new KeySource.Lookup.Unavailable(fault()));
  }
}
