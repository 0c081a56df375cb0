package dev.lanyard.server.app.node;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.http.StrangerLimits;
import dev.lanyard.server.http.Strangers;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Receives those who have proved nothing: bounds what they cost, and writes one audit record a
/// minute about all requests that were too many to have one each.
///
/// What the last minute had is lost if the process is killed; the first ones of a flood have their
/// own records.
final class Reception implements AutoCloseable {
  static final String EVENT = "requests.turned-away";

  private static final Logger LOG = LoggerFactory.getLogger(Reception.class);
  private static final int MOST_SOURCES = 10;

  private final Strangers strangers;
  private final AuditLog audit;

  private Reception(Strangers strangers, AuditLog audit) {
    this.strangers = strangers;
    this.audit = audit;
  }

  static Reception open(StrangerLimits limits, AuditLog audit, Upkeep upkeep, InstantSource clock) {
    var reception = new Reception(new Strangers(limits, clock), audit);
    upkeep.everyMinute("refusals", reception::record);
    return reception;
  }

  Strangers strangers() {
    return strangers;
  }

  /// The same routes, bounded where something must be proved. Pages for people and public documents
  /// count nothing.
  List<Route> bounded(List<Route> routes) {
    return routes.stream()
        .map(route ->
            route.blocking() && route.access() != Access.SESSION ? strangers.bounded(route) : route)
        .toList();
  }

  /// Records the rest.
  @Override
  public void close() {
    record();
  }

  private void record() {
    try {
      strangers.take().ifPresent(this::record);
    } catch (DatabaseException e) {
      LOG.error("requests that were turned away could not be recorded", e);
    }
  }

  private void record(Strangers.Summary summary) {
    var most =
        summary.sources().entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
            .limit(MOST_SOURCES)
            .toList();
    LOG.warn("{} requests that proved nothing got no record of their own", summary.count());
    var evidence =
        JsonObject.builder()
            .put("count", summary.count())
            .put("from", summary.from().toString())
            .put("to", summary.to().toString())
            .put("addresses", summary.sources().size())
            .put("most", counted("address", most))
            .put("turned_away", counted("route", List.copyOf(summary.turnedAway().entrySet())))
            .put("refused", counted("event", List.copyOf(summary.unrecorded().entrySet())))
            .build();
    audit.append(AuditEvent.of(EVENT, Outcome.REFUSED, summary.to(), "upkeep", evidence));
  }

  private static List<JsonObject> counted(String name, List<Map.Entry<String, Long>> counts) {
    return counts.stream()
        .map(one ->
            JsonObject.builder().put(name, one.getKey()).put("count", one.getValue()).build())
        .toList();
  }
}
