package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Report;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Field;
import dev.lanyard.server.console.sheet.Report.Part;
import dev.lanyard.server.console.sheet.Report.Search;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.governance.PastAccess;
import dev.lanyard.server.governance.TimeMachine;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.library.LibraryReadings;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `/time-machine`: what somebody could reach at a moment, through which rule, who had approved it,
/// and whether they used it.
final class TimePages {
  private final Gate gate;
  private final Parts parts;
  private final LibraryReadings readings;

  TimePages(Gate gate, Parts parts, LibraryReadings readings) {
    this.gate = gate;
    this.parts = parts;
    this.readings = readings;
  }

  List<Route> routes() {
    return List.of(gate.page("/time-machine", Sitemap.TIME_MACHINE, this::show));
  }

  private Response show(Request request, Visit visit) {
    var query = Addresses.query(request);
    var named = query.flatMap(form -> form.one("person")).orElse("").strip();
    var at = query.flatMap(form -> form.one("at")).orElse("").strip();
    var report =
        new Report(
            "What somebody could reach at a moment, and who had agreed to it.",
            Optional.of(
                new Search(
                    "/time-machine",
                    List.of(
                        new Field("person", "Person: user name, address or id", named, ""),
                        new Field("at", "When", at, minute(visit.at()))),
                    "Go there")),
            named.isEmpty() ? List.of() : parts(visit, named, at));
    return Sheet.report(visit.frame("Time machine", Sitemap.TIME_MACHINE), report);
  }

  /// As somebody would type it.
  private static String minute(Instant at) {
    return at.truncatedTo(ChronoUnit.MINUTES).toString();
  }

  private List<Part> parts(Visit visit, String named, String at) {
    var when = at.isEmpty() ? Optional.of(visit.at()) : instant(at);
    if (when.isEmpty() || when.get().isAfter(visit.at())) {
      return nothing("Write a time that is over, such as 2026-10-03T09:14Z.");
    }
    var person = person(named);
    if (person.isEmpty()) {
      return nothing("Nobody is called so, or more than one is. An id is never ambiguous.");
    }
    gate.record(
        "console.person-read",
        visit,
        person.get(),
        JsonObject.builder().put("at", when.get().toString()).build());
    var machine =
        TimeMachine.at(
            when.get(),
            parts.platform().database(),
            parts.directory(),
            Optional.of(parts.broker()),
            readings);
    var unknown = machine.unknownBefore();
    if (unknown.isPresent()) {
      return nothing("Who people were before " + unknown.get() + " was not written down.");
    }
    return told(machine, person.get());
  }

  private static List<Part> nothing(String why) {
    return List.of(Part.of("Nothing to show", "", new Table(List.of("What"), List.of(), why)));
  }

  private static Optional<Instant> instant(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private Optional<Person> person(String named) {
    var meant = parts.directory().meant(named, Optional.empty());
    return meant.size() == 1 ? Optional.of(meant.getFirst()) : Optional.empty();
  }

  private static List<Part> told(TimeMachine machine, Person person) {
    var facts = new ArrayList<List<Cell>>();
    var past = machine.past(person);
    facts.add(
        List.of(
            Cell.text("They were"),
            Cell.text(past.map(one -> one.standing().value()).orElse("not here yet"))));
    past.ifPresent(one ->
        facts.add(
            List.of(
                Cell.text("In the groups"),
                Cell.text(String.join(", ", one.groups().stream().sorted().toList())))));
    machine
        .inForce()
        .ifPresent(one -> {
          var said = one.publication().said();
          facts.add(List.of(Cell.text("Library in force"), Cell.code(one.publication().version())));
          facts.add(List.of(Cell.text("Published by"), Cell.text(said.by())));
          facts.add(List.of(Cell.text("Why"), Cell.text(said.rationale())));
        });
    machine
        .approved()
        .ifPresent(said -> facts.add(List.of(Cell.text("Approved by"), Cell.text(said.by()))));
    machine
        .stopped()
        .forEach(one -> facts.add(List.of(Cell.text("Stopped"), Cell.tag(one, "bad"))));
    var access =
        new Table(
            List.of("Connector", "Could they?", "Scopes", "Through", "Rules", "Used in 30 days"),
            machine.of(person).stream().map(TimePages::row).toList(),
            "No rule gave them anything.");
    return List.of(
        Part.of(person.displayName(), "", new Table(List.of(), facts, "")),
        Part.of(
            "Access",
            "By the role library. What somebody has agreed to themselves (ordinary flow) is not"
                + " among it. Uses are the assertions that were issued.",
            access));
  }

  private static List<Cell> row(PastAccess one) {
    return List.of(
        Cell.text(one.connector().name()),
        Cell.tag(
            one.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' '),
            one.verdict() == PastAccess.Verdict.REACHED ? "good" : "warn"),
        Cell.text(one.scopes()),
        Cell.text(String.join(", ", one.clients())),
        Cell.text(
            String.join(
                "; ",
                one.rules().stream()
                    .map(rule ->
                        rule.kind().value()
                            + " "
                            + rule.name()
                            + " ("
                            + rule.effect().value()
                            + ")")
                    .toList())),
        Cell.of(one.used().times()));
  }
}
