package dev.lanyard.server.app.node;

import dev.lanyard.server.administration.AdminBearers;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Cursors;
import dev.lanyard.server.administration.OpenApi;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.http.Route;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What each listener of a node offers, its own routes and those that every listener has.
final class Offers {
  private final Configuration config;
  private final Reception reception;
  private final InstantSource clock;
  private final Administration administration;
  private final Cursors cursors;
  private final List<Route> everywhere;
  private final Map<String, List<Route>> routes = new LinkedHashMap<>();
  private final Map<String, List<ApiRoute>> api = new LinkedHashMap<>();

  /// @param administration what the JSON API offers to administrators at every listener
  /// @param everywhere for those who operate the node, at every listener
  Offers(
      Ground ground,
      Reception reception,
      Administration administration,
      Cursors cursors,
      List<Route> everywhere) {
    this.config = ground.config();
    this.clock = ground.clock();
    this.reception = reception;
    this.administration = administration;
    this.cursors = cursors;
    this.everywhere = List.copyOf(everywhere);
  }

  /// What a listener offers to programs of administrators, beside what it is there for.
  void offer(String listener, List<Route> own) {
    offer(listener, own, programs(), List.of());
  }

  /// The same, with calls of its own.
  ///
  /// @param bearers whom the API lets in there; nobody if it is empty
  /// @param calls beside those that every listener offers
  void offer(String listener, List<Route> own, Optional<Api> bearers, List<ApiRoute> calls) {
    var offered = new ArrayList<>(bearers.map(administration::routes).orElse(List.of()));
    offered.addAll(calls);
    var bounded = new ArrayList<>(own);
    if (!offered.isEmpty()) {
      bounded.addAll(Api.routes(offered));
      bounded.add(OpenApi.route(offered));
    }
    var all = new ArrayList<>(reception.bounded(bounded));
    all.addAll(everywhere);
    api.put(listener, offered);
    routes.put(listener, List.copyOf(all));
  }

  /// The API for programs of administrators; none, if the configuration names none.
  Optional<Api> programs() {
    var administrators = config.outside().administrators();
    return administrators.isEmpty()
        ? Optional.empty()
        : Optional.of(new Api(AdminBearers.reading(administrators), cursors, clock));
  }

  /// By listener.
  Map<String, List<Route>> routes() {
    return Map.copyOf(routes);
  }

  /// By listener.
  Map<String, List<ApiRoute>> api() {
    return Map.copyOf(api);
  }
}
