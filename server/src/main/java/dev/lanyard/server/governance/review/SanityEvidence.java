package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.EventClass;
import dev.lanyard.server.governance.Kept;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The yearly check that takes the place of asking every quarter who still has access: of a whole
/// year, how often the record was compared with itself, and what was alive although its person was
/// deactivated.
public final class SanityEvidence implements Evidence {
  private static final String RECONCILIATION = "reconciliation";
  private static final Duration YEAR = Duration.ofDays(365);

  private final AuditLog audit;
  private final Population population;

  public SanityEvidence(AuditLog audit, Population population) {
    this.audit = audit;
    this.population = population;
  }

  /// Counts while the record is read.
  private final class Tally {
    private long times;
    private long elsewhere;
    private final List<String> alive = new ArrayList<>();
    private String last = "";

    private void add(AuditEvent event) {
      times++;
      last =
          "at %s: %s people, %s of them switched off"
              .formatted(
                  event.at(), event.told("people").orElse("?"), event.told("disabled").orElse("?"));
      try {
        for (var one : event.evidence().objects("findings").orElse(List.of())) {
          if (one.string("person").map(population::has).orElse(true)) {
            alive.add(
                "%s: %s was alive and was killed (%s)"
                    .formatted(
                        event.at(),
                        one.string("subject").orElse("?"),
                        one.string("fault").orElse("?")));
          } else {
            elsewhere++;
          }
        }
      } catch (MalformedException e) {
        throw new IllegalStateException("a record of a reconciliation is not readable", e);
      }
    }
  }

  @Override
  public List<Item> of(Period period) {
    var tally = new Tally();
    audit.during(
        Set.of(RECONCILIATION),
        period.until().minus(YEAR),
        period.until(),
        record -> tally.add(record.event()));
    var begins = Kept.laterThan(period.until().minus(YEAR), EventClass.KILL, audit);
    var lines = new ArrayList<String>();
    if (tally.times == 0) {
      lines.add("the record was not compared with itself: nothing can be said");
    } else {
      lines.add(
          "compared %d times %s, the last time %s"
              .formatted(
                  tally.times,
                  begins
                      .map("since %s, which is as far as the record goes and no year"::formatted)
                      .orElse("in a year"),
                  tally.last));
      lines.add(
          tally.alive.isEmpty()
              ? "nothing of a deactivated person was found alive in that time"
              : "%d times something was alive that should be dead:".formatted(tally.alive.size()));
      lines.addAll(tally.alive);
      Population.elsewhere(tally.elsewhere).ifPresent(lines::add);
    }
    return List.of(
        new Item(
            "sanity:deactivated-but-alive",
            "Deactivated and still alive, in a year",
            lines,
            JsonObject.builder()
                .put("comparisons", tally.times)
                .putIfPresent("record_begins", begins.map(Instant::toString))
                .put("found_alive", tally.alive.size())
                .build()));
  }
}
