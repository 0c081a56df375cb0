package dev.lanyard.server.app.node;

import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.ClockWatch;
import dev.lanyard.server.audit.SetbackAlarm;
import dev.lanyard.server.audit.WriteWatch;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.http.BodyBudget;
import dev.lanyard.server.http.HttpLimits;
import dev.lanyard.server.http.HttpServer;
import dev.lanyard.server.http.Listener;
import dev.lanyard.server.metrics.Metrics;
import dev.lanyard.server.revocation.DenySet;
import java.time.InstantSource;
import java.util.List;

/// What every node has, whatever it serves: its listeners, who is let in how often, and what it
/// does by the clock.
///
/// @param http bound, and not serving yet: a port that is taken stops the start before anything is
///   begun
record NodeDoors(Upkeep upkeep, Reception reception, HttpServer http) {
  /// At a gateway each stream of a client is a connection.
  private static final HttpLimits GATEWAY_LIMITS = HttpLimits.defaults().withConnections(50_000);

  /// @param metrics to which it adds what every process tells
  /// @param running ends it
  static NodeDoors open(
      Configuration config,
      List<Listener> listeners,
      Database database,
      DenySet denied,
      Metrics metrics,
      Running running,
      InstantSource clock) {
    var telemetry = Collector.start(config, metrics, clock);
    telemetry.ifPresent(running::add);
    var upkeep =
        running.addDoor(
            new Upkeep(
                new AuditLog(database),
                denied,
                new Expired(database, Enforcement.longestLife(config)),
                running.jobs(),
                clock));
    var node = NodeName.of(listeners.getFirst().address().getPort());
    var failing = new JobWatch(running.jobs(), database, node, clock);
    upkeep.everyMinuteAlone("what fails", failing::look);
    upkeep.everyMinute("the record", new WriteWatch(database)::look);
    SetbackAlarm.on(database);
    upkeep.everyMinute("the clock", new ClockWatch(database, node, clock)::look);
    var reception =
        running.add(Reception.open(config.limits(), new AuditLog(database), upkeep, clock));
    var bodies = BodyBudget.ofHeap();
    var http =
        running.addDoor(
            HttpServer.bind(
                listeners,
                config.gateway().isPresent() ? GATEWAY_LIMITS : HttpLimits.defaults(),
                reception.strangers().proxies(),
                Collector.tracer(telemetry),
                bodies));
    var certificates = new CertificateWatch(http, database, clock);
    certificates.tell();
    upkeep.everyMinute("the certificates", certificates::look);
    Figures.ofCertificates(metrics, certificates);
    Figures.ofJobs(metrics, running.jobs(), upkeep);
    Figures.ofProcess(metrics);
    Figures.ofBodies(metrics, bodies);
    Figures.ofDatabase(metrics, database);
    return new NodeDoors(upkeep, reception, http);
  }
}
