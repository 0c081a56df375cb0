package dev.lanyard.server.console.page;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.desk.ToolDesk;
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
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.tools.Visible;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// `/connectors`: which connectors there are, which tools each has with their grades, and who is
/// given it.
final class ConnectorPages {
  private static final String CONNECTORS = "/connectors";

  private final Gate gate;
  private final Parts parts;
  private final ToolDesk tools;

  ConnectorPages(Gate gate, Parts parts, ToolDesk tools) {
    this.gate = gate;
    this.parts = parts;
    this.tools = tools;
  }

  List<Route> routes() {
    return List.of(
        gate.page(CONNECTORS, Sitemap.CONNECTORS, this::list),
        gate.page("/connectors/{connector}", Sitemap.CONNECTORS, this::show));
  }

  private Response list(Request request, Visit visit) {
    var shown = Slice.of(parts.library().get().connectors(), Addresses.query(request));
    var rows =
        shown.rows().stream()
            .map(one ->
                List.of(
                    Cell.link(address(one.id()), one.name()),
                    Cell.text(one.resource().value()),
                    Cell.text(one.authorizationServer().value()),
                    Cell.of(one.tools().byName().size()),
                    waiting(one)))
            .toList();
    var table =
        new Table(
            List.of(
                "Connector", "Address", "Authorization server", "Tools with a grade", "To judge"),
            rows,
            "The role library has no connectors yet. `lanyard library init` writes a first one.");
    return report(
        visit,
        "Connectors",
        Report.of(
            "The MCP servers that people can be given. They come from the role library.",
            List.of(
                Part.of("In the role library", shown.told(), table)
                    .with(shown.ways(CONNECTORS, Map.of()))
                    .with(new Message.Way("/quota", "ID-JAGs that people have had")))));
  }

  private Cell waiting(Connector connector) {
    long waiting = tools.waiting(connector);
    return waiting == 0 ? Cell.text("0") : Cell.tag(Long.toString(waiting), "warn");
  }

  private Response report(Visit visit, String title, Report report) {
    return Sheet.report(visit.frame(title, Sitemap.CONNECTORS), report);
  }

  static String address(String connector) {
    return CONNECTORS + "/" + Addresses.segment(connector);
  }

  private Optional<Connector> connector(String id) {
    return parts.library().get().connector(id);
  }

  private Response show(Request request, Visit visit) {
    return connector(request.pathParameter("connector"))
        .map(one -> page(visit, one, Addresses.query(request)))
        .orElseGet(() -> nothing(gate, request));
  }

  private Response page(Visit visit, Connector one, Optional<Form> query) {
    return report(
        visit,
        one.name(),
        Report.of(
            one.resource().value(),
            List.of(standing(visit, one), named(one, query), given(one, query))));
  }

  /// Its tools: those that its server has named, and those that the library grades.
  private Part named(Connector one, Optional<Form> query) {
    var names = new TreeSet<>(one.tools().byName().keySet());
    tools.of(one).forEach(tool -> names.add(tool.name()));
    var shown = Slice.of(List.copyOf(names), query, "tools");
    var table =
        new Table(
            List.of("Tool", "Grade", "Standing", "Since"),
            shown.rows().stream().map(name -> row(one, name)).toList(),
            "No server has said which tools it has, and the library grades none. A gateway before"
                + " the server learns them; so does `lanyard tools snapshot`.");
    return Part.of(
            "Tools",
            "A tool without a grade is hidden, and so is one that nobody has accepted as it is. "
                + shown.told(),
            table)
        .with(shown.ways(address(one.id()), Map.of()));
  }

  /// The roles that give it.
  private Part given(Connector one, Optional<Form> query) {
    var giving =
        Slice.of(
            parts.library().get().roles().stream()
                .filter(role -> role.connectors().containsKey(one.id()))
                .toList(),
            query,
            "roles");
    var table =
        new Table(
            List.of("Role", "Groups"),
            giving.rows().stream()
                .map(role ->
                    List.of(
                        Cell.text(role.name()),
                        Cell.text(String.join(", ", new TreeSet<>(role.groups())))))
                .toList(),
            "No role gives it, so nobody has it.");
    return Part.of("Who is given it", giving.told(), table)
        .with(giving.ways(address(one.id()), Map.of()));
  }

  private Part standing(Visit visit, Connector one) {
    boolean stopped = parts.revocation().denied().isUntilLifted(Denied.connector(one.resource()));
    var part =
        Part.of(
            "Standing",
            "",
            Table.facts(
                List.of(
                    List.of(
                        Cell.text("For everybody"),
                        stopped ? Cell.tag("stopped", "bad") : Cell.tag("works", "good")))));
    if (!visit.has(Duty.ADMINISTRATOR)) {
      return part;
    }
    var address = address(one.id());
    return part.with(
        stopped
            ? new Message.Way(address + "/resume", "Let it go on…")
            : new Message.Way(address + "/stop", "Stop it…"));
  }

  private List<Cell> row(Connector connector, String name) {
    var known = tools.find(connector.id(), name).map(ToolDesk.Known::tool);
    return List.of(
        known.isPresent()
            ? Cell.link(ToolPages.address(connector.id(), name), Visible.line(name))
            : Cell.text(Visible.line(name)),
        ToolDesk.grade(connector, name).map(Cell::text).orElseGet(() -> Cell.tag("none", "warn")),
        known
            .map(tool -> Cell.tag(tool.state().value(), ToolPages.tone(tool)))
            .orElseGet(() -> Cell.text("not seen yet")),
        known.map(tool -> Cell.time(tool.since())).orElseGet(() -> Cell.text("–")));
  }

  static Response nothing(Gate gate, Request request) {
    return gate.message(
        request,
        404,
        "There is no such connector or tool.",
        "What there is comes from the role library and from what servers say.",
        Optional.of(new Message.Way(CONNECTORS, "Connectors")));
  }
}
