package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.console.desk.Ledgers;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.desk.ToolFacts;
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
import dev.lanyard.server.tools.Acceptance;
import dev.lanyard.server.tools.Judgement;
import dev.lanyard.server.tools.Judgement.Despite;
import dev.lanyard.server.tools.KnownTool;
import dev.lanyard.server.tools.ToolVersion;
import dev.lanyard.server.tools.Visible;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// `/connectors`: which there are, which tools each has with their grades, what a server has
/// changed about a tool, and the judgement on it.
///
/// What is accepted is exactly the text that was on the page, by its hash: if the server says
/// something else by then, or somebody else has judged, nothing is accepted and the page shows what
/// it is now. Grades are policy and come from the role library.
final class ConnectorPages {
  private static final String CONNECTORS = "/connectors";
  private static final String TOOL = CONNECTORS + "/{connector}/tools/{tool}";

  private final Gate gate;
  private final Parts parts;
  private final Ledgers ledgers;

  ConnectorPages(Gate gate, Parts parts, Ledgers ledgers) {
    this.gate = gate;
    this.parts = parts;
    this.ledgers = ledgers;
  }

  /// One tool.
  ///
  /// @param hash of what is shown; empty if the server has it no more
  /// @param definition what the server says, with everything in sight
  /// @param accepted what was accepted, and by whom
  /// @param changes between the two, place by place
  /// @param judgeable whether whoever looks may judge it as it stands
  /// @param withdrawn whether an administrator has taken it out of use
  record Shown(
      String address,
      String connector,
      String state,
      String tone,
      String grade,
      String hash,
      String definition,
      String accepted,
      List<ToolFacts.Change> changes,
      List<String> suspicions,
      boolean judgeable,
      boolean withdrawn,
      boolean withdrawable,
      String problem) {}

  List<Route> routes() {
    return List.of(
        gate.page(CONNECTORS, Sitemap.CONNECTORS, this::list),
        gate.page("/connectors/{connector}", Sitemap.CONNECTORS, this::show),
        gate.page(TOOL, Sitemap.CONNECTORS, this::tool),
        gate.action(TOOL + "/accept", Gate.ADMINISTRATORS, this::accept),
        gate.action(TOOL + "/withdraw", Gate.ADMINISTRATORS, this::withdraw));
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
                    waiting(one.id())))
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
                    .with(shown.ways(CONNECTORS, Map.of())))));
  }

  private Cell waiting(String connector) {
    long waiting = ledgers.tools().of(connector).stream().filter(KnownTool::waits).count();
    return waiting == 0 ? Cell.text("0") : Cell.tag(Long.toString(waiting), "warn");
  }

  private Response report(Visit visit, String title, Report report) {
    return Sheet.report(visit.frame(title, Sitemap.CONNECTORS), report);
  }

  static String address(String connector) {
    return CONNECTORS + "/" + Addresses.segment(connector);
  }

  private static String address(String connector, String tool) {
    return address(connector) + "/tools/" + Addresses.segment(tool);
  }

  private Optional<Connector> connector(String id) {
    return parts.library().get().connector(id);
  }

  private Response show(Request request, Visit visit) {
    var connector = connector(request.pathParameter("connector"));
    if (connector.isEmpty()) {
      return nothing(request);
    }
    var one = connector.get();
    var names = new TreeSet<>(one.tools().byName().keySet());
    ledgers.tools().of(one.id()).forEach(tool -> names.add(tool.name()));
    var query = Addresses.query(request);
    var shown = Slice.of(List.copyOf(names), query, "tools");
    var tools =
        new Table(
            List.of("Tool", "Grade", "Standing", "Since"),
            shown.rows().stream().map(name -> row(one, name)).toList(),
            "No server has said which tools it has, and the library grades none. A gateway before"
                + " the server learns them; so does `lanyard tools snapshot`.");
    var giving =
        Slice.of(
            parts.library().get().roles().stream()
                .filter(role -> role.connectors().containsKey(one.id()))
                .toList(),
            query,
            "roles");
    var roles =
        new Table(
            List.of("Role", "Groups"),
            giving.rows().stream()
                .map(role ->
                    List.of(
                        Cell.text(role.name()),
                        Cell.text(String.join(", ", new TreeSet<>(role.groups())))))
                .toList(),
            "No role gives it, so nobody has it.");
    return report(
        visit,
        one.name(),
        Report.of(
            one.resource().value(),
            List.of(
                standing(visit, one),
                Part.of(
                        "Tools",
                        "A tool without a grade is hidden, and so is one that nobody has accepted"
                            + " as it is. "
                            + shown.told(),
                        tools)
                    .with(shown.ways(address(one.id()), Map.of())),
                Part.of("Who is given it", giving.told(), roles)
                    .with(giving.ways(address(one.id()), Map.of())))));
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
    var known = ledgers.tools().find(connector.id(), name);
    return List.of(
        known.isPresent()
            ? Cell.link(address(connector.id(), name), Visible.line(name))
            : Cell.text(Visible.line(name)),
        ToolFacts.grade(connector, name).map(Cell::text).orElseGet(() -> Cell.tag("none", "warn")),
        known
            .map(tool -> Cell.tag(tool.state().value(), tone(tool)))
            .orElseGet(() -> Cell.text("not seen yet")),
        known.map(tool -> Cell.time(tool.since())).orElseGet(() -> Cell.text("–")));
  }

  private static String tone(KnownTool tool) {
    return tool.state() == KnownTool.State.ACCEPTED ? "good" : tool.waits() ? "warn" : "";
  }

  private Response nothing(Request request) {
    return gate.message(
        request,
        404,
        "There is no such connector or tool.",
        "What there is comes from the role library and from what servers say.",
        Optional.of(new Message.Way(CONNECTORS, "Connectors")));
  }

  private Response tool(Request request, Visit visit) {
    return known(request)
        .map(known -> page(200, visit, known, ""))
        .orElseGet(() -> nothing(request));
  }

  /// A tool that a server has said, of a connector of the library.
  private record Known(Connector connector, KnownTool tool) {}

  private Optional<Known> known(Request request) {
    return connector(request.pathParameter("connector"))
        .flatMap(connector ->
            ledgers
                .tools()
                .find(connector.id(), request.pathParameter("tool"))
                .map(tool -> new Known(connector, tool)));
  }

  private Response page(int status, Visit visit, Known known, String problem) {
    var tool = known.tool();
    var versions = ledgers.tools().versions(tool.connector(), tool.name());
    var now = ToolFacts.version(versions, tool.current());
    var accepted = ToolFacts.version(versions, tool.accepted().map(KnownTool.Accepted::hash));
    var grade = ToolFacts.grade(known.connector(), tool.name());
    var administrator = visit.has(Duty.ADMINISTRATOR);
    var page =
        new Shown(
            address(tool.connector(), tool.name()),
            known.connector().name(),
            tool.state().value(),
            tone(tool),
            grade.orElse("none: grade it in the role library first, then it can be accepted"),
            now.map(ToolVersion::hash).orElse(""),
            now.map(ConnectorPages::shown).orElse("The server has it no more."),
            tool.accepted()
                .map(one -> one.by() + ", graded " + one.grade() + ", at " + one.at())
                .orElse("never"),
            now.flatMap(young -> accepted.map(old -> ToolFacts.changes(old, young)))
                .orElse(List.of()),
            now.map(one -> ToolFacts.suspicions(one, tool.name())).orElse(List.of()),
            administrator && tool.waits() && now.isPresent() && grade.isPresent(),
            tool.state() == KnownTool.State.WITHDRAWN,
            administrator && tool.state() == KnownTool.State.ACCEPTED,
            problem);
    var frame = visit.frame(Visible.line(tool.name()), Sitemap.CONNECTORS);
    return Sheet.of(status, "tool", frame, page);
  }

  /// Characters that hide would hide on a page as well.
  private static String shown(ToolVersion version) {
    return version
        .definition()
        .toPrettyJson()
        .lines()
        .map(Visible::line)
        .collect(Collectors.joining("\n"));
  }

  private Response accept(Request request, Visit visit, Form form) throws MalformedException {
    var found = known(request);
    if (found.isEmpty()) {
      return nothing(request);
    }
    var known = found.get();
    var grade = ToolFacts.grade(known.connector(), known.tool().name());
    if (grade.isEmpty()) {
      return page(
          409, visit, known, "Not accepted: the role library has no grade for it any more.");
    }
    var judgement =
        new Judgement(
            known.tool().connector(),
            known.tool().name(),
            form.required("hash"),
            grade.get(),
            despite(form),
            Gate.by(visit),
            visit.correlationId());
    return switch (ledgers.tools().accept(judgement)) {
      case Acceptance.Accepted() -> back(known);
      case Acceptance.Unknown() -> nothing(request);
      case Acceptance.Withdrawn() ->
          page(
              409,
              visit,
              known(request).orElse(known),
              "Not accepted: an administrator has taken it out of use. Say that it may be used"
                  + " again.");
      case Acceptance.Suspicious _ ->
          page(
              409,
              visit,
              known,
              "Not accepted: read what looks like an attack, and say that you have seen it.");
      case Acceptance.Overtaken _ ->
          page(
              409,
              visit,
              known(request).orElse(known),
              "Not accepted: this is no more what you looked at. The server says something else by"
                  + " now, or somebody else has judged. What is shown here is what it is now.");
    };
  }

  private static Set<Despite> despite(Form form) {
    return Arrays.stream(Despite.values())
        .filter(one -> form.has("despite_" + one.name().toLowerCase(Locale.ROOT)))
        .collect(Collectors.toUnmodifiableSet());
  }

  private Response back(Known known) {
    var address = address(known.tool().connector(), known.tool().name());
    return gate.to(address);
  }

  private Response withdraw(Request request, Visit visit, Form form) throws MalformedException {
    var known = known(request);
    if (known.isEmpty()) {
      return nothing(request);
    }
    var tool = known.get().tool();
    ledgers
        .tools()
        .withdraw(
            tool.connector(),
            tool.name(),
            Gate.by(visit),
            form.required("reason"),
            visit.correlationId());
    return back(known.get());
  }
}
