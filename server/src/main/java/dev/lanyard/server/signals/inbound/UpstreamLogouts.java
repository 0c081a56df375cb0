package dev.lanyard.server.signals.inbound;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.token.Platform;
import dev.lanyard.server.token.ServerMetadata;
import java.util.List;
import java.util.Set;

/// What the providers upstream tell a server of logouts, at `/backchannel-logout/{upstream}`: the
/// broker, and the resource authorization server where people sign in there. Thread-safe.
public final class UpstreamLogouts {
  /// Below the issuer.
  static final String PATH = "/backchannel-logout";

  private static final int LARGEST_TOKEN = 20 * 1024;

  private final Issuer self;
  private final LogoutTokenEndpoint endpoint;

  /// @param providers at which people sign in to this server; one at least
  public UpstreamLogouts(
      Issuer self, Set<LogoutProvider> providers, Revocation revocation, Platform platform) {
    this.self = self;
    this.endpoint = new LogoutTokenEndpoint(providers, revocation, platform);
  }

  /// The routes, with the path of the issuer.
  public List<Route> routes() {
    return List.of(
        Route.post(PATH + "/{upstream}", Access.PUBLIC, endpoint::handle)
            .bodyLimit(LARGEST_TOKEN)
            .under(ServerMetadata.path(self)));
  }

  /// Has the keys of the providers at hand, without making anybody wait: to be done now and then.
  public void keepKeys() {
    Thread.ofVirtual().start(this::fetchKeys);
  }

  /// The same, and returns when they are there.
  public void fetchKeys() {
    endpoint.keepKeys();
  }
}
