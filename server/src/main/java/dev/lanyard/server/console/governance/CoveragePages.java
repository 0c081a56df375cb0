package dev.lanyard.server.console.governance;

import static dev.lanyard.server.console.governance.Signs.fact;
import static dev.lanyard.server.console.governance.Signs.number;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.catalog.KnownWorld;
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
import dev.lanyard.server.console.sheet.Slice;
import dev.lanyard.server.governance.coverage.Coverage;
import dev.lanyard.server.governance.coverage.Coverage.Category;
import dev.lanyard.server.governance.coverage.Coverage.Line;
import dev.lanyard.server.governance.probe.EvidenceLog;
import dev.lanyard.server.governance.probe.Probes;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.library.Library;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// `/coverage`: which connectors come to people without a consent screen, for whom not, why not,
/// and what they do instead; of now, or as of a time.
public final class CoveragePages {
  static final String HOME = "/coverage";

  private static final int MOST_GAPS = 10;
  private static final int MOST_ROLES = 20;
  private static final String CATEGORY = "category";

  private final Gate gate;
  private final Parts parts;

  public CoveragePages(Gate gate, Parts parts) {
    this.gate = gate;
    this.parts = parts;
  }

  /// What the pages show.
  ///
  /// @param library the one in force
  /// @param known the catalogue
  public record Parts(
      Maps maps,
      EvidenceLog evidence,
      Alarms alarms,
      Supplier<Library> library,
      Supplier<KnownWorld> known) {
    /// What a probe has found that the catalogue says otherwise.
    List<Alarms.Standing> contradictions() {
      return alarms.standing().stream()
          .filter(one -> one.alarm().kind().equals(Probes.CONTRADICTS))
          .toList();
    }
  }

  public List<Route> routes() {
    var routes = new ArrayList<Route>();
    routes.add(gate.page(HOME, Sitemap.COVERAGE, this::show));
    routes.addAll(new CoverageFiles(gate, parts.maps()).routes());
    routes.addAll(new ConnectorCoverage(gate, parts).routes());
    return routes;
  }

  private Response show(Request request, Visit visit) {
    var query = Addresses.query(request);
    var when = When.of(query, visit.at());
    var category = query.flatMap(form -> form.one(CATEGORY)).orElse("").strip();
    if (when instanceof When.Never) {
      var nothing = new Table(List.of(), List.of(), When.FORM);
      return page(visit, when, category, List.of(Part.of("Nothing to show", "", nothing)));
    }
    return parts
        .maps()
        .of(when)
        .map(map -> page(visit, when, category, told(map, when, category, query)))
        .orElseGet(() -> Waiting.page(visit, Sitemap.COVERAGE, address(when, category)));
  }

  private static Response page(Visit visit, When when, String category, List<Part> shown) {
    var search =
        new Search(
            HOME,
            List.of(
                new Field(When.FIELD, "As of; empty for now", when.asked(), "2026-10-03"),
                new Field(CATEGORY, "Connectors of one category only", category, "")),
            "Show");
    return Sheet.report(
        visit.frame("Coverage map", Sitemap.COVERAGE),
        new Report(
            "Which connectors come to people without a consent screen, for whom not, why not, and"
                + " what they do instead.",
            Optional.of(search),
            shown));
  }

  private static String address(When when, String category) {
    return Slice.address(HOME, asked(when, category));
  }

  private static Map<String, String> asked(When when, String category) {
    var asked = new HashMap<>(when.parameter());
    asked.put(CATEGORY, category);
    return asked;
  }

  private List<Part> told(Coverage map, When when, String category, Optional<Form> query) {
    var shown = new ArrayList<Part>();
    shown.add(Part.of("People", "", Table.facts(people(map))).with(CoverageFiles.ways(when)));
    if (map.library().isEmpty()) {
      return shown;
    }
    shown.add(
        Part.of("Categories", "Seats: how often somebody has a connector.", categories(map, when))
            .drawn(CoverageChart.of(map)));
    if (when instanceof When.Now) {
      shown.add(
          Part.of(
              "Contradictions",
              "What a probe has found, and the catalogue says otherwise.",
              contradictions(map)));
    }
    shown.add(Part.of("Largest gaps", "", gaps(map, when)));
    shown.add(connectors(map, when, category, query));
    shown.add(roles(map));
    return shown;
  }

  private static List<List<Cell>> people(Coverage map) {
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

  private static Table categories(Coverage map, When when) {
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
        map.categories().stream().map(one -> row(one, when)).toList(),
        "The role library has no connectors yet. `lanyard library init` writes a first one.");
  }

  private static List<Cell> row(Category one, When when) {
    var buckets = one.buckets();
    return List.of(
        Cell.link(address(when, one.name()), one.name()),
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

  private Table contradictions(Coverage map) {
    return new Table(
        List.of("Connector", "What contradicts", "Since"),
        parts.contradictions().stream()
            .map(one ->
                List.of(
                    connector(map, one.alarm().subject()),
                    Cell.text(one.alarm().detail()),
                    Cell.time(one.since())))
            .toList(),
        "No probe contradicts the catalogue. They look on schedule if 'probes.every' is in the"
            + " configuration, and at once with `lanyard probe`.");
  }

  /// A probe may look at more than the role library has.
  private static Cell connector(Coverage map, String id) {
    return map.connectors().stream()
        .filter(one -> one.connector().equals(id))
        .findFirst()
        .map(one -> link(one, new When.Now()))
        .orElseGet(() -> Cell.text(id));
  }

  private static Cell link(Line one, When when) {
    return Cell.link(ConnectorCoverage.address(one.connector(), when), one.name());
  }

  private static Table gaps(Coverage map, When when) {
    return new Table(
        List.of("Connector", "Seats", "Status", "Why", "People come to it"),
        map.gaps().stream()
            .filter(one -> one.seats() > 0 || map.unknownBefore().isPresent())
            .sorted(Comparator.comparingInt(Line::seats).reversed())
            .limit(MOST_GAPS)
            .map(one ->
                List.of(
                    link(one, when),
                    Cell.text(number(one.seats())),
                    Signs.bucket(one.rating().bucket()),
                    Cell.text(one.rating().reason()),
                    Cell.text(Signs.way(one.way()))))
            .toList(),
        "There are none: every connector that somebody has is silent.");
  }

  private static Part connectors(Coverage map, When when, String category, Optional<Form> query) {
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
            slice.rows().stream().map(one -> row(one, when)).toList(),
            category.isEmpty()
                ? "The role library has no connectors."
                : "The role library has no connectors of this category.");
    return Part.of(
            "Connectors",
            (slice.told() + " ID-JAGs and calls are those of the thirty days up to then.").strip(),
            table)
        .with(slice.ways(HOME, asked(when, category)));
  }

  private static List<Cell> row(Line one, When when) {
    return List.of(
        link(one, when),
        Cell.text(one.category()),
        Signs.bucket(one.rating().bucket()),
        Cell.text(Signs.by(one.rating())),
        Cell.text(one.rating().on().map(Object::toString).orElse("–")),
        Cell.text(one.way().value()),
        Cell.text(number(one.seats())),
        Cell.text(number(one.use().exchanges())),
        Cell.text(number(one.use().calls())));
  }

  private static Part roles(Coverage map) {
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
