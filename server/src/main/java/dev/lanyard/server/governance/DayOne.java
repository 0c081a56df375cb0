package dev.lanyard.server.governance;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.ExchangeRecord;
import dev.lanyard.server.audit.Outcome;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/// What nobody had to do, per connector and month, counted from the audit record.
///
/// - A **consent screen avoided** is the first ID-JAG that was issued for a person, a client and a
///   connector: without enterprise-managed authorization that person would have been asked once by
///   the connector's authorization server, for that client. Later ID-JAGs count nothing, although
///   many servers ask again. Somebody who has connected an account through the gateway has seen one
///   screen for that connector, which does not count.
/// - A **ticket avoided** is the first ID-JAG that was issued for a person and a connector, through
///   whatever client: the access that somebody would have had to ask an administrator for.
///
/// Both are counted in the month (UTC) of that first ID-JAG, and only if the record holds it:
/// whoever was served before the record begins counts in its first month.
public final class DayOne {
  private static final String CONSENT = "upstream.consent";

  private final Set<List<String>> asked = new HashSet<>();
  private final Map<Had, YearMonth> given = new HashMap<>();
  private final Set<Had> consented = new HashSet<>();
  private final TreeMap<Key, Line> lines = new TreeMap<>();

  private DayOne() {}

  /// A connector of a person.
  private record Had(String person, String connector) {}

  private record Key(YearMonth month, String connector) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byMonth = month.compareTo(other.month);
      return byMonth != 0 ? byMonth : connector.compareTo(other.connector);
    }
  }

  /// One connector in one month.
  ///
  /// @param silentExchanges ID-JAGs issued, the first ones among them
  public record Line(
      YearMonth month,
      String connector,
      long consentScreensAvoided,
      long ticketsAvoided,
      long silentExchanges) {

    private Line withoutScreen() {
      return new Line(month, connector, consentScreensAvoided - 1, ticketsAvoided, silentExchanges);
    }

    private Line plus(boolean consent, boolean ticket) {
      return new Line(
          month,
          connector,
          consentScreensAvoided + (consent ? 1 : 0),
          ticketsAvoided + (ticket ? 1 : 0),
          silentExchanges + 1);
    }

    public JsonObject toJson() {
      return JsonObject.builder()
          .put("month", month.toString())
          .put("connector", connector)
          .put("consent_screens_avoided", consentScreensAvoided)
          .put("tickets_avoided", ticketsAvoided)
          .put("silent_exchanges", silentExchanges)
          .build();
    }
  }

  /// Counts the whole record, since a first time can be told only by everything before it.
  ///
  /// @param from the first month to be shown
  /// @return by month, then by connector
  public static List<Line> count(AuditLog audit, YearMonth from) {
    var count = new DayOne();
    audit.each(
        Set.of(ExchangeRecord.TYPE, CONSENT),
        Instant.EPOCH,
        record -> {
          if (record.event().type().equals(CONSENT)) {
            count.consented(record.event());
          } else {
            count.add(record.event());
          }
        });
    return count.lines.values().stream().filter(line -> !line.month().isBefore(from)).toList();
  }

  private void add(AuditEvent event) {
    if (!(ExchangeRecord.of(event)
            instanceof ExchangeRecord.Issued(var at, var person, var client, var connectors))
        || person.isEmpty()
        || client.isEmpty()) {
      return;
    }
    var month = YearMonth.from(at.atOffset(ZoneOffset.UTC));
    for (var connector : connectors) {
      boolean first = asked.add(List.of(person.get(), client.get(), connector));
      var had = new Had(person.get(), connector);
      boolean ticket = given.putIfAbsent(had, month) == null;
      boolean consent = first && !(ticket && consented.contains(had));
      lines.compute(
          new Key(month, connector),
          (key, line) ->
              (line == null ? new Line(month, connector, 0, 0, 0) : line).plus(consent, ticket));
    }
  }

  /// A screen that somebody has seen, in the month in which it would have been avoided.
  private void consented(AuditEvent event) {
    if (event.outcome() != Outcome.SUCCESS || event.person().isEmpty()) {
      return;
    }
    try {
      var connector = event.evidence().nonEmptyString("connector");
      var had = new Had(event.person().get(), connector);
      if (consented.add(had) && given.containsKey(had)) {
        var key = new Key(Objects.requireNonNull(given.get(had)), connector);
        lines.computeIfPresent(key, (_, line) -> line.withoutScreen());
      }
    } catch (MalformedException e) {
      // As of an exchange: what cannot be read is left out, not guessed.
    }
  }
}
