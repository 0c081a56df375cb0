package dev.lanyard.client;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/// Different ways for different MCP servers, as an administrator has configured them: for example
/// the ordinary flow for a server outside Enterprise-Managed Authorization.
///
/// The choice is made by the server's URL and nothing else. **No way is ever tried because another
/// was refused**: a denial of the identity provider is final (CLI-34).
public final class AccessByServer implements AccessSource {
  private final AccessSource others;
  private final Map<URI, AccessSource> servers;

  /// @param others for every server that is not named, usually an
  ///   [dev.lanyard.client.ema.EmaClient]
  public AccessByServer(AccessSource others) {
    this(others, Map.of());
  }

  private AccessByServer(AccessSource others, Map<URI, AccessSource> servers) {
    this.others = others;
    this.servers = Map.copyOf(servers);
  }

  /// The same, and this server is reached another way.
  public AccessByServer with(URI server, AccessSource way) {
    var more = new HashMap<>(servers);
    more.put(server, way);
    return new AccessByServer(others, more);
  }

  private AccessSource way(URI server) {
    return servers.getOrDefault(server, others);
  }

  @Override
  public Access accessTo(URI server, Hint hint) {
    return way(server).accessTo(server, hint);
  }

  @Override
  public Map<String, String> headersFor(URI server, String method, URI url) {
    return way(server).headersFor(server, method, url);
  }

  @Override
  public void useNonce(URI server, String nonce) {
    way(server).useNonce(server, nonce);
  }
}
