package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.governance.coverage.Coverage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Access that nobody used: of every connector, how many people have it and how many of them were
/// issued anything for it in the period.
public final class UseEvidence implements Evidence {
  private static final String EXCHANGE = "token.exchange";

  private final AuditLog audit;
  private final Coverage coverage;

  public UseEvidence(AuditLog audit, Coverage coverage) {
    this.audit = audit;
    this.coverage = coverage;
  }

  @Override
  public List<Item> of(Period period) {
    var users = new HashMap<String, Set<String>>();
    audit.during(
        Set.of(EXCHANGE), period.since(), period.until(), record -> add(record.event(), users));
    var lines = new ArrayList<String>();
    var unused = new ArrayList<JsonObject>();
    for (var one : coverage.connectors()) {
      int used = users.getOrDefault(one.connector(), Set.of()).size();
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
    if (lines.isEmpty()) {
      lines.add("everybody used everything that they have");
    }
    return List.of(
        new Item(
            "use:unused",
            "Access that was not used",
            lines,
            JsonObject.builder().put("unused", unused).build()));
  }

  private static void add(AuditEvent event, Map<String, Set<String>> users) {
    if (event.outcome() != Outcome.SUCCESS || event.person().isEmpty()) {
      return;
    }
    try {
      for (var connector : event.evidence().strings("connectors").orElse(List.of())) {
        users.computeIfAbsent(connector, _ -> new HashSet<>()).add(event.person().get());
      }
    } catch (MalformedException e) {
      throw new IllegalStateException("an audit record of an exchange is not readable", e);
    }
  }
}
