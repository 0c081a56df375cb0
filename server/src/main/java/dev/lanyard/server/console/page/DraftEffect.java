package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.console.desk.DraftDesk;
import dev.lanyard.server.console.desk.DraftDesk.Effect;
import dev.lanyard.server.console.desk.DraftDesk.Handed;
import dev.lanyard.server.console.desk.Workbench;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.publication.plan.Access;
import dev.lanyard.server.publication.plan.Comparison;
import dev.lanyard.server.publication.plan.Plan;
import dev.lanyard.server.publication.plan.PlanText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `/library/draft/effect`: what a draft would change, for everybody and for what was really asked
/// for, and how it is handed in.
///
/// What is handed in is no proposal: those are signed, and no key comes here. It waits for somebody
/// who has one, reads it, and proposes it as their own; then for a second person.
final class DraftEffect {
  static final String EFFECT = DraftPages.DRAFT + "/effect";

  private static final int PEOPLE = 200;

  private final Gate gate;
  private final DraftDesk desk;

  DraftEffect(Gate gate, DraftDesk desk) {
    this.gate = gate;
    this.desk = desk;
  }

  /// The effect of a draft.
  ///
  /// @param use what becomes of what people asked for
  /// @param seen names what was looked at: this, and nothing else, is handed in
  record Shown(
      String lead,
      int days,
      Table lines,
      Table people,
      Table agents,
      List<String> use,
      List<Workbench.Difference> difference,
      long revision,
      String seen) {}

  List<Route> routes() {
    return List.of(
        gate.page(EFFECT, Gate.ADMINISTRATORS, this::show),
        gate.action(DraftPages.DRAFT + "/hand-in", Gate.ADMINISTRATORS, this::handIn));
  }

  private Response show(Request request, Visit visit) {
    return switch (desk.effect(visit.actor(), days(request))) {
      case Effect.Known(var bench, var plan, var seen) -> page(visit, bench, plan, seen);
      case Effect.Hindered(var why) -> undone(request, 409, why);
      case Effect.Busy() -> busy(request);
      case Effect.NotYet() -> DraftPages.notYet(gate, request);
    };
  }

  private static int days(Request request) {
    return Addresses.query(request)
        .flatMap(form -> form.one("days"))
        .filter(text -> text.matches("\\d{1,2}"))
        .map(text -> Math.min(Integer.parseInt(text), DraftDesk.MOST_DAYS))
        .orElse(DraftDesk.DAYS);
  }

  private Response undone(Request request, int status, String why) {
    return gate.message(
        request,
        status,
        why,
        "Your draft is as you left it.",
        Optional.of(new Message.Way(DraftPages.DRAFT, "Edit the role library")));
  }

  private Response busy(Request request) {
    return undone(
        request,
        503,
        "The effect is not known: somebody else's is being computed, or it takes more than a"
            + " minute. Try again with fewer days (?days=1), or use lanyard library plan.");
  }

  private static Response page(Visit visit, Workbench bench, Plan plan, String seen) {
    var page =
        new Shown(
            plan.isNothing()
                ? "Nobody gains or loses anything."
                : "Of %,d people %,d gain and %,d lose something."
                    .formatted(plan.scene().people(), plan.winners(), plan.losers()),
            (int) plan.scene().window().toDays(),
            lines(plan),
            people(plan),
            agents(plan),
            PlanText.use(plan),
            Workbench.difference(bench.inForce(), bench.files()),
            bench.draft().revision(),
            seen);
    var frame = visit.frame("Effect of your draft", Sitemap.LIBRARY);
    return Sheet.of(200, "effect", frame, page);
  }

  private static Table lines(Plan plan) {
    return new Table(
        List.of("What", "Through", "Lose it", "Of them used it", "In the last 24 h", "Gain it"),
        plan.lines().stream()
            .map(line ->
                List.of(
                    Cell.text(Plan.said(line.thing())),
                    Cell.text(line.through().isEmpty() ? "all" : String.join(", ", line.through())),
                    number(line.lostBy(), "bad"),
                    number(line.lostByUsers(), "bad"),
                    number(line.lostByUsersOfLastDay(), "bad"),
                    number(line.gainedBy(), "good")))
            .toList(),
        "Nothing changes for anybody.");
  }

  private static Cell number(int number, String tone) {
    return number == 0 ? Cell.text("0") : Cell.tag("%,d".formatted(number), tone);
  }

  private static Table people(Plan plan) {
    var rows = new ArrayList<List<Cell>>();
    plan.people().stream()
        .limit(PEOPLE)
        .forEach(one ->
            rows.add(
                List.of(
                    Cell.link(PeoplePages.address(one.person()), one.person().userName()),
                    said(one.difference().lost()),
                    said(one.difference().gained()),
                    one.lastUse().map(Cell::time).orElseGet(() -> Cell.text("–")))));
    if (plan.people().size() > PEOPLE) {
      rows.add(
          List.of(
              Cell.text("and %,d more".formatted(plan.people().size() - PEOPLE)),
              Cell.text("–"),
              Cell.text("–"),
              Cell.text("–")));
    }
    return new Table(List.of("Person", "Loses", "Gains", "Used it last"), rows, "Nobody.");
  }

  private static Cell said(Set<Access> access) {
    var said = Plan.said(access);
    return Cell.text(said.isEmpty() ? "–" : String.join(", ", said));
  }

  private static Table agents(Plan plan) {
    return new Table(
        List.of("Agent", "Loses", "Gains"),
        plan.agents().stream().map(one -> agent(one.client().value(), one.difference())).toList(),
        "");
  }

  private static List<Cell> agent(String client, Comparison.Difference difference) {
    return List.of(Cell.code(client), said(difference.lost()), said(difference.gained()));
  }

  private Response handIn(Request request, Visit visit, Form form) throws MalformedException {
    var seen = form.required("seen");
    var reason = form.required("reason");
    var handing = new DraftDesk.Handing(DraftPages.revision(form), seen, reason, days(request));
    return switch (desk.handIn(visit.actor(), handing)) {
      case Handed.In(var one) -> gate.to(Submissions.address(one.id()));
      case Handed.Incomplete(var why) -> undone(request, 400, why);
      case Handed.Overtaken() -> other(request);
      case Handed.Hindered(var why) -> undone(request, 409, why);
      case Handed.Busy() -> busy(request);
      case Handed.NotYet() -> DraftPages.notYet(gate, request);
    };
  }

  private Response other(Request request) {
    return undone(
        request,
        409,
        "Nothing was handed in: this is no more what you looked at. It was handed in before, your"
            + " draft was changed, or something else is in force by now. Look at the effect"
            + " again.");
  }
}
