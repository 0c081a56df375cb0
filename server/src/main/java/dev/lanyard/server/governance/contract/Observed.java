package dev.lanyard.server.governance.contract;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.EventClass;
import dev.lanyard.server.audit.ExchangeRecord;
import dev.lanyard.server.governance.Kept;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The ID-JAGs that were issued in a month, counted from the audit record: of every person and
/// connector.
///
/// @param most the most that one person had for one connector
/// @param median of all people and connectors with any
/// @param all in all
/// @param removed retention has removed records of the month from before this; empty if it has
///   removed none
public record Observed(
    YearMonth month, long most, long median, long all, Optional<Instant> removed) {

  public static Observed in(YearMonth month, AuditLog audit) {
    var counts = new HashMap<List<String>, Long>();
    var begins = month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    var ends = month.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    audit.during(Set.of(ExchangeRecord.TYPE), begins, ends, record -> add(record.event(), counts));
    var sorted = counts.values().stream().mapToLong(Long::longValue).sorted().toArray();
    return new Observed(
        month,
        sorted.length == 0 ? 0 : sorted[sorted.length - 1],
        sorted.length == 0 ? 0 : sorted[sorted.length / 2],
        Arrays.stream(sorted).sum(),
        Kept.removedSince(begins, Set.of(EventClass.ISSUANCE), audit));
  }

  /// Whether there is nothing to conclude anything from.
  public boolean isNothing() {
    return all == 0;
  }

  /// What it rests on, for people.
  String basis() {
    var what =
        isNothing()
            ? "nothing observed in %s: no ID-JAG %s, so only what somebody needs who works through is held against quotas"
                .formatted(month, removed.isPresent() ? "is left of it" : "was issued")
            : "observed are the ID-JAGs of %s".formatted(month);
    return what
        + removed.map("; retention has removed the records from before %s"::formatted).orElse("");
  }

  private static void add(AuditEvent event, Map<List<String>, Long> counts) {
    if (ExchangeRecord.of(event) instanceof ExchangeRecord.Issued(_, var person, _, var connectors)
        && person.isPresent()) {
      connectors.forEach(one -> counts.merge(List.of(person.get(), one), 1L, Long::sum));
    }
  }

  JsonObject toJson() {
    return JsonObject.builder()
        .put("month", month.toString())
        .put("id_jags", all)
        .put("most_of_a_person_and_connector", most)
        .put("median_of_a_person_and_connector", median)
        .putIfPresent("removed_before", removed.map(Instant::toString))
        .build();
  }
}
