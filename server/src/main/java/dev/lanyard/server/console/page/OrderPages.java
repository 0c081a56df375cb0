package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.Excerpt;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.console.desk.OrderDesk;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Confirmation;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Report;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Part;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.console.sheet.Slice;
import dev.lanyard.server.delivery.Letter;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.revocation.ReconciliationReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `/deliveries`: messages that did not arrive outside, and are tried again; `/reconciliation`:
/// what should be dead, compared with what lives.
final class OrderPages {
  static final String DELIVERIES = "/deliveries";
  static final String RECONCILIATION = "/reconciliation";

  /// Of what a comparison has found: the audit record has all of it.
  private static final int LONGEST = 500;

  private static final String RETRY = DELIVERIES + "/{letter}/retry";
  private static final String RUN = RECONCILIATION + "/run";

  private final Gate gate;
  private final OrderDesk desk;

  OrderPages(Gate gate, OrderDesk desk) {
    this.gate = gate;
    this.desk = desk;
  }

  List<Route> routes() {
    return List.of(
        gate.page(DELIVERIES, Sitemap.OVERVIEW, this::deliveries),
        gate.page(RETRY, Gate.ADMINISTRATORS, this::askRetry),
        gate.action(RETRY, Gate.ADMINISTRATORS, this::retry),
        gate.page(RECONCILIATION, Sitemap.KILLS, (_, visit) -> reconciliation(visit)),
        gate.page(RUN, Gate.ADMINISTRATORS, (_, visit) -> askRun(visit)),
        gate.action(RUN, Gate.ADMINISTRATORS, this::run));
  }

  private Response deliveries(Request request, Visit visit) {
    var query = Addresses.query(request);
    boolean acts = visit.has(Duty.ADMINISTRATOR);
    var dead = Slice.of(desk.dead(), query);
    var waiting = Slice.of(desk.waiting(), query, "waiting");
    var given =
        new Table(
            List.of("To", "What", "Written", "Attempts", "Last answer", "Id", "Try again"),
            dead.rows().stream()
                .map(one -> {
                  var row = new ArrayList<>(row(one));
                  row.add(acts ? Cell.link(address(one.id()), "Try again…") : Cell.text("–"));
                  return List.copyOf(row);
                })
                .toList(),
            "No message was given up.");
    var tried =
        new Table(
            List.of("To", "What", "Written", "Attempts", "Last answer", "Id"),
            waiting.rows().stream().map(OrderPages::row).toList(),
            "Everything else has arrived.");
    return Sheet.report(
        visit.frame("Messages to outside", Sitemap.OVERVIEW),
        Report.of(
            "What others must know and have not been told yet: kills, events, consents that have"
                + " ended.",
            List.of(
                Part.of(
                        "Given up",
                        ("Whoever should know does not. Find out why before it is tried again. "
                                + dead.told())
                            .strip(),
                        given)
                    .with(dead.ways(DELIVERIES, Map.of())),
                Part.of("Still tried", waiting.told(), tried)
                    .with(waiting.ways(DELIVERIES, Map.of())))));
  }

  private static List<Cell> row(Letter letter) {
    return List.of(
        Cell.text(letter.delivery().destination()),
        Cell.text(letter.delivery().kind()),
        Cell.time(letter.createdAt()),
        Cell.of(letter.attempts()),
        Cell.text(letter.answer().orElse("none yet")),
        Cell.code(letter.id()));
  }

  private static String address(String id) {
    return DELIVERIES + "/" + Addresses.segment(id) + "/retry";
  }

  private Response askRetry(Request request, Visit visit) {
    return desk.dead(request.pathParameter("letter"))
        .map(letter -> {
          var page =
              new Confirmation(
                  address(letter.id()),
                  List.of(
                      letter.delivery().kind() + " to " + letter.delivery().destination(),
                      "It is tried again as if it were new, by a server that is running."),
                  "dead",
                  "",
                  "Try again",
                  false,
                  DELIVERIES);
          return Sheet.of(200, "confirmation", visit.frame("Try again?", Sitemap.OVERVIEW), page);
        })
        .orElseGet(() -> notDead(request));
  }

  private Response notDead(Request request) {
    return gate.message(
        request,
        404,
        "No such message is given up.",
        "It has arrived, is tried again already, or never was. Nothing was done.",
        Optional.of(new Message.Way(DELIVERIES, "Messages to outside")));
  }

  private Response retry(Request request, Visit visit, Form form) throws MalformedException {
    var reason = form.required("reason").strip();
    return desk.retry(visit.actor(), request.pathParameter("letter"), reason).isPresent()
        ? gate.to(DELIVERIES)
        : notDead(request);
  }

  private Response reconciliation(Visit visit) {
    var table =
        new Table(
            List.of("When", "Outcome", "People", "Sessions", "Grants", "Denials", "Found alive"),
            desk.comparisons().stream().map(OrderPages::row).toList(),
            "Nothing was compared yet. Every node does it in turn, every two minutes.");
    var part = Part.of("The last comparisons", "The newest first.", table);
    return Sheet.report(
        visit.frame("Reconciliation", Sitemap.KILLS),
        Report.of(
            "Compares people, sessions, grants, denials and policy, and ends what lives although it"
                + " should be dead. The nodes do it in turn; whatever is found raises an alarm.",
            List.of(
                visit.has(Duty.ADMINISTRATOR)
                    ? part.with(new Message.Way(RUN, "Compare now…"))
                    : part)));
  }

  private static List<Cell> row(AuditRecord record) {
    boolean good = record.event().outcome() == Outcome.SUCCESS;
    return List.of(
        Cell.time(record.event().at()),
        good ? Cell.tag("as it should be", "good") : Cell.tag("found something", "bad"),
        Cell.text(told(record, "people")),
        Cell.text(told(record, "sessions")),
        Cell.text(told(record, "grants")),
        Cell.text(told(record, "denials")),
        good ? Cell.text("–") : Cell.code(Excerpt.marked(told(record, "findings"), LONGEST)));
  }

  private static String told(AuditRecord record, String name) {
    return record.event().told(name).orElse("–");
  }

  private Response askRun(Visit visit) {
    var page =
        new Confirmation(
            RUN,
            List.of(
                "Everything that lives is read and compared now, on this node: a million grants"
                    + " take a processor for some seconds.",
                "What lives although it should be dead is ended, recorded, and raises an alarm."),
            "now",
            "",
            "Compare now",
            false,
            RECONCILIATION);
    return Sheet.of(200, "confirmation", visit.frame("Compare now?", Sitemap.KILLS), page);
  }

  private Response run(Request request, Visit visit, Form form) throws MalformedException {
    var reason = form.required("reason").strip();
    return desk.compare(visit.actor(), reason)
        .map(report ->
            Sheet.report(
                visit.frame("Compared", Sitemap.KILLS), Report.of(verdict(report), parts(report))))
        .orElseGet(() ->
            gate.message(
                request,
                409,
                "This node is comparing already.",
                "Its report is here in a moment.",
                Optional.of(new Message.Way(RECONCILIATION, "Reconciliation"))));
  }

  private static String verdict(ReconciliationReport report) {
    return report.findings().isEmpty()
        ? "Nothing is alive that should be dead."
        : report.findings().size()
            + " were alive that should be dead, and are ended. Find out why: an alarm stands.";
  }

  private static List<Part> parts(ReconciliationReport report) {
    var facts =
        Table.facts(
            List.of(
                List.of(Cell.text("When"), Cell.time(report.at())),
                List.of(Cell.text("People"), Cell.of(report.people())),
                List.of(Cell.text("Of them switched off"), Cell.of(report.disabled())),
                List.of(Cell.text("Sessions"), Cell.of(report.sessions())),
                List.of(Cell.text("Grants"), Cell.of(report.grants())),
                List.of(Cell.text("Accounts at servers of others"), Cell.of(report.accounts())),
                List.of(Cell.text("Denials"), Cell.of(report.denials()))));
    var found =
        new Table(
            List.of("What was wrong", "Of what", "Whose"),
            report.findings().stream()
                .limit(Slice.SIZE)
                .map(one ->
                    List.of(
                        Cell.tag(one.fault().name(), "bad"),
                        Cell.code(one.subject()),
                        Cell.code(one.person())))
                .toList(),
            "Nothing.");
    return List.of(
        Part.of("What was compared", "", facts),
        Part.of("What was found", "All of it stands in the audit record.", found)
            .with(new Message.Way(RECONCILIATION, "Reconciliation")));
  }
}
