package dev.lanyard.server.app.node;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.metrics.Metrics;
import java.util.List;
import java.util.Optional;

/// `GET /metrics`, for whoever bears the secret that the configuration names. Without one there is
/// no such route: figures tell how many people there are and when somebody was killed.
final class MetricsEndpoint {
  private final Metrics metrics;
  private final Optional<BearerSecret> secret;

  MetricsEndpoint(Metrics metrics, Optional<Secret> secret) {
    this.metrics = metrics;
    this.secret = secret.map(one -> new BearerSecret(one, "metrics"));
  }

  List<Route> routes() {
    return secret.stream()
        .map(one -> Route.get("/metrics", Access.ADMIN, request -> read(request, one)))
        .toList();
  }

  private Response read(Request request, BearerSecret expected) {
    return expected.isBorneBy(request)
        ? Response.bytes(200, Metrics.MEDIA_TYPE, metrics.text()).noStore()
        : expected.refusal();
  }
}
