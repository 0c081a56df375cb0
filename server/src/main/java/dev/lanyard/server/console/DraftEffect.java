package dev.lanyard.server.console;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.console.Report.Cell;
import dev.lanyard.server.console.Report.Table;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.library.LibraryFinding.Severity;
import dev.lanyard.server.publication.Drafts;
import dev.lanyard.server.publication.Drafts.HandedIn;
import dev.lanyard.server.publication.Statement;
import dev.lanyard.server.publication.Submission;
import dev.lanyard.server.publication.plan.Access;
import dev.lanyard.server.publication.plan.Comparison;
import dev.lanyard.server.publication.plan.Plan;
import dev.lanyard.server.publication.plan.PlanText;
import dev.lanyard.server.requests.ExceptionRequests;
import dev.lanyard.server.sessions.OpaqueToken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// `/library/draft/effect`: what a draft would change, for everybody and for what was really asked
/// for, and how it is handed in.
///
/// What is handed in is no proposal: those are signed, and no key comes here. It waits for somebody
/// who has one, reads it, and proposes it as their own; then for a second person.
final class DraftEffect {
  static final String EFFECT = DraftPages.DRAFT + "/effect";

  /// Whoever replays more has a command for it.
  private static final Duration LONGEST_WORK = Duration.ofSeconds(60);

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

  private static final int MOST_DAYS = 90;
  private static final int DAYS = 30;
  private static final int PEOPLE = 200;

  private final Gate gate;
  private final Console.Parts parts;
  private final Drafting with;

  /// Everybody and a month of the record is much: one at a time on a node.
  private final Semaphore atWork = new Semaphore(1);

  DraftEffect(Gate gate, Console.Parts parts, Drafting with) {
    this.gate = gate;
    this.parts = parts;
    this.with = with;
  }

  /// The effect of a draft.
  ///
  /// @param use what becomes of what people asked for
  /// @param seen names what was looked at: this, and nothing else, is handed in
  record Effect(
      String lead,
      int days,
      Table lines,
      Table people,
      Table agents,
      List<String> use,
      List<Workbench.Difference> difference,
      long revision,
      String seen) {}

  /// It would take too long.
  private static final class OutOfTimeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutOfTimeException() {
      super("the plan takes too long", null, false, false);
    }
  }

  List<Route> routes() {
    return List.of(
        gate.page(EFFECT, Gate.ADMINISTRATORS, this::show),
        gate.action(DraftPages.DRAFT + "/hand-in", Gate.ADMINISTRATORS, this::handIn));
  }

  private Response show(Request request, Visit visit) {
    var bench = Workbench.of(visit, parts, with);
    if (bench.isEmpty()) {
      return DraftPages.notYet(gate, request);
    }
    return hindrance(bench.get(), visit)
        .map(why -> undone(request, 409, why))
        .orElseGet(() ->
            plan(bench.get(), days(request))
                .map(plan -> page(visit, bench.get(), plan))
                .orElseGet(() -> busy(request)));
  }

  private static int days(Request request) {
    return Addresses.query(request)
        .flatMap(form -> form.one("days"))
        .filter(text -> text.matches("\\d{1,2}"))
        .map(text -> Math.min(Integer.parseInt(text), MOST_DAYS))
        .orElse(DAYS);
  }

  /// What must be dealt with before there is an effect; empty if nothing.
  private static Optional<String> hindrance(Workbench bench, Visit visit) {
    if (bench.draft().isNothing()) {
      return Optional.of("You have changed nothing, so nothing is handed in.");
    }
    var overtaken = bench.overtaken();
    if (!overtaken.isEmpty()) {
      return Optional.of(
          "Somebody else has changed the same files meanwhile, and it is in force: "
              + String.join(", ", overtaken)
              + ". Open them, look at both differences, and save what it is to be.");
    }
    return bench.findings(visit).stream()
        .filter(one -> one.severity() == Severity.ERROR && one.code().equals("not-readable"))
        .findFirst()
        .map(one -> "Your draft cannot be read as a library: " + one.reason() + ".");
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

  private Optional<Plan> plan(Workbench bench, int days) {
    if (!isMyTurn()) {
      return Optional.empty();
    }
    try {
      var clock = parts.platform().clock();
      var end = clock.instant().plus(LONGEST_WORK);
      return Optional.of(
          with.planner()
              .plan(
                  parts.library().get(),
                  bench.files().read(),
                  Duration.ofDays(days),
                  _ -> inTime(clock.instant(), end)));
    } catch (OutOfTimeException e) {
      return Optional.empty();
    } finally {
      atWork.release();
    }
  }

  private boolean isMyTurn() {
    try {
      return atWork.tryAcquire(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void inTime(Instant now, Instant end) {
    if (now.isAfter(end)) {
      throw new OutOfTimeException();
    }
  }

  private static Response page(Visit visit, Workbench bench, Plan plan) {
    var page =
        new Effect(
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
            plan.scene().base() + " " + plan.scene().version());
    var frame = Frame.of(visit, "Effect of your draft", Sitemap.LIBRARY);
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
    long revision = DraftPages.revision(form);
    var found = Workbench.of(visit, parts, with);
    if (found.isEmpty()) {
      return DraftPages.notYet(gate, request);
    }
    var bench = found.get();
    if (reason.isBlank() || reason.length() > Statement.LONGEST_RATIONALE) {
      return undone(
          request, 400, "Say why, in at most " + Statement.LONGEST_RATIONALE + " letters.");
    }
    if (bench.draft().revision() != revision || !seen.equals(name(bench))) {
      return other(request);
    }
    return hindrance(bench, visit)
        .map(why -> undone(request, 409, why))
        .orElseGet(() ->
            plan(bench, days(request))
                .map(plan -> handedIn(request, visit, bench, plan, reason))
                .orElseGet(() -> busy(request)));
  }

  private static String name(Workbench bench) {
    return bench.inForce().version() + " " + bench.files().version();
  }

  private Response other(Request request) {
    return undone(
        request,
        409,
        "Nothing was handed in: this is no more what you looked at. It was handed in before, your"
            + " draft was changed, or something else is in force by now. Look at the effect"
            + " again.");
  }

  private Response handedIn(
      Request request, Visit visit, Workbench bench, Plan plan, String reason) {
    var author = Gate.by(visit);
    var version = bench.files().version();
    var submission =
        new Submission(
            id(author + " " + bench.draft().revision() + " " + version + " " + visit.at()),
            author,
            bench.inForce().version(),
            version,
            reason,
            plan.summary(),
            visit.at(),
            Optional.empty());
    try {
      return kept(visit, bench, submission) instanceof HandedIn.Done
          ? Response.redirect(parts.config().at(Submissions.address(submission.id()))).noStore()
          : other(request);
    } catch (ExceptionRequests.OverException e) {
      return undone(
          request,
          409,
          "Nothing was handed in: "
              + e.getMessage()
              + " was declined or taken back, or has ended with its person. Take its file out of"
              + " your draft.");
    }
  }

  /// The draft, its version, its record, and the answers to what was asked for: all or nothing.
  private HandedIn kept(Visit visit, Workbench bench, Submission submission) {
    return parts
        .platform()
        .database()
        .write(connection -> {
          var outcome = Drafts.handIn(connection, bench.draft(), bench.files(), submission);
          if (outcome instanceof HandedIn.Done) {
            ExceptionRequests.submitted(
                connection, names(bench), submission.id(), MyRequests.act(visit));
          }
          return outcome;
        });
  }

  /// The exceptions that were asked for have files of their own.
  private static List<String> names(Workbench bench) {
    return bench.draft().edits().keySet().stream()
        .map(file -> file.substring(0, file.lastIndexOf('.')))
        .toList();
  }

  /// Short enough to be typed.
  private static String id(String of) {
    var hash = OpaqueToken.hash(new Secret(of)).replaceAll("[^A-Za-z0-9]", "");
    return "draft-" + hash.substring(0, 8).toLowerCase(Locale.ROOT);
  }
}
