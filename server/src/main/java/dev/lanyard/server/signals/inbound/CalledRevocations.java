package dev.lanyard.server.signals.inbound;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.token.Paths;
import dev.lanyard.server.token.Platform;
import dev.lanyard.server.token.ServerMetadata;
import java.util.List;

/// Global token revocation, as others call for it at a server: at the broker each caller of the
/// configuration, at an endpoint of its own; at the resource authorization server the issuers that
/// its customers have enrolled, at one endpoint for all. Thread-safe.
public final class CalledRevocations {
  /// Below the issuer.
  private static final String PATH = "/global-token-revocation";

  private static final int LARGEST_CALL = 20 * 1024;

  private final Issuer self;
  private final String pattern;
  private final RevocationCallEndpoint endpoint;

  private CalledRevocations(
      Issuer self,
      String pattern,
      RevocationCalls calls,
      Revocation revocation,
      Platform platform) {
    this.self = self;
    this.pattern = pattern;
    this.endpoint = new RevocationCallEndpoint(calls, revocation, platform);
  }

  /// @param callers one at least
  public static CalledRevocations byConfigured(
      Issuer self, List<CallerConfig> callers, Revocation revocation, Platform platform) {
    var calls = RevocationCalls.configured(callers, Paths.at(self, PATH), platform);
    return new CalledRevocations(self, PATH + "/{caller}", calls, revocation, platform);
  }

  /// @param self the resource authorization server
  public static CalledRevocations byEnrolled(
      Issuer self, EnrolledCallers callers, Revocation revocation, Platform platform) {
    var calls = RevocationCalls.enrolled(callers, Paths.at(self, PATH), platform);
    return new CalledRevocations(self, PATH, calls, revocation, platform);
  }

  /// The routes, with the path of the issuer.
  public List<Route> routes() {
    return List.of(
        Route.post(pattern, Access.CLIENT, endpoint::handle)
            .bodyLimit(LARGEST_CALL)
            .under(ServerMetadata.path(self)));
  }
}
