package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.EventClass;
import dev.lanyard.server.audit.EventType;
import dev.lanyard.server.governance.Kept;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What went wrong: alarms that stand, those that ended in the period, and what was ended in it.
public final class IncidentEvidence implements Evidence {
  private static final Set<String> ENDS =
      Set.of(
          "person.disabled",
          "person.deleted",
          "person.revoked",
          "client.disabled",
          "client.revoked",
          "connector.disabled",
          "issuer.disabled",
          "organisation.disabled",
          "all.disabled",
          "library.emergency");

  /// So many alarms that are over are told one by one: unlike those that stand, nobody can make
  /// them fewer, and signals of others raise one each.
  private static final int MOST_OVER = 200;

  /// Of the ends that may have been removed.
  private static final Set<EventClass> CLASSES =
      ENDS.stream()
          .flatMap(type -> EventType.named(type).stream())
          .map(EventType::eventClass)
          .collect(Collectors.toUnmodifiableSet());

  private final Alarms alarms;
  private final AuditLog audit;
  private final Population population;

  public IncidentEvidence(Alarms alarms, AuditLog audit, Population population) {
    this.alarms = alarms;
    this.audit = audit;
    this.population = population;
  }

  @Override
  public List<Item> of(Period period) {
    var lines = new ArrayList<String>();
    var standing = alarms.standing();
    standing.forEach(one -> lines.add(told(one, "since", "")));
    var over = alarms.over(period.since(), period.until());
    over.stream()
        .limit(MOST_OVER)
        .forEach(one -> lines.add(told(one.alarm(), "from", ", over since " + one.at())));
    kinds(over.stream().skip(MOST_OVER))
        .forEach(
            (kind, count) -> lines.add("alarm %s, over as well: %d others".formatted(kind, count)));
    var removed = Kept.removedSince(period.since(), CLASSES, audit);
    removed.ifPresent(until ->
        lines.add(
            "retention has removed records of what was ended from before %s: how many there were is unknown"
                .formatted(until)));
    var counts = new TreeMap<String, Long>();
    var elsewhere = new AtomicLong();
    audit.during(
        ENDS,
        period.since(),
        period.until(),
        record -> {
          if (record.event().person().map(population::has).orElse(true)) {
            counts.merge(record.event().type(), 1L, Long::sum);
          } else {
            elsewhere.incrementAndGet();
          }
        });
    counts.forEach((type, count) -> lines.add("%s: %d times".formatted(type, count)));
    Population.elsewhere(elsewhere.get()).ifPresent(lines::add);
    if (lines.isEmpty()) {
      lines.add("no alarm stands or stood, and nothing was ended in this period");
    }
    var ended = JsonObject.builder();
    counts.forEach(ended::put);
    var ofKinds = JsonObject.builder();
    kinds(over.stream()).forEach(ofKinds::put);
    return List.of(
        new Item(
            "incidents:all",
            "Incidents",
            lines,
            JsonObject.builder()
                .put("alarms", standing.stream().map(one -> one.alarm().kind()).toList())
                .put("alarms_over", ofKinds.build())
                .put("ended", ended.build())
                .putIfPresent("removed_before", removed.map(Instant::toString))
                .build()));
  }

  /// How many there are of each kind.
  private static SortedMap<String, Long> kinds(Stream<Alarms.Over> over) {
    return over.collect(
        Collectors.groupingBy(
            one -> one.alarm().alarm().kind(), TreeMap::new, Collectors.counting()));
  }

  private static String told(Alarms.Standing one, String from, String until) {
    return "alarm %s \"%s\" %s %s, %d times%s: %s"
        .formatted(
            one.alarm().kind(),
            one.alarm().subject(),
            from,
            one.since(),
            one.times(),
            until,
            one.alarm().detail());
  }
}
