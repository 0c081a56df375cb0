package dev.lanyard.protocol.dpop;

import dev.lanyard.protocol.oauth.Secret;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/// The request that a proof must fit.
///
/// @param method the HTTP method
/// @param url the URL as the client saw it, absolute and with a host: from configuration, never
///   from the `Host` header (RS-23)
/// @param presented the access token that came with the request, at a resource server
/// @param nonces the nonces that are good now; empty if none is demanded
public record DpopRequest(
    String method, URI url, Optional<Presented> presented, Set<String> nonces) {

  /// An access token and the key that it is bound to.
  ///
  /// @param accessToken as it was sent
  /// @param thumbprint its `cnf.jkt`
  public record Presented(Secret accessToken, String thumbprint) {}

  /// @throws IllegalArgumentException if the URL is not absolute or has no host
  public DpopRequest {
    if (url.getScheme() == null || url.getHost() == null) {
      throw new IllegalArgumentException("a proof names an absolute URL with a host, not " + url);
    }
    nonces = Set.copyOf(nonces);
  }

  /// A request without access token, as to a token endpoint.
  public static DpopRequest of(String method, URI url) {
    return new DpopRequest(method, url, Optional.empty(), Set.of());
  }

  /// The same request with an access token: the proof must have been made for it, by its key.
  public DpopRequest with(Presented accessToken) {
    return new DpopRequest(method, url, Optional.of(accessToken), nonces);
  }

  /// The same request where one of these nonces is demanded.
  public DpopRequest demanding(Set<String> nonces) {
    return new DpopRequest(method, url, presented, nonces);
  }
}
