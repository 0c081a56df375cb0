package dev.lanyard.server.app;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.metrics.Metrics;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/// `GET /metrics`, for whoever bears the secret that the configuration names. Without one there is
/// no such route: figures tell how many people there are and when somebody was killed.
final class MetricsEndpoint {
  private static final String SCHEME = "Bearer ";

  private final Metrics metrics;
  private final Optional<Secret> secret;

  MetricsEndpoint(Metrics metrics, Optional<Secret> secret) {
    this.metrics = metrics;
    this.secret = secret;
  }

  List<Route> routes() {
    return secret.stream()
        .map(one -> Route.get("/metrics", Access.ADMIN, request -> read(request, one)))
        .toList();
  }

  private Response read(Request request, Secret expected) {
    return request.header("Authorization").filter(sent -> isRight(sent, expected)).isPresent()
        ? Response.bytes(200, Metrics.MEDIA_TYPE, metrics.text()).noStore()
        : Response.empty(401)
            .withHeader("WWW-Authenticate", "Bearer realm=\"metrics\"")
            .noStore()
            .provedNothing();
  }

  private static boolean isRight(String sent, Secret expected) {
    return sent.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && MessageDigest.isEqual(
            sent.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8),
            expected.reveal().getBytes(StandardCharsets.UTF_8));
  }
}
