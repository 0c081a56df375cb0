package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.console.desk.AlarmDesk;
import dev.lanyard.server.console.desk.Ledgers;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.desk.StopDesk;
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
import dev.lanyard.server.directory.Standing;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.tools.KnownTool;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `/overview`: what needs somebody, and what happens at this moment.
final class OverviewPages {
  private static final int LATEST = 15;

  private final Gate gate;
  private final Parts parts;
  private final Ledgers ledgers;
  private final AlarmDesk desk;
  private final StopDesk stops;

  OverviewPages(Gate gate, Parts parts, Ledgers ledgers, AlarmDesk desk, StopDesk stops) {
    this.gate = gate;
    this.parts = parts;
    this.ledgers = ledgers;
    this.desk = desk;
    this.stops = stops;
  }

  List<Route> routes() {
    return List.of(
        gate.page("/overview", Sitemap.OVERVIEW, this::show),
        gate.page("/alarms/resolve", Gate.ADMINISTRATORS, this::ask),
        gate.action("/alarms/resolve", Gate.ADMINISTRATORS, this::resolve));
  }

  private Response show(Request request, Visit visit) {
    var report =
        Report.of(
            "What needs somebody, and what happens at this moment.",
            List.of(
                Part.of("In numbers", "", figures()).live("figures"),
                Part.of("Alarms", "", alarms(visit)).live("alarms"),
                Part.of("Stopped until somebody lifts it", "", stopped())
                    .with(new Message.Way(StoppedPages.HOME, "What is stopped")),
                Part.of("As it happens", "The newest records, kept fresh.", latest())
                    .live("latest")));
    return Sheet.report(visit.frame("Overview", Sitemap.OVERVIEW), report);
  }

  private Table figures() {
    long active = parts.directory().count(parts.organisation(), Standing.ACTIVE);
    long off = parts.directory().count(parts.organisation(), Standing.DISABLED);
    long waiting = ledgers.tools().all().stream().filter(KnownTool::waits).count();
    var backlog = ledgers.backlog().get();
    var proposals = ledgers.history().openProposals();
    long answered = proposals.stream().filter(one -> one.answer().isPresent()).count();
    return new Table(
        List.of(),
        List.of(
            fact("People who are active", Long.toString(active), ""),
            fact("People who are switched off", Long.toString(off), ""),
            fact(
                "Proposals that wait for an answer",
                Long.toString(proposals.size() - answered),
                "/library"),
            fact(
                "Proposals that are approved, and not in force",
                Long.toString(answered),
                "/library"),
            fact(
                "Emergencies that nobody has reviewed",
                Long.toString(ledgers.history().reviewsOpen().size()),
                "/library"),
            fact("Tools that wait to be judged", Long.toString(waiting), "/connectors"),
            fact(
                "Messages to outside that wait",
                Integer.toString(backlog.waiting()),
                OrderPages.DELIVERIES),
            fact(
                "Messages to outside that were given up",
                Integer.toString(backlog.dead()),
                OrderPages.DELIVERIES),
            fact(
                "Records that the signed audit log covers",
                Long.toString(ledgers.log().covered()),
                "")),
        "");
  }

  private static List<Cell> fact(String name, String value, String address) {
    return List.of(
        Cell.text(name), address.isEmpty() ? Cell.text(value) : Cell.link(address, value));
  }

  private Table alarms(Visit visit) {
    return new Table(
        List.of("Kind", "About", "What was found", "Since", "Times", "Dealt with"),
        desk.standing().stream().map(one -> alarm(one, visit)).toList(),
        "No alarm stands. What needs an administrator appears here: silent signals, ambiguous"
            + " people, changed tools, an audit log that was touched.");
  }

  private static List<Cell> alarm(Alarms.Standing one, Visit visit) {
    var alarm = one.alarm();
    return List.of(
        Cell.tag(alarm.kind(), "bad"),
        Cell.text(alarm.subject()),
        Cell.text(alarm.detail()),
        Cell.time(one.since()),
        Cell.of(one.times()),
        visit.has(Duty.ADMINISTRATOR)
            ? Cell.link(
                "/alarms/resolve?kind="
                    + Addresses.value(alarm.kind())
                    + "&subject="
                    + Addresses.value(alarm.subject()),
                "Resolve…")
            : Cell.text("–"));
  }

  private Table stopped() {
    return new Table(
        List.of("What", "Which"),
        stops.standing().stream()
            .map(one ->
                List.of(
                    Cell.tag(one.kind().name().toLowerCase(Locale.ROOT), "bad"),
                    Cell.text(one.value())))
            .toList(),
        "Nothing is stopped.");
  }

  private Table latest() {
    return new Table(
        List.of("When", "What", "Outcome", "About", "Reference"),
        parts.audit().query(AuditQuery.newest(LATEST)).reversed().stream()
            .map(OverviewPages::row)
            .toList(),
        "Nothing is recorded yet.");
  }

  /// One record in one line.
  static List<Cell> row(AuditRecord record) {
    var event = record.event();
    return List.of(
        Cell.time(event.at()),
        Cell.text(event.type()),
        Cell.tag(event.outcome().value(), tone(event.outcome())),
        event
            .person()
            .map(id -> Cell.link("/people/" + Addresses.segment(id), id))
            .or(() -> event.client().map(Cell::text))
            .orElseGet(() -> Cell.text("–")),
        Cell.link(
            "/why?reference=" + Addresses.value(event.correlationId()), event.correlationId()));
  }

  private static String tone(Outcome outcome) {
    return switch (outcome) {
      case SUCCESS -> "good";
      case REFUSED -> "warn";
      case FAULT -> "bad";
    };
  }

  private Response ask(Request request, Visit visit) {
    var query = Addresses.query(request);
    var kind = query.flatMap(form -> form.one("kind")).orElse("");
    var subject = query.flatMap(form -> form.one("subject")).orElse("");
    var standing = desk.standing(kind, subject);
    if (standing.isEmpty()) {
      return gate.message(
          request,
          404,
          "No such alarm stands.",
          "Somebody may have resolved it already.",
          Optional.of(new Message.Way("/overview", "What stands now")));
    }
    var page =
        new Confirmation(
            "/alarms/resolve",
            List.of(
                kind + ": " + subject,
                standing.get().alarm().detail(),
                "It says that somebody has dealt with it. It is raised again if its reason is still"
                    + " there."),
            seen(standing.get()),
            "",
            "Resolve",
            false,
            "/overview");
    var frame = visit.frame("Resolve the alarm?", Sitemap.OVERVIEW);
    return Sheet.of(200, "confirmation", frame, page);
  }

  private Response resolve(Request request, Visit visit, Form form) throws MalformedException {
    var seen = form.required("seen");
    var reason = form.required("reason");
    var standing = desk.standing().stream().filter(one -> seen.equals(seen(one))).findFirst();
    if (standing.isEmpty() || !desk.resolve(visit.actor(), standing.get(), reason)) {
      return gate.message(
          request,
          409,
          "Nothing was resolved: the alarm is not what you looked at.",
          "It was raised again meanwhile, perhaps for another reason, or somebody else has resolved"
              + " it.",
          Optional.of(new Message.Way("/overview", "What stands now")));
    }
    return gate.to("/overview");
  }

  /// Another time makes it another one: its detail may be new.
  private static String seen(Alarms.Standing one) {
    return one.alarm().kind() + " " + one.alarm().subject() + " " + one.times();
  }
}
