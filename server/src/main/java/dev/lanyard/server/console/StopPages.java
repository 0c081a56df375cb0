package dev.lanyard.server.console;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.revocation.Subject;
import java.util.List;
import java.util.Optional;

/// `/stop`: break the glass. Everybody and everything is switched off, the console with it, so that
/// it is switched on again at the command line only: whoever has stolen an administrator's session
/// can stop, and not undo.
final class StopPages {
  private final Gate gate;
  private final StopDesk desk;

  StopPages(Gate gate, StopDesk desk) {
    this.gate = gate;
    this.desk = desk;
  }

  List<Route> routes() {
    return List.of(
        gate.page("/stop", Sitemap.STOP, this::ask),
        gate.action("/stop", Gate.ADMINISTRATORS, this::stop));
  }

  private Response ask(Request request, Visit visit) {
    return asked(200, visit, "");
  }

  private Response asked(int status, Visit visit, String problem) {
    var page =
        new Confirmation(
            "/stop",
            List.of(
                problem.isEmpty() ? "For an emergency in which nothing may go on." : problem,
                "Nobody is issued anything, and nothing that was issued counts: every call of"
                    + " everybody is refused from now on, at every connector that we reach.",
                "It ends your own session as well. Only `lanyard enable --everything` at the"
                    + " command line lets people in again."),
            StopDesk.EVERYTHING,
            StopDesk.EVERYTHING,
            "Stop everything",
            true,
            "/overview");
    var frame = Frame.of(visit, "Stop everything?", Sitemap.STOP);
    return Sheet.of(status, "confirmation", frame, page);
  }

  private Response stop(Request request, Visit visit, Form form) throws MalformedException {
    var reason = form.required("reason");
    if (!form.one("typed").equals(Optional.of(StopDesk.EVERYTHING))) {
      return asked(400, visit, "Nothing was stopped: the word was not typed.");
    }
    var _ = desk.stop(visit.actor(), new Subject.Everything(), reason);
    var message =
        new Message(
            "Everything is stopped.",
            "The receipt is made now: lanyard receipt list.",
            Optional.empty(),
            visit.correlationId());
    return Sheet.of(200, "message", Frame.ofStranger("Stopped"), message);
  }
}
