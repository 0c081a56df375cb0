package dev.lanyard.server.console.governance;

import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Report;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Part;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.console.sheet.Slice;
import dev.lanyard.server.governance.routing.Answer;
import dev.lanyard.server.governance.routing.Considered;
import dev.lanyard.server.governance.routing.Router;
import dev.lanyard.server.governance.routing.Workload;
import dev.lanyard.server.governance.routing.Workload.Needs;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.yaml.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `/routing`: the declared workloads, where each goes, and what every rule found of every way. A
/// workload is called as somebody likes, so its name is no part of a path.
public final class RoutingPages {
  private static final String HOME = "/routing";
  private static final String ONE = HOME + "/workload";
  private static final String NAME = "name";
  private static final int MOST_WAYS = 40;

  private final Gate gate;
  private final Router router;

  public RoutingPages(Gate gate, Router router) {
    this.gate = gate;
    this.router = router;
  }

  public List<Route> routes() {
    return List.of(
        gate.page(HOME, Sitemap.ROUTING, this::list), gate.page(ONE, Sitemap.ROUTING, this::show));
  }

  private Response list(Request request, Visit visit) {
    var answers = Slice.of(router.all(), Addresses.query(request));
    var table =
        new Table(
            List.of("Workload", "Needs", "Data", "Goes through", "A day", "Why"),
            answers.rows().stream().map(RoutingPages::row).toList(),
            "No workload is declared. Write them into a file, with the ways that there are, and"
                + " name it as 'routing.workloads' in the configuration; it is followed from then"
                + " on.");
    return Sheet.report(
        visit.frame(Sitemap.ROUTING.label(), Sitemap.ROUTING),
        Report.of(
            "Whether a piece of work goes through the connector, the direct API or a local copy. A"
                + " way that nobody has declared does not exist.",
            List.of(
                Part.of("Declared workloads", answers.told(), table)
                    .with(answers.ways(HOME, Map.of())))));
  }

  private static List<Cell> row(Answer answer) {
    var workload = answer.workload();
    return List.of(
        Cell.link(Slice.address(ONE, Map.of(NAME, workload.name())), workload.name()),
        Cell.text(needs(workload)),
        Cell.text(workload.dataClass()),
        goes(answer),
        answer.chosen().map(RoutingPages::cost).orElseGet(() -> Cell.text("–")),
        Cell.text(answer.reason()));
  }

  private static Cell goes(Answer answer) {
    return answer
        .chosen()
        .map(one -> Cell.tag(one.name(), "good"))
        .orElseGet(() -> Cell.tag("nowhere", "bad"));
  }

  private static Cell cost(Considered one) {
    return Cell.text(
        one.costPerDay().map(cost -> "costs " + cost.toPlainString()).orElse("cost unknown"));
  }

  private static String needs(Workload workload) {
    return switch (workload.needs()) {
      case Needs.OfConnector(var id) -> "connector " + id;
      case Needs.OfCategory(var category) -> "any of " + category;
    };
  }

  private Response show(Request request, Visit visit) {
    var name = Addresses.query(request).flatMap(form -> form.one(NAME)).orElse("");
    return router
        .route(name)
        .map(answer ->
            Sheet.report(visit.frame(answer.workload().name(), Sitemap.ROUTING), told(answer)))
        .orElseGet(() ->
            gate.message(
                request,
                404,
                "There is no such workload.",
                "It may have been taken out of the file.",
                Optional.of(new Message.Way(HOME, Sitemap.ROUTING.label()))));
  }

  private static Report told(Answer answer) {
    var parts = new ArrayList<Part>();
    parts.add(Part.of("Answer", "", Table.facts(answered(answer))));
    parts.add(Part.of("As it is declared", "", Table.facts(declared(answer.workload()))));
    answer.considered().stream().limit(MOST_WAYS).map(one -> way(one, answer)).forEach(parts::add);
    if (answer.considered().size() > MOST_WAYS) {
      parts.add(
          Part.of(
              "And more",
              "%d ways more were considered; `lanyard route %s` shows all."
                  .formatted(answer.considered().size() - MOST_WAYS, answer.workload().name()),
              Table.facts(List.of())));
    }
    return Report.of(
        "Every way that could do, with what each rule found of it. The first rule that excludes a"
            + " way ends it; of what is left the cheapest is taken.",
        parts);
  }

  private static List<List<Cell>> answered(Answer answer) {
    return List.of(
        List.of(Cell.text("Goes through"), goes(answer)),
        List.of(Cell.text("Why"), Cell.text(answer.reason())),
        List.of(Cell.text("By the role library"), Cell.code(answer.libraryVersion())));
  }

  private static List<List<Cell>> declared(Workload workload) {
    return List.of(
        List.of(Cell.text("Needs"), Cell.text(needs(workload))),
        List.of(Cell.text("Data"), Cell.text(workload.dataClass())),
        List.of(
            Cell.text("May be as old as"),
            Cell.text(workload.freshness().map(Durations::told).orElse("any age"))),
        List.of(Cell.text("Calls a day"), Cell.text(Signs.number(workload.callsPerDay()))),
        List.of(Cell.text("Writes"), Cell.text(workload.writes() ? "yes" : "no")),
        List.of(
            Cell.text("Done by"),
            Cell.text(workload.agent().map(agent -> "agent " + agent.value()).orElse("people"))));
  }

  private static Part way(Considered one, Answer answer) {
    var standing =
        answer.chosen().equals(Optional.of(one))
            ? "taken"
            : one.isPossible() ? "possible" : "excluded";
    var rules =
        new Table(
            List.of("Rule", "Passed", "What it found"),
            one.remarks().stream()
                .map(remark ->
                    List.of(
                        Cell.text(remark.rule().value()),
                        remark.passed() ? Cell.tag("yes", "good") : Cell.tag("no", "bad"),
                        Cell.text(remark.reason())))
                .toList(),
            "");
    var cost = one.costPerDay().map(it -> ", costs %s a day".formatted(it.toPlainString()));
    return Part.of(one.name() + ": " + standing, standing + cost.orElse(", cost unknown"), rules);
  }
}
