package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.EventClass;
import dev.lanyard.server.audit.ExchangeRecord;
import dev.lanyard.server.governance.Kept;
import dev.lanyard.server.governance.coverage.Coverage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Access that nobody used: of every connector, how many people have it and how many of them, and
/// not of those who had it once, were issued anything for it in the period.
public final class UseEvidence implements Evidence {
  private final AuditLog audit;
  private final Coverage coverage;
  private final Holders holders;
  private final Population population;

  /// @param coverage of the people who are counted
  public UseEvidence(AuditLog audit, Coverage coverage, Holders holders, Population population) {
    this.audit = audit;
    this.coverage = coverage;
    this.holders = holders;
    this.population = population;
  }

  /// Who has what, at the time of the coverage.
  @FunctionalInterface
  public interface Holders {
    /// @param users people, by connector
    /// @return by connector, how many of its people have it; a connector of nobody may be missing
    Map<String, Integer> among(Map<String, Set<String>> users);
  }

  @Override
  public List<Item> of(Period period) {
    var users = new HashMap<String, Set<String>>();
    audit.during(
        Set.of(ExchangeRecord.TYPE),
        period.since(),
        period.until(),
        record -> add(record.event(), users));
    var using = holders.among(users);
    var lines = new ArrayList<String>();
    Kept.laterThan(period.since(), EventClass.ISSUANCE, audit)
        .ifPresent(begins ->
            lines.add(
                "the record goes back to %s only, what was before is unknown".formatted(begins)));
    var unused = new ArrayList<JsonObject>();
    for (var one : coverage.connectors()) {
      int used = using.getOrDefault(one.connector(), 0);
      if (used < one.seats()) {
        lines.add(
            "%s: %d people have it, %d used it".formatted(one.connector(), one.seats(), used));
        unused.add(
            JsonObject.builder()
                .put("connector", one.connector())
                .put("seats", one.seats())
                .put("used", used)
                .build());
      }
    }
    if (unused.isEmpty()) {
      lines.add("everybody used everything that they have");
    }
    return List.of(
        new Item(
            "use:unused",
            "Access that was not used",
            lines,
            JsonObject.builder().put("unused", unused).build()));
  }

  private void add(AuditEvent event, Map<String, Set<String>> users) {
    if (ExchangeRecord.of(event) instanceof ExchangeRecord.Issued(_, var person, _, var connectors)
        && person.filter(population::has).isPresent()) {
      for (var connector : connectors) {
        users.computeIfAbsent(connector, _ -> new HashSet<>()).add(person.get());
      }
    }
  }
}
