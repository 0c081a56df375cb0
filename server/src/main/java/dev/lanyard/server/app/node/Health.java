package dev.lanyard.server.app.node;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Freshness;
import dev.lanyard.server.delivery.Dispatcher;
import dev.lanyard.server.export.Exports;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.publication.Consequences;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whether this node lives, and whether it may be given requests. Strangers learn that and no more:
/// a kill shows in the number of alarms, and how much waits tells when to strike. Whoever bears the
/// secret of the figures learns also what waits for somebody.
final class Health {
  private final Database database;
  private final Upkeep upkeep;
  private final Consequences consequences;
  private final Reconciler reconciler;
  private final Dispatcher deliveries;
  private final Exports exports;
  private final Optional<BearerSecret> secret;

  Health(
      Database database,
      Upkeep upkeep,
      Consequences consequences,
      Reconciler reconciler,
      Dispatcher deliveries,
      Exports exports,
      Optional<Secret> secret) {
    this.database = database;
    this.upkeep = upkeep;
    this.consequences = consequences;
    this.reconciler = reconciler;
    this.deliveries = deliveries;
    this.exports = exports;
    this.secret = secret.map(one -> new BearerSecret(one, "health"));
  }

  List<Route> routes() {
    return List.of(
        Route.get("/health/live", Access.PUBLIC, Health::live).nonBlocking(),
        Route.get("/health/ready", Access.PUBLIC, this::ready).nonBlocking());
  }

  /// Still 200 (decision 97): all nodes share the record, and what needs none goes on.
  static void record(Database database, JsonObject.Builder body) {
    if (database.refusals().seen().nowToo()) {
      body.put("record", "cannot be written");
    }
  }

  static Response live(Request request) {
    return Response.json(200, JsonObject.builder().put("status", "live").build()).noStore();
  }

  /// A node that may have missed a change answers 503, because it grants nothing (fail closed).
  /// Broken files leave it ready: the last good version is in force. So do messages that do not
  /// arrive outside; somebody has to look at dead ones (`lanyard delivery list`).
  private Response ready(Request request) {
    var body = JsonObject.builder();
    var fresh = database.changes().freshness() instanceof Freshness.Fresh;
    body.put("status", fresh ? "ready" : "stale");
    record(database, body);
    if (secret.filter(one -> one.isBorneBy(request)).isPresent()) {
      waiting(body);
    }
    return Response.json(fresh ? 200 : 503, body.build()).noStore();
  }

  /// Threads that nothing but a restart brings back, by their names.
  static List<String> endedThreads(Database database, Dispatcher deliveries, Exports exports) {
    var ended = new ArrayList<>(database.endedThreads());
    if (!deliveries.isAlive()) {
      ended.add("deliveries");
    }
    ended.addAll(exports.endedThreads());
    return List.copyOf(ended);
  }

  /// What of a process is not as it should be.
  static void broken(JsonObject.Builder body, Upkeep upkeep, List<String> endedThreads) {
    body.put("refused_files", upkeep.refused().keySet().stream().sorted().toList());
    body.put("ended_threads", endedThreads);
  }

  /// What somebody has to look at.
  private void waiting(JsonObject.Builder body) {
    // Which ones: `lanyard alarms`.
    body.put("alarms", reconciler.alarms());
    // Whoever does not speak does not say either who was disabled.
    body.put("silent_signals", reconciler.alarmsByKind().getOrDefault("signals-silent", 0));
    var reviews = consequences.reviewsOpen().size();
    if (reviews > 0) {
      body.put("library_emergencies_to_review", reviews);
      body.put("library_reviews_overdue", consequences.reviewsOverdue());
    }
    broken(body, upkeep, endedThreads(database, deliveries, exports));
    var backlog = deliveries.backlog();
    body.put("deliveries_waiting", backlog.waiting());
    body.put("deliveries_dead", backlog.dead());
    body.put("exports_stalled", exports.stalled());
  }
}
