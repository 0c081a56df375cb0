package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.console.desk.Desks;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.desk.ResumptionDesk.Resuming;
import dev.lanyard.server.console.desk.StopDesk;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Confirmation;
import dev.lanyard.server.console.sheet.Frame;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.revocation.Subject;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// `/stop`, and `/stop` and `/resume` of a connector: break the glass, by one, and let a connector
/// go on, by two. What stops everybody and everything stops the console with it: see [LiftPages].
final class StopPages {
  private static final String STOP = "/connectors/{connector}/stop";
  private static final String RESUME = "/connectors/{connector}/resume";

  private final Gate gate;
  private final Parts parts;
  private final Desks desks;

  StopPages(Gate gate, Parts parts, Desks desks) {
    this.gate = gate;
    this.parts = parts;
    this.desks = desks;
  }

  List<Route> routes() {
    return List.of(
        gate.page("/stop", Sitemap.STOP, (_, visit) -> asked(200, visit, "")),
        gate.action("/stop", Gate.ADMINISTRATORS, (_, visit, form) -> stop(visit, form)),
        gate.page(
            STOP,
            Gate.ADMINISTRATORS,
            (request, visit) -> of(request, one -> asked(200, visit, one, ""))),
        gate.action(STOP, Gate.ADMINISTRATORS, this::stopConnector),
        gate.page(
            RESUME,
            Gate.ADMINISTRATORS,
            (request, visit) -> of(request, one -> resumption(request, visit, one))),
        gate.action(RESUME, Gate.ADMINISTRATORS, this::resume));
  }

  private Response asked(int status, Visit visit, String problem) {
    var page =
        new Confirmation(
            "/stop",
            List.of(
                problem.isEmpty() ? "For an emergency in which nothing may go on." : problem,
                "Nobody is issued anything, and nothing that was issued counts: every call of"
                    + " everybody is refused from now on, at every connector that we reach.",
                "It ends your own session as well. Two administrators who are signed in here now"
                    + " can let it go on, at "
                    + LiftPages.LIFT
                    + ", for as long as their sessions"
                    + " would have lived; later only `lanyard enable --everything` does."),
            StopDesk.EVERYTHING,
            StopDesk.EVERYTHING,
            "Stop everything",
            true,
            "/overview");
    var frame = visit.frame("Stop everything?", Sitemap.STOP);
    return Sheet.of(status, "confirmation", frame, page);
  }

  private Response stop(Visit visit, Form form) throws MalformedException {
    var reason = form.required("reason");
    if (!form.one("typed").equals(Optional.of(StopDesk.EVERYTHING))) {
      return asked(400, visit, "Nothing was stopped: the word was not typed.");
    }
    if (desks.stops().stop(visit.actor(), new Subject.Everything(), reason).isEmpty()) {
      return asked(409, visit, "Nothing was done: everything is stopped already.");
    }
    var message =
        new Message(
            "Everything is stopped.",
            "The receipt is made now: lanyard receipt list.",
            Optional.of(new Message.Way(LiftPages.LIFT, "Let it go on, by two")),
            visit.correlationId());
    return Sheet.of(200, "message", Frame.ofStranger("Stopped"), message);
  }

  private Response of(Request request, Function<Connector, Response> page) {
    return parts
        .library()
        .get()
        .connector(request.pathParameter("connector"))
        .map(page)
        .orElseGet(() ->
            gate.message(
                request,
                404,
                "There is no such connector.",
                "What there is comes from the role library.",
                Optional.of(new Message.Way("/connectors", "Connectors"))));
  }

  private static Response asked(int status, Visit visit, Connector one, String problem) {
    var address = ConnectorPages.address(one.id());
    var page =
        new Confirmation(
            address + "/stop",
            List.of(
                problem.isEmpty() ? one.name() + ", " + one.resource().value() : problem,
                "Nobody is issued anything for it, and nothing that was issued counts, for"
                    + " everybody, from the next call on.",
                "It goes on when two administrators let it. What was issued before stays dead."),
            "works",
            one.id(),
            "Stop it",
            true,
            address);
    var frame = visit.frame("Stop " + one.name() + "?", Sitemap.CONNECTORS);
    return Sheet.of(status, "confirmation", frame, page);
  }

  private Response stopConnector(Request request, Visit visit, Form form)
      throws MalformedException {
    var reason = form.required("reason");
    var typed = form.one("typed");
    return of(
        request,
        one ->
            !typed.equals(Optional.of(one.id()))
                ? asked(400, visit, one, "Nothing was stopped: its id was not typed.")
                : desks
                    .stops()
                    .stop(visit.actor(), new Subject.Connector(one.resource()), reason)
                    .map(_ -> gate.to(ConnectorPages.address(one.id())))
                    .orElseGet(() -> otherwise(request, one, "It is stopped already.")));
  }

  private Response otherwise(Request request, Connector one, String why) {
    return gate.message(
        request,
        409,
        why,
        "Nothing was done.",
        Optional.of(new Message.Way(ConnectorPages.address(one.id()), "Look at " + one.name())));
  }

  private Response resumption(Request request, Visit visit, Connector one) {
    if (!desks.resumptions().isStopped(one)) {
      return otherwise(request, one, "It is not stopped.");
    }
    var address = ConnectorPages.address(one.id());
    var page =
        new Confirmation(
            address + "/resume",
            List.of(
                one.name() + ", " + one.resource().value(),
                "Another administrator has to agree. What was issued before stays dead."),
            "stopped",
            "",
            "Ask another administrator",
            false,
            address);
    var frame = visit.frame("Let " + one.name() + " go on?", Sitemap.CONNECTORS);
    return Sheet.of(200, "confirmation", frame, page);
  }

  private Response resume(Request request, Visit visit, Form form) throws MalformedException {
    var reason = form.required("reason").strip();
    return of(
        request,
        one ->
            switch (desks.resumptions().resume(visit.actor(), one, reason, desks.motions())) {
              case Resuming.ForTwo(var asking) -> gate.to(MotionPages.address(asking));
              case Resuming.GoesOn() -> otherwise(request, one, "It is not stopped.");
            });
  }
}
