package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.console.desk.Desks;
import dev.lanyard.server.console.desk.Motion;
import dev.lanyard.server.console.desk.Motion.State;
import dev.lanyard.server.console.desk.MotionDesk;
import dev.lanyard.server.console.desk.MotionDesk.Answer;
import dev.lanyard.server.console.desk.MotionDesk.Asking;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.desk.Workbench;
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
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `/motions`: what one administrator has asked for and another one has to agree to. Whoever asked
/// can take it back; others can decline it with a reason or, unless it is about them, agree.
final class MotionPages {
  private static final String MOTIONS = "/motions";
  private static final String MOTION = MOTIONS + "/{id}";

  private final Gate gate;
  private final Parts parts;
  private final MotionDesk desk;
  private final MotionWays ways;

  MotionPages(Gate gate, Parts parts, Desks desks) {
    this.gate = gate;
    this.parts = parts;
    this.desk = desks.motions();
    this.ways = new MotionWays(desks);
  }

  /// One motion.
  ///
  /// @param problem why nothing was done just now; empty if nothing is wrong
  /// @param lines what stands, and what it shall be
  /// @param agrees whether whoever looks may agree; the page asks nobody else whether they decline
  /// @param withdraws whether they may take it back
  record Shown(
      String problem,
      Table facts,
      Message.Way way,
      List<Workbench.Difference> lines,
      String address,
      boolean agrees,
      boolean withdraws) {}

  List<Route> routes() {
    return List.of(
        gate.page(MOTIONS, Sitemap.MOTIONS, this::list),
        gate.page(MOTION, Sitemap.MOTIONS, this::show),
        gate.action(MOTION + "/agree", Gate.ADMINISTRATORS, this::agree),
        gate.action(MOTION + "/decline", Gate.ADMINISTRATORS, this::decline),
        gate.action(MOTION + "/withdraw", Gate.ADMINISTRATORS, this::withdraw));
  }

  static String address(String id) {
    return MOTIONS + "/" + Addresses.segment(id);
  }

  /// Where somebody goes who has asked for something: to its page, or to that of what was asked for
  /// about the same before.
  static String address(Asking asking) {
    return switch (asking) {
      case Asking.Made(var motion) -> address(motion.id());
      case Asking.Before(var motion) ->
          motion.map(one -> address(one.id()) + "?before=1").orElse(MOTIONS);
    };
  }

  private Response list(Request request, Visit visit) {
    var table =
        new Table(
            List.of("What", "By", "Why", "Since", "Lapses"),
            desk.open(visit.at()).stream()
                .map(one ->
                    List.of(
                        Cell.link(address(one.id()), desk.title(one)),
                        Cell.text(parts.who(one.askedBy())),
                        Cell.text(one.reason()),
                        Cell.time(one.askedAt()),
                        Cell.time(one.openUntil())))
                .toList(),
            "Nothing waits. Clients, and groups that are duties in this console, are changed by two"
                + " administrators: one asks for it on its page, and it waits here for another"
                + " one.");
    return Sheet.report(
        visit.frame(Sitemap.MOTIONS.label(), Sitemap.MOTIONS),
        Report.of(
            "What one administrator has asked for, and another one has to agree to.",
            List.of(Part.of("Waiting", "", table))));
  }

  private Response show(Request request, Visit visit) {
    boolean before = Addresses.query(request).flatMap(form -> form.one("before")).isPresent();
    return desk.find(request.pathParameter("id"))
        .map(one ->
            page(
                200,
                visit,
                one,
                before
                    ? "Nothing more was asked for: this was asked for before, and waits. What you"
                        + " wanted can be asked for when it is done, declined or taken back."
                    : ""))
        .orElseGet(() -> unknown(request));
  }

  private Response unknown(Request request) {
    return gate.message(
        request,
        404,
        "There is no such motion.",
        "Those that wait are under 'For two'. They are forgotten some months after they have"
            + " ended.",
        Optional.of(new Message.Way(MOTIONS, "For two")));
  }

  private Response page(int status, Visit visit, Motion one, String problem) {
    boolean open = one.isOpen(visit.at());
    boolean own = one.askedBy().equals(Gate.by(visit));
    var page =
        new Shown(
            problem,
            facts(visit, one),
            ways.of(one),
            Workbench.difference("wanted", one.seen(), one.wanted()),
            address(one.id()),
            open && desk.mayAgree(visit.person().id(), one),
            open && own);
    var frame = visit.frame(desk.title(one), Sitemap.MOTIONS);
    return Sheet.of(status, "motion", frame, page);
  }

  private Table facts(Visit visit, Motion one) {
    var rows = new ArrayList<List<Cell>>();
    rows.add(List.of(Cell.text("State"), state(visit, one)));
    rows.add(List.of(Cell.text("Asked for by"), Cell.text(parts.who(one.askedBy()))));
    rows.add(List.of(Cell.text("Why"), Cell.text(one.reason())));
    rows.add(List.of(Cell.text("Since"), Cell.time(one.askedAt())));
    rows.add(List.of(Cell.text("Lapses"), Cell.time(one.openUntil())));
    if (!one.endedBy().isEmpty()) {
      rows.add(List.of(Cell.text("Ended by"), Cell.text(parts.who(one.endedBy()))));
    }
    if (!one.answer().isEmpty()) {
      rows.add(List.of(Cell.text("Why not"), Cell.text(one.answer())));
    }
    return Table.facts(rows);
  }

  private static Cell state(Visit visit, Motion one) {
    if (one.state() == State.OPEN) {
      return one.isOpen(visit.at())
          ? Cell.tag("waits for another administrator", "warn")
          : Cell.text("lapsed");
    }
    return Cell.tag(one.state().value(), one.state() == State.DONE ? "good" : "");
  }

  private Response agree(Request request, Visit visit, Form form) {
    return switch (desk.agree(visit.actor(), request.pathParameter("id"))) {
      case Answer.Done(var motion, var told) ->
          told.map(one ->
                  SecretSheet.of(motion.kind(), one)
                      .page(visit, Sitemap.MOTIONS, ways.of(motion).address()))
              .orElseGet(() -> gate.to(ways.of(motion).address()));
      case Answer.Refused refused -> refused(visit, refused);
      case Answer.Unknown() -> unknown(request);
    };
  }

  private Response refused(Visit visit, Answer.Refused refused) {
    return page(409, visit, refused.now(), "Nothing was done: " + refused.why() + ".");
  }

  private Response decline(Request request, Visit visit, Form form) throws MalformedException {
    var reason = form.required("reason").strip();
    return ended(request, visit, desk.decline(visit.actor(), request.pathParameter("id"), reason));
  }

  private Response withdraw(Request request, Visit visit, Form form) {
    return ended(request, visit, desk.withdraw(visit.actor(), request.pathParameter("id")));
  }

  private Response ended(Request request, Visit visit, Answer answer) {
    return switch (answer) {
      case Answer.Done _ -> gate.to(MOTIONS);
      case Answer.Refused refused -> refused(visit, refused);
      case Answer.Unknown() -> unknown(request);
    };
  }
}
