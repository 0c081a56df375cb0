package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.securityevent.StreamEvent;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.console.desk.Desks;
import dev.lanyard.server.console.desk.StreamDesk;
import dev.lanyard.server.console.desk.StreamDesk.Halt;
import dev.lanyard.server.console.desk.StreamDesk.Halting;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Entry;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Report;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Part;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.signals.transmitter.AdministeredStreams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// `/streams`: who gets our security events, how far behind each is, and a stop of one, which two
/// administrators want.
final class StreamPages {
  static final String HOME = "/streams";

  private static final String ONE = HOME + "/{receiver}";
  private static final String STOP = "/stop";
  private static final String RESUME = "/resume";
  private static final String HOW = "how";
  private static final String WHY =
      "Why? The receiver is told it, and it is recorded with your name.";

  private final Gate gate;
  private final Desks desks;
  private final StreamDesk desk;

  StreamPages(Gate gate, Desks desks) {
    this.gate = gate;
    this.desks = desks;
    this.desk = desks.streams();
  }

  List<Route> routes() {
    return List.of(
        gate.page(HOME, Sitemap.KILLS, (_, visit) -> all(visit)),
        gate.page(ONE + STOP, Gate.ADMINISTRATORS, this::askStop),
        gate.action(ONE + STOP, Gate.ADMINISTRATORS, this::stop),
        gate.page(ONE + RESUME, Gate.ADMINISTRATORS, this::askResume),
        gate.action(ONE + RESUME, Gate.ADMINISTRATORS, this::resume));
  }

  private Response all(Visit visit) {
    boolean acts = visit.has(Duty.ADMINISTRATOR);
    var rows = new ArrayList<List<Cell>>();
    desk.all().forEach(one -> rows.add(row(one, acts)));
    desk.without().forEach(name -> rows.add(without(name)));
    var table =
        new Table(
            List.of(
                "Receiver", "Standing", "Why", "Events go", "Waiting", "Oldest since", "Change"),
            rows,
            "Nobody may have a stream: `signals.transmitter` names no receiver.");
    return Sheet.report(
        visit.frame("Streams of events", Sitemap.KILLS),
        Report.of(
            "Who is told by security events when somebody is killed. What waits has not arrived"
                + " there yet.",
            List.of(
                Part.of("Receivers", "", table)
                    .with(new Message.Way(OrderPages.DELIVERIES, "Messages to outside")))));
  }

  private static List<Cell> row(AdministeredStreams.Listed listed, boolean acts) {
    var one = listed.stream();
    return List.of(
        Cell.text(one.receiver()),
        standing(one),
        Cell.text(one.reason().orElse("–")),
        listed
            .endpoint()
            .map(place -> Cell.text("to " + place))
            .orElseGet(() -> Cell.text("when it asks")),
        Cell.of(listed.waiting()),
        listed.oldest().map(Cell::time).orElseGet(() -> Cell.text("–")),
        acts
            ? Cell.link(address(one) + next(one), label(one) + " " + one.receiver() + "…")
            : Cell.text("–"));
  }

  private static List<Cell> without(String name) {
    return List.of(
        Cell.text(name),
        Cell.tag("has no stream", "warn"),
        Cell.text("It has not asked for one, so it is told nothing."),
        Cell.text("–"),
        Cell.text("–"),
        Cell.text("–"),
        Cell.text("–"));
  }

  private static Cell standing(AdministeredStreams.Entry one) {
    if (one.status() == StreamEvent.Status.ENABLED) {
      return Cell.tag("goes on", "good");
    }
    return Cell.tag(
        one.status().value() + (one.stopped() ? " by an administrator" : " by its receiver"),
        "bad");
  }

  private static String next(AdministeredStreams.Entry one) {
    return one.status() == StreamEvent.Status.ENABLED ? STOP : RESUME;
  }

  private static String label(AdministeredStreams.Entry one) {
    return one.status() == StreamEvent.Status.ENABLED ? "Stop" : "Let go on:";
  }

  private static String address(AdministeredStreams.Entry one) {
    return HOME + "/" + Addresses.segment(one.receiver());
  }

  private Optional<AdministeredStreams.Entry> stream(Request request) {
    return desk.find(request.pathParameter("receiver"));
  }

  private Response nothing(Request request) {
    return gate.message(
        request,
        409,
        "There is no such stream, or it stands so already.",
        "Somebody else may have been first. Nothing was done.",
        Optional.of(new Message.Way(HOME, "Streams of events")));
  }

  private Response askStop(Request request, Visit visit) {
    return stream(request).map(one -> asked(200, visit, one, "")).orElseGet(() -> nothing(request));
  }

  private static Response asked(
      int status, Visit visit, AdministeredStreams.Entry one, String problem) {
    var page =
        new Entry(
            new Entry.Question(
                address(one) + STOP,
                problem,
                List.of(
                    "While it is stopped, "
                        + one.receiver()
                        + " learns of nobody who is killed, and goes on letting them in.",
                    "Another administrator has to agree. The receiver is told that it is stopped,"
                        + " and cannot change that."),
                "Ask another administrator",
                true,
                HOME),
            List.of(
                Entry.Field.chosen(
                    HOW,
                    "What becomes of its events",
                    Halt.PAUSE.name(),
                    Arrays.stream(Halt.values())
                        .map(halt -> new Entry.Choice(halt.name(), halt.effect()))
                        .toList())),
            WHY);
    var frame = visit.frame("Stop the events to " + one.receiver() + "?", Sitemap.KILLS);
    return Sheet.of(status, "entry", frame, page);
  }

  private Response stop(Request request, Visit visit, Form form) throws MalformedException {
    var how = Halt.named(form.required(HOW));
    var reason = form.required("reason").strip();
    var stream = stream(request);
    if (stream.isEmpty()) {
      return nothing(request);
    }
    if (how.isEmpty()) {
      return asked(400, visit, stream.get(), "Nothing was asked for: choose what becomes of them.");
    }
    var receiver = stream.get().receiver();
    return switch (desk.halt(visit.actor(), receiver, how.get(), reason, desks.motions())) {
      case Halting.ForTwo(var asking) -> gate.to(MotionPages.address(asking));
      case Halting.Nothing() -> nothing(request);
    };
  }

  private Response askResume(Request request, Visit visit) {
    return stream(request)
        .filter(one -> one.status() != StreamEvent.Status.ENABLED)
        .map(one -> {
          var page =
              new Entry(
                  new Entry.Question(
                      address(one) + RESUME, "", List.of(effect(one)), "Let it go on", false, HOME),
                  List.of(),
                  WHY);
          var frame = visit.frame("Let " + one.receiver() + " go on?", Sitemap.KILLS);
          return Sheet.of(200, "entry", frame, page);
        })
        .orElseGet(() -> nothing(request));
  }

  /// The number that waits says nothing of it: it counts the word that the stream is stopped, too,
  /// and a disabled stream has kept nothing.
  private static String effect(AdministeredStreams.Entry one) {
    return one.status() == StreamEvent.Status.DISABLED
        ? "It is told everything from now on. What happened while it was disabled was dropped: it"
            + " is never told of that, and may go on letting in who was killed then."
        : "It is told everything from now on; first come the events that were held back, in their"
            + " order.";
  }

  private Response resume(Request request, Visit visit, Form form) throws MalformedException {
    var reason = form.required("reason").strip();
    return desk.resume(visit.actor(), request.pathParameter("receiver"), reason)
        ? gate.to(HOME)
        : nothing(request);
  }
}
