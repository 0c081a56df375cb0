package dev.lanyard.protocol.jwks;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jwks.RemoteDocument.Absent;
import dev.lanyard.protocol.jwks.RemoteDocument.Answer;
import dev.lanyard.protocol.jwks.RemoteDocument.Present;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/// The keys behind a `jwks_uri` that was configured or discovered beforehand (KEY-4).
///
/// A key id that is not in the set leads to one fetch, and to no other within the back-off: a
/// thousand tokens with invented key ids cost the issuer one request (KEY-3). Thread-safe.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7517.html#section-5 RFC 7517 §5
public final class RemoteKeySet implements KeySource {
  private final URI uri;
  private final RemoteDocument<PublicKeySet> document;

  public RemoteKeySet(EgressClient egress, URI uri, Refresh refresh, InstantSource clock) {
    this(egress, uri, refresh, clock, keys -> {});
  }

  /// One whose changes are seen.
  ///
  /// @param witness is told of every set that was fetched, before it serves; if it throws, the set
  ///   does not serve
  public RemoteKeySet(
      EgressClient egress,
      URI uri,
      Refresh refresh,
      InstantSource clock,
      Consumer<PublicKeySet> witness) {
    this.uri = uri;
    this.document =
        new RemoteDocument<>(
            () ->
                JsonFetch.from(
                    egress,
                    uri,
                    json -> {
                      var keys = PublicKeySet.parse(json);
                      witness.accept(keys);
                      return keys;
                    }),
            refresh,
            clock);
  }

  @Override
  public Lookup find(Optional<String> keyId, SigningAlgorithm algorithm) {
    var answer = document.current();
    var lookup = lookup(answer, keyId, algorithm);
    // Where there is nothing, it was just asked for.
    return lookup instanceof Lookup.Found || answer.content() instanceof Absent
        ? lookup
        : lookup(document.refreshed(answer), keyId, algorithm);
  }

  private Lookup lookup(
      Answer<PublicKeySet> answer, Optional<String> keyId, SigningAlgorithm algorithm) {
    return switch (answer.content()) {
      case Absent<PublicKeySet>(var reason) ->
          new Lookup.Unavailable("keys at " + uri + ": " + reason);
      case Present<PublicKeySet>(var keys, var stale) -> {
        var lookup = keys.find(keyId, algorithm);
        // An old copy proves what it has; that it lacks a key proves nothing.
        yield stale && lookup instanceof Lookup.None
            ? new Lookup.Unavailable("keys at " + uri + " could not be fetched anew")
            : lookup;
      }
    };
  }
}
