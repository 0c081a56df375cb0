package dev.lanyard.server.app.node;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.catalog.KnownWorld;
import dev.lanyard.server.credentials.CredentialsConfig.Way;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.governance.coverage.CoverageEndpoint;
import dev.lanyard.server.governance.coverage.CoverageMap;
import dev.lanyard.server.governance.coverage.Installation;
import dev.lanyard.server.governance.coverage.UseLog;
import dev.lanyard.server.governance.probe.Probes;
import dev.lanyard.server.governance.probe.Probes.Target;
import dev.lanyard.server.governance.routing.RouteEndpoint;
import dev.lanyard.server.governance.routing.Router;
import dev.lanyard.server.governance.routing.Workloads;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.schedule.Jobs;
import dev.lanyard.server.schedule.Recurring;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// What the governance plane does inside a running node: follows the files of the catalogue, probes
/// connectors in turn with the other nodes, counts what was used, and answers programs of
/// administrators.
public final class GovernanceNode implements AutoCloseable {
  private static final Duration EVERY = Duration.ofMinutes(1);

  private final Supplier<KnownWorld> known;
  private final CoverageMap map;
  private final Directory directory;
  private final Router router;
  private final Probes probes;
  private final InstantSource clock;
  private final Recurring timer;

  private GovernanceNode(
      Supplier<KnownWorld> known,
      CoverageMap map,
      Directory directory,
      Router router,
      Probes probes,
      Recurring timer,
      InstantSource clock) {
    this.timer = timer;
    this.known = known;
    this.map = map;
    this.directory = directory;
    this.router = router;
    this.probes = probes;
    this.clock = clock;
  }

  static GovernanceNode start(
      Configuration config,
      Database database,
      Supplier<Library> library,
      Directory directory,
      Upkeep upkeep,
      Jobs jobs,
      InstantSource clock) {
    var known = followed(config, upkeep);
    var map = map(config, database, library, known, () -> directory, clock);
    var router = new Router(library, workloads(config, upkeep), map);
    var looking = new Probes(database, new EgressClient(config.outbound()), clock);
    var timer = Recurring.onOneThread(jobs, "probes");
    var node = new GovernanceNode(known, map, directory, router, looking, timer, clock);
    var use = new UseLog(database, clock);
    upkeep.everyMinuteUnhurried("the use of connectors", use::keepUp);
    var probes = config.governance().probes();
    probes
        .every()
        .ifPresent(every ->
            node.timer.every(
                EVERY,
                "probing connectors",
                () ->
                    looking.inTurn(
                        targets(library.get(), known.get(), probes.catalogue()), every)));
    return node;
  }

  private static Supplier<KnownWorld> followed(Configuration config, Upkeep upkeep) {
    var folder = config.governance().catalog();
    if (folder.isEmpty()) {
      return Enforcement.lazily(KnownWorld::builtIn);
    }
    var files = KnownWorld.watch(folder.get());
    upkeep.watch("catalog", files::poll, () -> files.current().asOf().toString());
    return files::current;
  }

  private static Supplier<Workloads> workloads(Configuration config, Upkeep upkeep) {
    var file = config.governance().workloads();
    if (file.isEmpty()) {
      return () -> Workloads.NONE;
    }
    var watched = Workloads.watch(file.get());
    upkeep.watch("workloads", watched::poll, () -> file.get().getFileName().toString());
    return watched::current;
  }

  /// The coverage map of an installation.
  public static CoverageMap map(
      Configuration config,
      Database database,
      Supplier<Library> library,
      Supplier<KnownWorld> known,
      Supplier<Directory> directory,
      InstantSource clock) {
    return new CoverageMap(database, library, known, installation(config), directory, clock);
  }

  /// What says how people come to connectors here.
  public static Installation installation(Configuration config) {
    var bridged =
        config.upstreamCredentials().ways().entrySet().stream()
            .filter(one -> one.getValue() instanceof Way.Consented)
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    return new Installation(config.ras().map(served -> served.config().issuer()), bridged);
  }

  /// What can be probed: the connectors of the library, and those that the catalogue has besides.
  public static List<Target> targets(Library library, KnownWorld known, boolean catalogue) {
    var targets = new LinkedHashMap<ResourceIndicator, Target>();
    for (var one : library.connectors()) {
      targets.put(one.resource(), new Target(one.id(), one.resource(), known.of(one)));
    }
    if (catalogue) {
      for (var one : known.connectors()) {
        one.address()
            .ifPresent(address ->
                targets.putIfAbsent(address, new Target(one.id(), address, Optional.of(one))));
      }
    }
    return List.copyOf(targets.values());
  }

  /// Forecasts, reviews, contracts and the value report, on the same catalogue and map.
  Planning planning(Configuration config, Database database, Supplier<Library> library) {
    return new Planning(config, database, library, known, map, () -> directory, clock);
  }

  CoverageMap map() {
    return map;
  }

  Supplier<KnownWorld> known() {
    return known;
  }

  /// Looks at connectors from this node.
  Probes probes() {
    return probes;
  }

  Router router() {
    return router;
  }

  /// What programs of administrators may ask.
  List<ApiRoute> routes(Api api) {
    var routes = new ArrayList<>(new CoverageEndpoint(map, api, clock).routes());
    routes.addAll(new RouteEndpoint(router, api).routes());
    return routes;
  }

  @Override
  public void close() {
    timer.close();
  }
}
