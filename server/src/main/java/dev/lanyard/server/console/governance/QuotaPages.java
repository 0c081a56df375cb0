package dev.lanyard.server.console.governance;

import static dev.lanyard.server.console.governance.Signs.fact;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.broker.QuotaConfig;
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
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.sessions.IdJagUses;
import dev.lanyard.server.sessions.IdJagUses.Count;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/// `/quota`: how many ID-JAGs people have had in a month, by connector and by person, and the limit
/// that is in force.
public final class QuotaPages {
  static final String HOME = "/quota";

  private static final String MONTH = "month";
  private static final String CONNECTOR = "connector";
  private static final String PERSONS = "people";

  private final Gate gate;
  private final Parts parts;

  public QuotaPages(Gate gate, Parts parts) {
    this.gate = gate;
    this.parts = parts;
  }

  /// What the page shows.
  ///
  /// @param quota that is in force; empty if nothing is counted
  /// @param counts of a month, the largest first
  /// @param library the one in force
  /// @param person by our own id; empty of whoever is gone or not of the organisation
  public record Parts(
      Optional<QuotaConfig> quota,
      Prepared<YearMonth, List<Count>> counts,
      Supplier<Library> library,
      Function<String, Optional<Person>> person) {}

  /// What a reader asks for.
  private record Asked(YearMonth month, String connector, Optional<Form> query) {
    String address() {
      return Slice.address(HOME, parameters());
    }

    Map<String, String> parameters() {
      return Map.of(MONTH, month.toString(), CONNECTOR, connector);
    }
  }

  public List<Route> routes() {
    return List.of(gate.page(HOME, Sitemap.CONNECTORS, this::show));
  }

  private Response show(Request request, Visit visit) {
    var query = Addresses.query(request);
    var typed = said(query, MONTH);
    var connector = said(query, CONNECTOR);
    var now = IdJagUses.monthOf(visit.at());
    var month = typed.isEmpty() ? Optional.of(now) : month(typed);
    if (month.filter(one -> !one.isAfter(now)).isEmpty()) {
      return page(
          visit, typed, connector, nothing("Write a month that has begun, such as 2026-10."));
    }
    if (parts.quota().isEmpty()) {
      return page(
          visit,
          typed,
          connector,
          nothing("Nothing is counted: `broker.exchange.quota` is not in the configuration."));
    }
    var known = parts.library().get().connector(connector);
    if (!connector.isEmpty() && known.isEmpty()) {
      return page(visit, typed, connector, nothing("The role library has no such connector."));
    }
    var asked = new Asked(month.get(), connector, query);
    return parts
        .counts()
        .of(asked.month())
        .map(all -> page(visit, asked.month().toString(), connector, told(asked, of(all, known))))
        .orElseGet(() -> Waiting.page(visit, Sitemap.CONNECTORS, asked.address()));
  }

  private static String said(Optional<Form> query, String name) {
    return query.flatMap(form -> form.one(name)).map(String::strip).orElse("");
  }

  private static Optional<YearMonth> month(String text) {
    try {
      return Optional.of(YearMonth.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static List<Part> nothing(String why) {
    return List.of(Part.of("Nothing to show", "", new Table(List.of(), List.of(), why)));
  }

  private static List<Count> of(List<Count> all, Optional<Connector> connector) {
    return connector
        .map(one ->
            all.stream().filter(count -> count.resource().equals(one.resource().value())).toList())
        .orElse(all);
  }

  private static Response page(Visit visit, String month, String connector, List<Part> shown) {
    var search =
        new Search(
            HOME,
            List.of(
                new Field(MONTH, "Month, in UTC", month, "2026-10"),
                new Field(CONNECTOR, "One connector only, by its id", connector, "linear")),
            "Show");
    return Sheet.report(
        visit.frame("ID-JAGs that people have had", Sitemap.CONNECTORS),
        new Report(
            "How many each person has had for a connector in a month, and how many there are at"
                + " most. Whoever has had all is refused until the next month.",
            Optional.of(search),
            shown));
  }

  private List<Part> told(Asked asked, List<Count> counts) {
    return List.of(inForce(counts), connectors(asked, counts), people(asked, counts));
  }

  private Part inForce(List<Count> counts) {
    var facts = new ArrayList<List<Cell>>();
    var limit = parts.quota().orElseThrow().limit();
    var warnAt = parts.quota().orElseThrow().warnAt();
    facts.add(
        fact(
            "At most, for each person and connector",
            limit.isPresent() ? Integer.toString(limit.getAsInt()) : "no limit: they are counted"));
    warnAt.ifPresent(number -> facts.add(fact("An alarm from", Integer.toString(number))));
    facts.add(fact("ID-JAGs in this month", Signs.number(sum(counts))));
    limit.ifPresent(number ->
        facts.add(fact("How often somebody has had all", Signs.number(from(counts, number)))));
    warnAt.ifPresent(number ->
        facts.add(
            fact("How often the alarm's number was reached", Signs.number(from(counts, number)))));
    return Part.of("In force", "", Table.facts(facts));
  }

  private static long sum(List<Count> counts) {
    return counts.stream().mapToLong(Count::issued).sum();
  }

  private static long from(List<Count> counts, int number) {
    return counts.stream().filter(one -> one.issued() >= number).count();
  }

  private Part connectors(Asked asked, List<Count> counts) {
    var byResource = new TreeMap<String, List<Count>>();
    counts.forEach(
        one -> byResource.computeIfAbsent(one.resource(), absent -> new ArrayList<>()).add(one));
    var shown = Slice.of(List.copyOf(byResource.entrySet()), asked.query());
    var table =
        new Table(
            List.of("Connector", "ID-JAGs", "People", "Most by one of them"),
            shown.rows().stream()
                .map(one ->
                    List.of(
                        name(asked.month(), one.getKey()),
                        Cell.text(Signs.number(sum(one.getValue()))),
                        Cell.text(Signs.number(one.getValue().size())),
                        // The largest is the first.
                        Cell.text(Signs.number(one.getValue().getFirst().issued()))))
                .toList(),
            "Nobody has had any.");
    return Part.of("By connector", shown.told(), table).with(shown.ways(HOME, asked.parameters()));
  }

  private Cell name(YearMonth month, String resource) {
    return parts.library().get().connectors().stream()
        .filter(one -> one.resource().value().equals(resource))
        .findFirst()
        .map(one ->
            Cell.link(
                Slice.address(HOME, Map.of(MONTH, month.toString(), CONNECTOR, one.id())),
                one.name()))
        .orElseGet(() -> Cell.text(resource));
  }

  private Part people(Asked asked, List<Count> counts) {
    var shown = Slice.of(counts, asked.query(), PERSONS);
    var table =
        new Table(
            List.of("Person", "Connector", "ID-JAGs", "Standing"),
            shown.rows().stream()
                .map(one ->
                    List.of(
                        person(one.person()),
                        name(asked.month(), one.resource()),
                        Cell.text(Signs.number(one.issued())),
                        standing(one.issued())))
                .toList(),
            "Nobody has had any.");
    return Part.of("By person", ("The most first. " + shown.told()).strip(), table)
        .with(shown.ways(HOME, asked.parameters()));
  }

  private Cell person(String id) {
    return parts
        .person()
        .apply(id)
        .map(one -> Cell.link("/people/" + Addresses.segment(id), one.userName()))
        .orElseGet(() -> Cell.code(id));
  }

  private Cell standing(int issued) {
    var quota = parts.quota().orElseThrow();
    if (quota.limit().isPresent() && issued >= quota.limit().getAsInt()) {
      return Cell.tag("has had all", "bad");
    }
    return quota.warnAt().isPresent() && issued >= quota.warnAt().getAsInt()
        ? Cell.tag("near the limit", "warn")
        : Cell.text("–");
  }
}
