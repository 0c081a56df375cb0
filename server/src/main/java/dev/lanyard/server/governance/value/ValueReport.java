package dev.lanyard.server.governance.value;

import static java.util.Comparator.comparing;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.EventClass;
import dev.lanyard.server.governance.DayOne;
import dev.lanyard.server.governance.Kept;
import dev.lanyard.server.governance.value.Kills.Residual;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/// What a month was worth. A figure of which nothing happened is left out and told as such: a zero
/// would look like a measurement.
///
/// @param missing what cannot be told, with the reason
public record ValueReport(YearMonth month, List<Figure> figures, List<String> missing) {
  private static final String SCREENS =
      "first ID-JAG of a person, client and connector in the audit record; that each stands for a"
          + " consent screen is how MCP servers outside EMA behave, not measured here";
  private static final String TICKETS =
      "first ID-JAG of a person and connector in the audit record; that each stands for a ticket is"
          + " assumed, some organisations have none";

  public ValueReport {
    figures = List.copyOf(figures);
    missing = List.copyOf(missing);
  }

  public static ValueReport of(
      YearMonth month, AuditLog audit, Kills kills, Assumptions assumptions) {
    var report = new Drafting(month);
    report.dayOne(
        DayOne.count(audit, month),
        assumptions,
        Kept.removedSince(report.from, Set.of(EventClass.ISSUANCE), audit));
    report.joiners(
        Joiners.of(audit, report.from, report.to),
        Kept.removedSince(report.from, Joiners.CLASSES, audit));
    report.kills(kills.during(report.from, report.to));
    return new ValueReport(month, report.figures, report.missing);
  }

  /// Collects the figures.
  private static final class Drafting {
    private static final double HALF = 0.5;
    private static final double MOST = 0.95;

    private final YearMonth month;
    private final Instant from;
    private final Instant to;
    private final List<Figure> figures = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();

    Drafting(YearMonth month) {
      this.month = month;
      this.from = month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
      this.to = month.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /// Says what retention has taken from the month.
    ///
    /// @return whether anything of it is left
    private boolean isLeft(String what, Optional<Instant> removed) {
      removed.ifPresent(until ->
          missing.add(
              "%s: retention has removed the records from before %s".formatted(what, until)));
      return removed.filter(until -> !until.isBefore(to)).isEmpty();
    }

    void dayOne(List<DayOne.Line> lines, Assumptions assumptions, Optional<Instant> removed) {
      if (!isLeft("ID-JAGs of this month", removed)) {
        return;
      }
      var its = lines.stream().filter(one -> one.month().equals(month)).toList();
      long screens = its.stream().mapToLong(DayOne.Line::consentScreensAvoided).sum();
      long tickets = its.stream().mapToLong(DayOne.Line::ticketsAvoided).sum();
      long silent = its.stream().mapToLong(DayOne.Line::silentExchanges).sum();
      if (silent == 0) {
        missing.add(
            removed.isPresent()
                ? "no ID-JAG was issued in what is left of this month"
                : "no ID-JAG was issued in this month");
        return;
      }
      figures.add(
          Figure.measured(
              "silent_exchanges",
              "Tokens without a click",
              silent,
              "ID-JAGs",
              "token.exchange in the audit record"));
      figures.add(
          Figure.assumed(
              "consent_screens_avoided", "Consent screens avoided", screens, "screens", SCREENS));
      figures.add(
          Figure.assumed("tickets_avoided", "Tickets avoided", tickets, "tickets", TICKETS));
      saved("ticket", tickets, assumptions.ticket());
      saved("consent", screens, assumptions.consent());
    }

    private void saved(String what, long times, Optional<Assumptions.Minutes> assumed) {
      assumed.ifPresentOrElse(
          each ->
              figures.add(
                  Figure.assumed(
                      what + "_minutes_saved",
                      "Time saved, " + what + "s",
                      times * each.minutes(),
                      "minutes",
                      "%d minutes for each, assumed: %s".formatted(each.minutes(), each.source()))),
          () ->
              missing.add(
                  "time saved by %ss avoided: nobody has said what one takes (value.%s in the configuration)"
                      .formatted(what, what)));
    }

    void joiners(Joiners joiners, Optional<Instant> removed) {
      if (!isLeft("people who came in this month, and their first use", removed)) {
        return;
      }
      if (joiners.all() == 0) {
        missing.add(
            removed.isPresent()
                ? "nobody was recorded as having come in what is left of this month"
                : "nobody was recorded as having come in this month");
        return;
      }
      var source = "person.created or scim.user.created to the first token.exchange, until now";
      figures.add(Figure.measured("joiners", "People who came", joiners.all(), "people", source));
      figures.add(
          Figure.measured(
              "joiners_with_use",
              "Of whom have used a connector",
              joiners.waits().size(),
              "people",
              source));
      if (!joiners.waits().isEmpty()) {
        figures.add(
            seconds("first_use_p50", "Until first use, median", joiners.waits(), HALF, source));
        figures.add(
            seconds("first_use_p95", "Until first use, 95 of 100", joiners.waits(), MOST, source));
      }
    }

    private static Figure seconds(
        String name, String title, List<Duration> sorted, double share, String source) {
      return Figure.measured(name, title, at(sorted, share).toSeconds(), "seconds", source);
    }

    void kills(List<Kills.Kill> kills) {
      if (kills.isEmpty()) {
        missing.add("there is no signed kill receipt of this month");
        return;
      }
      var source = "signed kill receipts: refused_from to refused_everywhere_by";
      var times = kills.stream().flatMap(it -> it.everywhere().stream()).sorted().toList();
      figures.add(Figure.measured("kills", "Kills", kills.size(), "receipts", source));
      if (!times.isEmpty()) {
        figures.add(millis("kill_p50", "Until refused everywhere, median", times, HALF, source));
        figures.add(millis("kill_p95", "Until refused everywhere, 95 of 100", times, MOST, source));
        figures.add(millis("kill_max", "Until refused everywhere, longest", times, 1, source));
      }
      figures.add(
          Figure.measured(
              "kills_not_refused",
              "Kills after which a connector took a dead token: in none of the times",
              kills.stream().filter(Kills.Kill::isTaken).count(),
              "receipts",
              "signed kill receipts: probes"));
      figures.add(
          Figure.measured(
              "kills_not_known",
              "Kills of which nobody knows that each connector refuses: in none of the times",
              kills.stream().filter(one -> one.everywhere().isEmpty() && !one.isTaken()).count(),
              "receipts",
              "signed kill receipts: connectors"));
      figures.add(
          Figure.measured(
              "kills_not_final",
              "Kills of which somebody outside has not answered",
              kills.stream().filter(one -> !one.isFinal()).count(),
              "receipts",
              source));
      residual(kills);
    }

    private static Figure millis(
        String name, String title, List<Duration> sorted, double share, String source) {
      return Figure.measured(name, title, at(sorted, share).toMillis(), "milliseconds", source);
    }

    private void residual(List<Kills.Kill> kills) {
      var longest = new TreeMap<String, Residual>();
      for (var kill : kills) {
        kill.residual()
            .forEach((connector, left) ->
                longest.merge(connector, left, BinaryOperator.maxBy(comparing(Residual::known))));
      }
      longest.forEach((connector, left) ->
          figures.add(
              Figure.assumed(
                  "residual_" + connector,
                  "Residual exposure at " + connector + ", longest",
                  left.known().toSeconds(),
                  "seconds",
                  left.open().isPresent()
                      ? "from the receipts: until the last token has ended that its server may have"
                          + " issued, by the token life in the catalogue; at a connector of ours"
                          + " until what was held there has ended"
                      : "from the receipts: until no new token can be had there; that tokens already"
                          + " issued live no longer than that is assumed, its server decides")));
    }

    /// The nearest rank.
    private static Duration at(List<Duration> sorted, double share) {
      return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
    }
  }

  public JsonObject toJson() {
    return JsonObject.builder()
        .put("month", month.toString())
        .put("figures", figures.stream().map(Figure::toJson).toList())
        .put("missing", missing)
        .build();
  }
}
