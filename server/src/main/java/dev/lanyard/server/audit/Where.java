package dev.lanyard.server.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a query asks of a record, in SQL.
///
/// @param sql a condition
/// @param values of its parameters
record Where(String sql, List<Object> values) {
  static Where of(AuditQuery query) {
    var conditions = new ArrayList<String>(List.of("1 = 1"));
    var values = new ArrayList<Object>();
    equal("person", query.person(), conditions, values);
    equal("organisation", query.organisation(), conditions, values);
    query
        .correlationId()
        .filter(id -> id.length() >= AuditLog.SHORTEST_BEGINNING)
        .ifPresent(id -> {
          conditions.add(AuditLog.FIRST_CHARACTERS);
          values.add(id.substring(0, AuditLog.SHORTEST_BEGINNING));
        });
    equal("correlation_id", query.correlationId(), conditions, values);
    equal("type", query.type(), conditions, values);
    query
        .before()
        .ifPresent(sequence -> {
          conditions.add("seq < ?");
          values.add(sequence);
        });
    return new Where(String.join(" AND ", conditions), List.copyOf(values));
  }

  private static void equal(
      String column, Optional<String> value, List<String> conditions, List<Object> values) {
    value.ifPresent(present -> {
      conditions.add(column + " = ?");
      values.add(present);
    });
  }

  /// The values, and those of parameters that follow.
  Object[] and(Object... more) {
    var all = new ArrayList<>(values);
    all.addAll(List.of(more));
    return all.toArray();
  }
}
