package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.console.desk.Desks;
import dev.lanyard.server.console.desk.Motion;
import dev.lanyard.server.console.desk.MotionDesk.Answer;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.desk.ResumptionDesk;
import dev.lanyard.server.console.desk.ResumptionDesk.Resuming;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Frame;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.util.List;
import java.util.Optional;

/// `/lift`: lets everything go on after a stop of everything, by two administrators whose sessions
/// only the stop has ended. No other page is open then, and this one leads nowhere else. A session
/// that something else has ended is over here too.
///
/// Nobody can sign in while everything is stopped. When those sessions are over, the command line
/// lifts the stop.
final class LiftPages {
  static final String LIFT = "/lift";

  private final Gate gate;
  private final Parts parts;
  private final Desks desks;

  LiftPages(Gate gate, Parts parts, Desks desks) {
    this.gate = gate;
    this.parts = parts;
    this.desks = desks;
  }

  /// What is to be done.
  ///
  /// @param problem why nothing was done just now; empty if nothing is wrong
  /// @param motion what they have asked for, so that nobody answers another one than they read
  /// @param by who has asked; empty if nobody has
  /// @param at when they have
  /// @param agrees whether whoever looks may agree
  record Shown(
      String problem,
      String formToken,
      String motion,
      String by,
      String at,
      String why,
      boolean agrees) {}

  List<Route> routes() {
    return List.of(
        gate.door(LIFT, (_, visit) -> page(200, visit, "")),
        gate.doorAction(LIFT, this::ask),
        gate.doorAction(LIFT + "/agree", this::agree),
        gate.doorAction(LIFT + "/decline", this::decline));
  }

  private Optional<Motion> asked(Visit visit) {
    return desks.motions().open(visit.at()).stream()
        .filter(ResumptionDesk::isOfEverything)
        .findFirst();
  }

  private Response page(int status, Visit visit, String problem) {
    var asked = asked(visit);
    var page =
        new Shown(
            problem,
            visit.formToken().value(),
            asked.map(Motion::id).orElse(""),
            asked.map(one -> parts.who(one.askedBy())).orElse(""),
            asked.map(one -> one.askedAt().toString()).orElse(""),
            asked.map(Motion::reason).orElse(""),
            asked.filter(one -> desks.motions().mayAgree(visit.person().id(), one)).isPresent());
    return Sheet.of(status, "lift", Frame.ofStranger("Everything is stopped"), page);
  }

  private Response ask(Request request, Visit visit, Form form) throws MalformedException {
    var reason = form.required("reason").strip();
    return switch (desks.resumptions().resumeEverything(visit.actor(), reason, desks.motions())) {
      case Resuming.ForTwo _ -> gate.to(LIFT);
      case Resuming.GoesOn() -> goesOn(request);
    };
  }

  private Response goesOn(Request request) {
    return gate.message(
        request,
        200,
        "Everything goes on.",
        "What was issued before stays dead, your session too: sign in again.",
        Optional.of(Gate.signIn()));
  }

  private Response agree(Request request, Visit visit, Form form) {
    var read = read(visit, form);
    if (read.isEmpty()) {
      return overtaken(visit);
    }
    return switch (desks.motions().agree(visit.actor(), read.get().id())) {
      case Answer.Done _ -> goesOn(request);
      case Answer.Refused(_, var why) -> page(409, visit, "Nothing was done: " + why + ".");
      case Answer.Unknown() -> overtaken(visit);
    };
  }

  /// What is asked for, if it is what was shown.
  private Optional<Motion> read(Visit visit, Form form) {
    return asked(visit).filter(one -> form.one("motion").equals(Optional.of(one.id())));
  }

  private Response overtaken(Visit visit) {
    return page(409, visit, "Nothing was done: nobody asks for it any more.");
  }

  /// By somebody else, or taken back by whoever has asked.
  private Response decline(Request request, Visit visit, Form form) throws MalformedException {
    var read = read(visit, form);
    if (read.isEmpty()) {
      return overtaken(visit);
    }
    var id = read.get().id();
    var answer =
        read.get().askedBy().equals(visit.person().id().value())
            ? desks.motions().withdraw(visit.actor(), id)
            : desks.motions().decline(visit.actor(), id, form.required("reason").strip());
    return switch (answer) {
      case Answer.Done _ -> gate.to(LIFT);
      case Answer.Refused(_, var why) -> page(409, visit, "Nothing was done: " + why + ".");
      case Answer.Unknown() -> overtaken(visit);
    };
  }
}
