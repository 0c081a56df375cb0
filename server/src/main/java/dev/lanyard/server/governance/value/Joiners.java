package dev.lanyard.server.governance.value;

import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.EventClass;
import dev.lanyard.server.audit.ExchangeRecord;
import dev.lanyard.server.audit.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How long it took from somebody's coming to their first use of any connector.
///
/// @param all who came
/// @param waits of those who have used something, the shortest first
record Joiners(int all, List<Duration> waits) {
  private static final Set<String> CAME = Set.of("person.created", "scim.user.created");

  /// Of what is counted.
  static final Set<EventClass> CLASSES = Set.of(EventClass.ADMINISTRATION, EventClass.ISSUANCE);

  Joiners {
    waits = List.copyOf(waits);
  }

  /// Those who came between these times, with what they did until now.
  static Joiners of(AuditLog audit, Instant from, Instant to) {
    var came = new HashMap<String, Instant>();
    audit.during(
        CAME,
        from,
        to,
        record -> {
          if (isOne(record.event())) {
            came.putIfAbsent(record.event().person().orElseThrow(), record.event().at());
          }
        });
    return new Joiners(came.size(), waits(audit, came, from));
  }

  private static List<Duration> waits(AuditLog audit, Map<String, Instant> came, Instant from) {
    var waits = new HashMap<String, Duration>();
    if (!came.isEmpty()) {
      audit.each(
          Set.of(ExchangeRecord.TYPE),
          from,
          record -> {
            var event = record.event();
            if (isOne(event) && came.containsKey(event.person().orElseThrow())) {
              var person = event.person().orElseThrow();
              waits.putIfAbsent(
                  person, Duration.between(came.getOrDefault(person, from), event.at()));
            }
          });
    }
    return waits.values().stream().sorted().toList();
  }

  private static boolean isOne(AuditEvent event) {
    return event.outcome() == Outcome.SUCCESS && event.person().isPresent();
  }
}
