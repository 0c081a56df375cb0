package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/// What went wrong: alarms that stand, and what was ended in the period.
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
    for (var one : standing) {
      lines.add(
          "alarm %s \"%s\" since %s, %d times: %s"
              .formatted(
                  one.alarm().kind(),
                  one.alarm().subject(),
                  one.since(),
                  one.times(),
                  one.alarm().detail()));
    }
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
      lines.add("no alarm stands, and nothing was ended in this period");
    }
    var ended = JsonObject.builder();
    counts.forEach(ended::put);
    return List.of(
        new Item(
            "incidents:all",
            "Incidents",
            lines,
            JsonObject.builder()
                .put("alarms", standing.stream().map(one -> one.alarm().kind()).toList())
                .put("ended", ended.build())
                .build()));
  }
}
