package dev.lanyard.protocol.jwks;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jwks.RemoteDocument.Absent;
import dev.lanyard.protocol.jwks.RemoteDocument.Failed;
import dev.lanyard.protocol.jwks.RemoteDocument.Fetch;
import dev.lanyard.protocol.jwks.RemoteDocument.Fetched;
import dev.lanyard.protocol.jwks.RemoteDocument.Present;
import dev.lanyard.protocol.jwks.RemoteDocument.Silent;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata;
import dev.lanyard.protocol.metadata.AuthorizationServerMetadata.Endpoint;
import dev.lanyard.protocol.metadata.WellKnown;
import dev.lanyard.protocol.oauth.Issuer;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// From an issuer that is trusted to its metadata and keys: fetched at first use, kept, fetched
/// anew.
///
/// **Makes nobody trusted.** Which issuers may be discovered is the caller's decision; never take
/// one from a token (RAS-4). Thread-safe.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8414.html#section-3 RFC 8414 §3 (CLI-3)
public final class IssuerDiscovery {
  private final EgressClient egress;
  private final Issuer issuer;
  private final Refresh refresh;
  private final InstantSource clock;
  private final RemoteDocument<AuthorizationServerMetadata> document;
  private final KeySource keys = this::find;
  private volatile Optional<KeysAt> remoteKeys = Optional.empty();

  public IssuerDiscovery(EgressClient egress, Issuer issuer, Refresh refresh, InstantSource clock) {
    this.egress = egress;
    this.issuer = issuer;
    this.refresh = refresh;
    this.clock = clock;
    this.document = new RemoteDocument<>(this::fetch, refresh, clock);
  }

  /// What is known of the issuer now.
  public sealed interface Discovery {
    /// A document whose `issuer` is the one asked for, byte for byte.
    record Found(AuthorizationServerMetadata metadata) implements Discovery {}

    /// No such document could be had.
    record Unavailable(String reason) implements Discovery {}
  }

  /// The issuer's metadata; may block for a fetch.
  public Discovery discover() {
    return switch (document.current().content()) {
      case Present<AuthorizationServerMetadata> present -> new Discovery.Found(present.document());
      case Absent<AuthorizationServerMetadata> absent ->
          new Discovery.Unavailable("metadata of " + issuer + ": " + absent.reason());
    };
  }

  /// The keys at the `jwks_uri` of the metadata.
  public KeySource keys() {
    return keys;
  }

  private KeySource.Lookup find(Optional<String> keyId, SigningAlgorithm algorithm) {
    return switch (discover()) {
      case Discovery.Unavailable(var reason) -> new KeySource.Lookup.Unavailable(reason);
      case Discovery.Found(var metadata) -> {
        var uri = metadata.endpoint(Endpoint.JWKS);
        yield uri.isPresent()
            ? keysAt(uri.get()).find(keyId, algorithm)
            : new KeySource.Lookup.Unavailable(issuer + " publishes no jwks_uri");
      }
    };
  }

  private RemoteKeySet keysAt(URI uri) {
    var known = remoteKeys.filter(keysAt -> keysAt.uri.equals(uri));
    return known.isPresent() ? known.get().keys : movedTo(uri);
  }

  /// Synchronized only so that two threads do not make two key sets for one URI.
  private synchronized RemoteKeySet movedTo(URI uri) {
    if (remoteKeys.isEmpty() || !remoteKeys.get().uri.equals(uri)) {
      remoteKeys = Optional.of(new KeysAt(uri, new RemoteKeySet(egress, uri, refresh, clock)));
    }
    return remoteKeys.get().keys;
  }

  private Fetch<AuthorizationServerMetadata> fetch() {
    var faults = new ArrayList<String>();
    for (var uri : WellKnown.authorizationServer(issuer)) {
      var fetched =
          JsonFetch.from(egress, uri, json -> AuthorizationServerMetadata.parse(json, issuer));
      switch (fetched) {
        case Fetched<AuthorizationServerMetadata> found -> {
          return found;
        }
        case Failed<AuthorizationServerMetadata>(var reason) ->
            faults.add(uri.getPath() + ": " + reason);
        case Silent<AuthorizationServerMetadata>(var reason) -> {
          faults.add(uri.getPath() + ": " + reason);
          return failed(faults);
        }
      }
    }
    return failed(faults);
  }

  private static Fetch<AuthorizationServerMetadata> failed(List<String> faults) {
    return new Failed<>(String.join("; ", faults));
  }

  private record KeysAt(URI uri, RemoteKeySet keys) {}
}
