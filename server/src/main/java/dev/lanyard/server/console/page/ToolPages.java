package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.console.desk.ToolDesk;
import dev.lanyard.server.console.desk.ToolDesk.Judging;
import dev.lanyard.server.console.desk.ToolDesk.Known;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.tools.Acceptance;
import dev.lanyard.server.tools.Judgement.Despite;
import dev.lanyard.server.tools.KnownTool;
import dev.lanyard.server.tools.ToolVersion;
import dev.lanyard.server.tools.Visible;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// `/connectors/{connector}/tools/{tool}`: what a server has changed about a tool, and the
/// judgement on it.
///
/// What is accepted is exactly the text that was on the page, by its hash: if the server says
/// something else by then, or somebody else has judged, nothing is accepted and the page shows what
/// it is now. Grades are policy and come from the role library.
final class ToolPages {
  private static final String TOOL = "/connectors/{connector}/tools/{tool}";

  private final Gate gate;
  private final ToolDesk desk;

  ToolPages(Gate gate, ToolDesk desk) {
    this.gate = gate;
    this.desk = desk;
  }

  /// One tool.
  ///
  /// @param hash of what is shown; empty if the server has it no more
  /// @param definition what the server says, with everything in sight
  /// @param accepted what was accepted, and by whom
  /// @param changes between the two, place by place
  /// @param judgeable whether whoever looks may judge it as it stands
  /// @param withdrawn whether an administrator has taken it out of use
  /// @param forgettable whether whoever looks may have it forgotten as it stands
  record Shown(
      String address,
      String connector,
      String state,
      String tone,
      String grade,
      String hash,
      String definition,
      String accepted,
      List<ToolDesk.Change> changes,
      List<String> suspicions,
      boolean judgeable,
      boolean withdrawn,
      boolean withdrawable,
      boolean forgettable,
      String problem) {}

  List<Route> routes() {
    return List.of(
        gate.page(TOOL, Sitemap.CONNECTORS, this::tool),
        gate.action(TOOL + "/accept", Gate.ADMINISTRATORS, this::accept),
        gate.action(TOOL + "/withdraw", Gate.ADMINISTRATORS, this::withdraw),
        gate.action(TOOL + "/forget", Gate.ADMINISTRATORS, this::forget));
  }

  static String address(String connector, String tool) {
    return ConnectorPages.address(connector) + "/tools/" + Addresses.segment(tool);
  }

  /// How a state is coloured.
  static String tone(KnownTool tool) {
    return tool.state() == KnownTool.State.ACCEPTED ? "good" : tool.waits() ? "warn" : "";
  }

  private Response tool(Request request, Visit visit) {
    return known(request)
        .map(known -> page(200, visit, known, ""))
        .orElseGet(() -> ConnectorPages.nothing(gate, request));
  }

  private Optional<Known> known(Request request) {
    return desk.find(request.pathParameter("connector"), request.pathParameter("tool"));
  }

  private Response page(int status, Visit visit, Known known, String problem) {
    var tool = known.tool();
    var look = desk.look(tool);
    var grade = known.grade();
    var administrator = visit.has(Duty.ADMINISTRATOR);
    var page =
        new Shown(
            address(tool.connector(), tool.name()),
            known.connector().name(),
            tool.state().value(),
            tone(tool),
            grade.orElse("none: grade it in the role library first, then it can be accepted"),
            look.now().map(ToolVersion::hash).orElse(""),
            look.now().map(ToolPages::shown).orElse("The server has it no more."),
            tool.accepted()
                .map(one -> one.by() + ", graded " + one.grade() + ", at " + one.at())
                .orElse("never"),
            look.changes(),
            look.suspicions(),
            administrator && tool.waits() && look.now().isPresent() && grade.isPresent(),
            tool.state() == KnownTool.State.WITHDRAWN,
            administrator && tool.state() == KnownTool.State.ACCEPTED,
            administrator && tool.isForgettable(),
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
      return ConnectorPages.nothing(gate, request);
    }
    var known = found.get();
    var judging =
        desk.accept(
            known, form.required("hash"), despite(form), Gate.by(visit), visit.correlationId());
    return switch (judging) {
      case Judging.Judged(Acceptance.Accepted()) -> back(known);
      case Judging.Judged(Acceptance.Unknown()) -> ConnectorPages.nothing(gate, request);
      case Judging.Judged(Acceptance.Withdrawn()) ->
          notAccepted(
              visit,
              known(request).orElse(known),
              "an administrator has taken it out of use. Say that it may be used again.");
      case Judging.Judged(Acceptance.Suspicious _) ->
          notAccepted(
              visit, known, "read what looks like an attack, and say that you have seen it.");
      case Judging.Judged(Acceptance.NotBeside(var why)) -> notAccepted(visit, known, why + ".");
      case Judging.Judged(Acceptance.Overtaken _) ->
          notAccepted(
              visit,
              known(request).orElse(known),
              "this is no more what you looked at. The server says something else by now, or"
                  + " somebody else has judged. What is shown here is what it is now.");
      case Judging.Ungraded() ->
          notAccepted(visit, known, "the role library has no grade for it any more.");
    };
  }

  private Response notAccepted(Visit visit, Known known, String why) {
    return page(409, visit, known, "Not accepted: " + why);
  }

  private static Set<Despite> despite(Form form) {
    return Arrays.stream(Despite.values())
        .filter(one -> form.has("despite_" + one.name().toLowerCase(Locale.ROOT)))
        .collect(Collectors.toUnmodifiableSet());
  }

  private Response back(Known known) {
    return gate.to(address(known.tool().connector(), known.tool().name()));
  }

  private Response withdraw(Request request, Visit visit, Form form) throws MalformedException {
    var found = known(request);
    if (found.isEmpty()) {
      return ConnectorPages.nothing(gate, request);
    }
    var known = found.get();
    boolean done =
        desk.withdraw(known, Gate.by(visit), form.required("reason"), visit.correlationId());
    return done
        ? back(known)
        : page(
            409,
            visit,
            known(request).orElse(known),
            "Nothing was taken back: it is not accepted, or somebody else was faster.");
  }

  private Response forget(Request request, Visit visit, Form form) throws MalformedException {
    var reason = form.required("reason");
    var known = known(request);
    if (known.isEmpty()) {
      return ConnectorPages.nothing(gate, request);
    }
    var connector = known.get().connector().id();
    return desk.forget(known.get(), Gate.by(visit), reason, visit.correlationId())
        ? gate.to(ConnectorPages.address(connector))
        : page(
            409,
            visit,
            known(request).orElse(known.get()),
            "Not forgotten: its server has it, and somebody has judged it.");
  }
}
