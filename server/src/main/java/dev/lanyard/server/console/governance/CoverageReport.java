package dev.lanyard.server.console.governance;

import static dev.lanyard.server.console.governance.Signs.fact;
import static dev.lanyard.server.console.governance.Signs.number;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Part;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Slice;
import dev.lanyard.server.governance.coverage.Coverage;
import dev.lanyard.server.governance.coverage.Coverage.Category;
import dev.lanyard.server.governance.coverage.Coverage.Line;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A coverage map as its page tells it.
///
/// @param when of which time it is
/// @param category of which connectors it tells; empty if of all
record CoverageReport(Coverage map, When when, String category) {
  private static final int MOST_GAPS = 10;
  private static final int MOST_ROLES = 20;

  /// Everything, in parts.
  ///
  /// @param contradictions what probes have found that the catalogue says otherwise
  /// @param query what the address asks for
  List<Part> parts(List<Alarms.Standing> contradictions, Optional<Form> query) {
    var shown = new ArrayList<Part>();
    shown.add(Part.of("People", "", Table.facts(people())).with(CoverageFiles.ways(when)));
    if (map.library().isEmpty()) {
      return shown;
    }
    shown.add(
        Part.of("Categories", "Seats: how often somebody has a connector.", categories())
            .drawn(CoverageChart.of(map)));
    if (when instanceof When.Now) {
      shown.add(
          Part.of(
              "Contradictions",
              "What a probe has found, and the catalogue says otherwise.",
              contradictions(contradictions)));
    }
    shown.add(Part.of("Largest gaps", "", gaps()));
    shown.add(connectors(query));
    shown.add(roles());
    return shown;
  }

  private List<List<Cell>> people() {
    var people = map.people();
    var facts = new ArrayList<List<Cell>>();
    facts.add(fact("As of", Cell.time(map.at())));
    facts.add(
        fact(
            "Role library",
            map.library()
                .map(Cell::code)
                .orElseGet(() -> Cell.text("none was in force, so nothing was given to anybody"))));
    map.unknownBefore()
        .ifPresent(since -> {
          facts.add(fact("Nobody is counted", "who people were was not written down then"));
          facts.add(fact("It is since", Cell.time(since)));
        });
    facts.add(fact("Active", number(people.all())));
    facts.add(fact("Given something", number(people.served())));
    facts.add(
        fact(
            "Wholly silent",
            "%s of %s, %d %%: everything that they have comes without a question"
                .formatted(
                    number(people.silent()),
                    number(people.served()),
                    Coverage.percent(people.silent(), people.served()))));
    return facts;
  }

  private Table categories() {
    return new Table(
        List.of(
            "Category",
            "Live",
            "Early",
            "Tracking",
            "Unknown",
            "Seats",
            "Silent",
            "People",
            "Wholly silent",
            "Used in 30 days"),
        map.categories().stream().map(this::row).toList(),
        "The role library has no connectors yet. `lanyard library init` writes a first one.");
  }

  private List<Cell> row(Category one) {
    var buckets = one.buckets();
    return List.of(
        Cell.link(CoveragePages.address(when, one.name()), one.name()),
        Cell.of(buckets.live()),
        Cell.of(buckets.early()),
        Cell.of(buckets.tracking()),
        Cell.of(buckets.unknown()),
        Cell.text(number(one.seats())),
        Cell.text(Coverage.percent(one.silentSeats(), one.seats()) + " %"),
        Cell.text(number(one.people())),
        Cell.text(Coverage.percent(one.silentPeople(), one.people()) + " %"),
        Cell.text(number(one.use().exchanges() + one.use().calls())));
  }

  private Table contradictions(List<Alarms.Standing> contradictions) {
    return new Table(
        List.of("Connector", "What contradicts", "Since"),
        contradictions.stream()
            .map(one ->
                List.of(
                    connector(one.alarm().subject()),
                    Cell.text(one.alarm().detail()),
                    Cell.time(one.since())))
            .toList(),
        "No probe contradicts the catalogue. They look on schedule if 'probes.every' is in the"
            + " configuration, and at once with `lanyard probe`.");
  }

  /// A probe may look at more than the role library has.
  private Cell connector(String id) {
    return map.connectors().stream()
        .filter(one -> one.connector().equals(id))
        .findFirst()
        .map(one -> link(one))
        .orElseGet(() -> Cell.text(id));
  }

  private Cell link(Line one) {
    return Cell.link(ConnectorCoverage.address(one.connector(), when), one.name());
  }

  private Table gaps() {
    return new Table(
        List.of("Connector", "Seats", "Status", "Why", "People come to it"),
        map.gaps().stream()
            .filter(one -> one.seats() > 0 || map.unknownBefore().isPresent())
            .sorted(Comparator.comparingInt(Line::seats).reversed())
            .limit(MOST_GAPS)
            .map(one ->
                List.of(
                    link(one),
                    Cell.text(number(one.seats())),
                    Signs.bucket(one.rating().bucket()),
                    Cell.text(one.rating().reason()),
                    Cell.text(Signs.way(one.way()))))
            .toList(),
        "There are none: every connector that somebody has is silent.");
  }

  private Part connectors(Optional<Form> query) {
    var slice =
        Slice.of(
            map.connectors().stream()
                .filter(one -> category.isEmpty() || one.category().equals(category))
                .toList(),
            query);
    var table =
        new Table(
            List.of(
                "Connector",
                "Category",
                "Status",
                "Says",
                "Since",
                "Comes",
                "Seats",
                "ID-JAGs",
                "Calls"),
            slice.rows().stream().map(this::row).toList(),
            category.isEmpty()
                ? "The role library has no connectors."
                : "The role library has no connectors of this category.");
    return Part.of(
            "Connectors",
            (slice.told() + " ID-JAGs and calls are those of the thirty days up to then.").strip(),
            table)
        .with(slice.ways(CoveragePages.HOME, CoveragePages.asked(when, category)));
  }

  private List<Cell> row(Line one) {
    return List.of(
        link(one),
        Cell.text(one.category()),
        Signs.bucket(one.rating().bucket()),
        Cell.text(Signs.by(one.rating())),
        Cell.text(one.rating().on().map(Object::toString).orElse("–")),
        Cell.text(one.way().value()),
        Cell.text(number(one.seats())),
        Cell.text(number(one.use().exchanges())),
        Cell.text(number(one.use().calls())));
  }

  private Part roles() {
    var loud = map.roles().stream().filter(one -> !one.gaps().isEmpty()).toList();
    var table =
        new Table(
            List.of("Role", "People", "Not silent"),
            loud.stream()
                .limit(MOST_ROLES)
                .map(one ->
                    List.of(
                        Cell.text(one.name()),
                        Cell.text(number(one.people())),
                        Cell.text(String.join(", ", one.gaps()))))
                .toList(),
            "Every role is wholly silent.");
    return Part.of(
        "Roles",
        "%d of %d roles are wholly silent.%s"
            .formatted(
                map.roles().size() - loud.size(),
                map.roles().size(),
                loud.size() > MOST_ROLES
                    ? " The first %d that are not; the JSON file has all.".formatted(MOST_ROLES)
                    : ""),
        table);
  }
}
