package dev.lanyard.server.console;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.console.Motion.Kind;
import dev.lanyard.server.console.Motion.State;
import dev.lanyard.server.console.Report.Cell;
import dev.lanyard.server.console.Report.Part;
import dev.lanyard.server.console.Report.Table;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// `/motions`: what one administrator has asked for and another one has to agree to. Whoever asked
/// takes it back; anybody else declines with a reason or, unless it is about them, agrees, which
/// does it.
final class MotionPages {
  private static final String MOTIONS = "/motions";
  private static final String MOTION = MOTIONS + "/{id}";
  private static final String EVENT = "console.motion-";
  private static final int LONGEST_REASON = 500;

  private final Gate gate;
  private final Console.Parts parts;
  private final Motions motions;
  private final Map<Kind, Matter> matters;

  MotionPages(Gate gate, Console.Parts parts, Map<Kind, Matter> matters) {
    this.gate = gate;
    this.parts = parts;
    this.motions = new Motions(parts.platform().database());
    this.matters = Map.copyOf(matters);
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

  /// Asks for something in the name of whoever is at the console, and goes to its page; or to the
  /// page of what somebody has asked for about the same.
  Response ask(Visit visit, Kind kind, String about, Motions.Wish wish, String reason) {
    var motion =
        Motions.made(
            OpaqueToken.identifier(), kind, about, wish, reason, Gate.by(visit), visit.at());
    boolean made =
        parts
            .platform()
            .database()
            .write(connection -> {
              boolean asked = Motions.ask(connection, motion);
              if (asked) {
                record(connection, "asked", visit, motion, reason);
              }
              return asked;
            });
    if (made) {
      return gate.to(address(motion.id()));
    }
    return gate.to(
        motions.open(visit.at()).stream()
            .filter(one -> one.kind() == kind && one.about().equals(about))
            .findFirst()
            .map(one -> address(one.id()) + "?before=1")
            .orElse(MOTIONS));
  }

  private void record(Connection connection, String what, Visit visit, Motion motion, String reason)
      throws SQLException {
    var evidence =
        JsonObject.builder()
            .put("motion", motion.id())
            .put("kind", motion.kind().value())
            .put("about", motion.about())
            .put("asked_by", motion.askedBy())
            .put("reason", reason)
            .build();
    var person = matter(motion).person(motion);
    if (person.isPresent()) {
      gate.record(connection, EVENT + what, visit, person.get(), evidence);
    } else {
      gate.record(connection, EVENT + what, visit, evidence);
    }
  }

  private Matter matter(Motion motion) {
    return Objects.requireNonNull(matters.get(motion.kind()));
  }

  private Response list(Request request, Visit visit) {
    var table =
        new Table(
            List.of("What", "By", "Why", "Since", "Lapses"),
            motions.open(visit.at()).stream()
                .map(one ->
                    List.of(
                        Cell.link(address(one.id()), matter(one).title(one)),
                        Cell.text(who(one.askedBy())),
                        Cell.text(one.reason()),
                        Cell.time(one.askedAt()),
                        Cell.time(one.openUntil())))
                .toList(),
            "Nothing waits. Clients, and groups that are duties in this console, are changed by two"
                + " administrators: one asks for it on its page, and it waits here for another"
                + " one.");
    return Sheet.report(
        visit,
        Sitemap.MOTIONS.label(),
        Sitemap.MOTIONS,
        Report.of(
            "What one administrator has asked for, and another one has to agree to.",
            List.of(Part.of("Waiting", "", table))));
  }

  private String who(String id) {
    return parts
        .directory()
        .person(new PersonId(id))
        .map(person -> person.displayName() + " (" + person.userName() + ")")
        .orElse(id);
  }

  private Response show(Request request, Visit visit) {
    boolean before = Addresses.query(request).flatMap(form -> form.one("before")).isPresent();
    return motions
        .find(request.pathParameter("id"))
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
            matter(one).way(one),
            Workbench.difference("wanted", one.seen(), one.wanted()),
            address(one.id()),
            open && !own && !isAbout(visit, one),
            open && own);
    var frame = Frame.of(visit, matter(one).title(one), Sitemap.MOTIONS);
    return Sheet.of(status, "motion", frame, page);
  }

  private boolean isAbout(Visit visit, Motion one) {
    return matter(one)
        .person(one)
        .filter(person -> person.id().equals(visit.person().id()))
        .isPresent();
  }

  private Table facts(Visit visit, Motion one) {
    var rows = new ArrayList<List<Cell>>();
    rows.add(List.of(Cell.text("State"), state(visit, one)));
    rows.add(List.of(Cell.text("Asked for by"), Cell.text(who(one.askedBy()))));
    rows.add(List.of(Cell.text("Why"), Cell.text(one.reason())));
    rows.add(List.of(Cell.text("Since"), Cell.time(one.askedAt())));
    rows.add(List.of(Cell.text("Lapses"), Cell.time(one.openUntil())));
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
    var found = motions.find(request.pathParameter("id"));
    if (found.isEmpty()) {
      return unknown(request);
    }
    var motion = found.get();
    if (motion.askedBy().equals(Gate.by(visit)) || isAbout(visit, motion)) {
      return page(
          409,
          visit,
          motion,
          "Nothing was done: nobody agrees with themselves, or about themselves.");
    }
    return matter(motion)
        .carryOut(
            motion,
            visit,
            connection -> ended(connection, visit, motion, State.DONE, motion.reason()))
        .map(why -> now(409, visit, motion, "Nothing was done: " + why + "."))
        .orElseGet(() -> gate.to(matter(motion).way(motion).address()));
  }

  private boolean ended(
      Connection connection, Visit visit, Motion motion, State state, String reason)
      throws SQLException {
    var answer = state == State.DECLINED ? reason : "";
    boolean taken = Motions.end(connection, motion.id(), state, answer, Gate.by(visit), visit.at());
    if (taken) {
      record(connection, state.value(), visit, motion, reason);
    }
    return taken;
  }

  private Response now(int status, Visit visit, Motion motion, String problem) {
    return page(status, visit, motions.find(motion.id()).orElse(motion), problem);
  }

  private Response decline(Request request, Visit visit, Form form) throws MalformedException {
    var reason = form.required("reason").strip();
    return ends(
        request,
        visit,
        State.DECLINED,
        shortened(reason),
        motion -> !motion.askedBy().equals(Gate.by(visit)));
  }

  private static String shortened(String reason) {
    return reason.substring(0, Math.min(reason.length(), LONGEST_REASON));
  }

  private Response withdraw(Request request, Visit visit, Form form) {
    return ends(
        request, visit, State.WITHDRAWN, "", motion -> motion.askedBy().equals(Gate.by(visit)));
  }

  private interface Fitting {
    boolean fits(Motion motion);
  }

  private Response ends(Request request, Visit visit, State state, String reason, Fitting who) {
    var found = motions.find(request.pathParameter("id"));
    if (found.isEmpty()) {
      return unknown(request);
    }
    var motion = found.get();
    boolean done =
        who.fits(motion)
            && parts
                .platform()
                .database()
                .write(connection -> ended(connection, visit, motion, state, reason));
    return done
        ? gate.to(MOTIONS)
        : now(
            409, visit, motion, "Nothing was done: it has ended already, or is not yours to end.");
  }
}
