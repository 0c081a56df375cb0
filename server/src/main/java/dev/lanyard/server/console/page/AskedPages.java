package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.desk.RequestDesk;
import dev.lanyard.server.console.desk.RequestDesk.Answer;
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
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.requests.ExceptionRequest;
import dev.lanyard.server.requests.ExceptionRequests;
import java.util.List;
import java.util.Optional;

/// `/asked`: what people ask for, and the two answers: no, or an exception in one's own draft of
/// the library, which goes the way of every other change. The request is answered when that draft
/// is handed in, in the same transaction; until then another administrator may be first.
final class AskedPages {
  private static final String PATH = "/asked";
  private static final String ONE = PATH + "/{id}";
  private static final int A_PAGE = 50;

  private final Gate gate;
  private final Parts parts;
  private final RequestDesk desk;
  private final ExceptionRequests requests;

  AskedPages(Gate gate, Parts parts, RequestDesk desk, ExceptionRequests requests) {
    this.gate = gate;
    this.parts = parts;
    this.desk = desk;
    this.requests = requests;
  }

  /// One request.
  ///
  /// @param text the exception that would be drafted; empty if there can be none
  /// @param answerable whether whoever looks may answer it
  record Shown(
      String id, Table facts, String person, String text, boolean answerable, String problem) {}

  List<Route> routes() {
    return List.of(
        gate.page(PATH, Sitemap.ASKED, this::list),
        gate.page(ONE, Sitemap.ASKED, this::show),
        gate.action(ONE + "/decline", Gate.ADMINISTRATORS, this::decline),
        gate.action(ONE + "/draft", Gate.ADMINISTRATORS, this::draft));
  }

  private static String address(ExceptionRequest one) {
    return PATH + "/" + Addresses.segment(one.id());
  }

  private Response list(Request request, Visit visit) {
    int page =
        Addresses.query(request)
            .flatMap(form -> form.one("page"))
            .filter(text -> text.matches("\\d{1,5}"))
            .map(Integer::parseInt)
            .orElse(0);
    // One more tells whether there is a next page.
    var open = requests.open(page * A_PAGE, A_PAGE + 1);
    var table =
        new Table(
            List.of("Who", "Connector", "Why", "Until", "Asked", "Request"),
            open.stream()
                .limit(A_PAGE)
                .map(one ->
                    List.of(
                        Cell.link(
                            "/people/" + Addresses.segment(one.person()), parts.who(one.person())),
                        Cell.text(name(one.connector())),
                        Cell.text(one.reason()),
                        Cell.text(one.until().toString()),
                        Cell.time(one.at()),
                        Cell.link(address(one), one.id())))
                .toList(),
            "Nobody asks for anything. People ask under 'My requests' for what no role gives"
                + " them.");
    var part = Part.of("Open requests", "", table);
    var shown =
        open.size() > A_PAGE
            ? part.with(new Message.Way(PATH + "?page=" + (page + 1), "Next page"))
            : part;
    return Sheet.report(
        visit.frame("Asked for", Sitemap.ASKED),
        Report.of("What people ask for besides their roles, the oldest first.", List.of(shown)));
  }

  private Optional<Connector> connector(String id) {
    return parts.library().get().connector(id);
  }

  private String name(String connector) {
    return connector(connector).map(Connector::name).orElse(connector);
  }

  private Response show(Request request, Visit visit) {
    return requests
        .find(request.pathParameter("id"))
        .map(one -> page(200, visit, one, ""))
        .orElseGet(() -> nothing(request));
  }

  private Response nothing(Request request) {
    return gate.message(
        request,
        404,
        "There is no such request.",
        "What was answered long ago is forgotten.",
        Optional.of(new Message.Way(PATH, "Asked for")));
  }

  private Response page(int status, Visit visit, ExceptionRequest one, String problem) {
    var facts =
        List.of(
            List.of(
                Cell.text("Who"),
                Cell.link("/people/" + Addresses.segment(one.person()), parts.who(one.person()))),
            List.of(Cell.text("Connector"), Cell.text(name(one.connector()))),
            List.of(Cell.text("Why"), Cell.text(one.reason())),
            List.of(Cell.text("Until"), Cell.text(one.until().toString())),
            List.of(Cell.text("Asked"), Cell.time(one.at())),
            List.of(Cell.text("State"), state(one)));
    var page =
        new Shown(
            one.id(),
            new Table(List.of(), facts, ""),
            parts.who(one.person()),
            desk.text(one, visit.person().displayName()).orElse(""),
            one.isOpen()
                && visit.has(Duty.ADMINISTRATOR)
                && !RequestDesk.isOwn(Gate.by(visit), one),
            problem);
    return Sheet.of(status, "asked", visit.frame("Request " + one.id(), Sitemap.ASKED), page);
  }

  private Cell state(ExceptionRequest one) {
    return switch (one.state()) {
      case OPEN -> Cell.tag("open", "warn");
      case SUBMITTED -> Cell.link(Submissions.address(one.submission()), "handed in");
      case DECLINED ->
          Cell.text("declined by " + parts.who(one.answeredBy()) + ": " + one.answer());
      case WITHDRAWN -> Cell.text("taken back");
      case PERSON_OFF -> Cell.text("ended, as the person was switched off");
    };
  }

  private Response decline(Request request, Visit visit, Form form) throws MalformedException {
    var reason = form.required("reason");
    return told(request, visit, desk.decline(visit.actor(), request.pathParameter("id"), reason));
  }

  private Response draft(Request request, Visit visit, Form form) {
    return told(request, visit, desk.draft(visit.actor(), request.pathParameter("id")));
  }

  private Response told(Request request, Visit visit, Answer answer) {
    return switch (answer) {
      case Answer.Declined _ -> gate.to(PATH);
      case Answer.Drafted(var file) -> gate.to(DraftPages.address(file));
      case Answer.Unknown() -> nothing(request);
      case Answer.NotYet() -> DraftPages.notYet(gate, request);
      case Answer.Incomplete(var now, var why) -> page(400, visit, now, "Nothing was done: " + why);
      case Answer.Against(var now, var why) ->
          page(409, visit, now, "Nothing was done: " + why + " What has become of it is below.");
    };
  }
}
