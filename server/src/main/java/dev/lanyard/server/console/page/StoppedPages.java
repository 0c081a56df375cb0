package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.console.desk.Desks;
import dev.lanyard.server.console.desk.Parties;
import dev.lanyard.server.console.desk.Parties.Found;
import dev.lanyard.server.console.desk.ResumptionDesk.Resuming;
import dev.lanyard.server.console.desk.StopDesk.Issued;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Confirmation;
import dev.lanyard.server.console.sheet.Entry;
import dev.lanyard.server.console.sheet.Entry.Choice;
import dev.lanyard.server.console.sheet.Entry.Field;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Report;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Part;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.console.sheet.Slice;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.revocation.Denied;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `/stopped`: what is stopped for many; stops an identity provider, an organisation, or a client
/// outside, by one; and lets each go on, by two. `/revoke`: takes back one session, grant or token.
final class StoppedPages {
  static final String HOME = "/stopped";
  static final String REVOKE = "/revoke";

  private static final String NEW = HOME + "/new";
  private static final String RESUME = HOME + "/resume";
  private static final String SORT = "sort";
  private static final String NAME = "name";
  private static final String AGAIN = "again";

  private final Gate gate;
  private final Desks desks;
  private final Parties parties;

  StoppedPages(Gate gate, Desks desks, Parties parties) {
    this.gate = gate;
    this.desks = desks;
    this.parties = parties;
  }

  List<Route> routes() {
    return List.of(
        gate.page(HOME, Sitemap.KILLS, (_, visit) -> all(visit)),
        gate.page(NEW, Gate.ADMINISTRATORS, (_, visit) -> asked(200, visit, "", "", "")),
        gate.action(NEW, Gate.ADMINISTRATORS, this::stop),
        gate.page(RESUME, Gate.ADMINISTRATORS, this::askResume),
        gate.action(RESUME, Gate.ADMINISTRATORS, this::resume),
        gate.page(REVOKE, Gate.ADMINISTRATORS, (_, visit) -> askedRevoke(200, visit, "", "", "")),
        gate.action(REVOKE, Gate.ADMINISTRATORS, (_, visit, form) -> revoke(visit, form)));
  }

  private Response all(Visit visit) {
    boolean acts = visit.has(Duty.ADMINISTRATOR);
    var table =
        new Table(
            List.of("What", "Let it go on"),
            desks.stops().standing().stream()
                .map(one ->
                    List.of(
                        Cell.text(one.told()),
                        acts ? Cell.link(address(one), "Let go on…") : Cell.text("–")))
                .toList(),
            "Nothing is stopped.");
    var part =
        Part.of(
            "Stopped until two administrators let it go on",
            "Nothing is issued for it, and nothing that was issued counts.",
            table);
    return Sheet.report(
        visit.frame("What is stopped", Sitemap.KILLS),
        Report.of(
            "Connectors and clients are stopped on their pages; the rest is stopped here.",
            List.of(
                acts
                    ? part.with(
                        new Message.Way(NEW, "Stop an identity provider or an organisation…"))
                    : part)));
  }

  /// How a stop is named in an address and in a form.
  private static String key(Denied one) {
    return one.kind().name() + " " + one.value();
  }

  private static String address(Denied one) {
    return Slice.address(RESUME, Map.of("what", key(one)));
  }

  private static Response asked(int status, Visit visit, String sort, String name, String problem) {
    var page =
        new Entry(
            new Entry.Question(
                NEW,
                problem,
                List.of(
                    "Nobody is issued anything by it or through it, and nothing that was issued"
                        + " counts, for everybody, from the next call on.",
                    "Whoever stops the organisation of the administrators here ends their sessions"
                        + " too; then it goes on at the command line only."),
                "Stop it",
                true,
                HOME),
            List.of(
                Field.chosen(
                    SORT,
                    "What",
                    sort,
                    Arrays.stream(Parties.Sort.values())
                        .map(one -> new Choice(one.value(), one.label()))
                        .toList()),
                Field.needed(NAME, "Its name, exactly", name, ""),
                Field.needed(AGAIN, "The name once more, to say that you mean it", "", "")));
    return Sheet.of(status, "entry", visit.frame("Stop what?", Sitemap.KILLS), page);
  }

  private Response stop(Request request, Visit visit, Form form) throws MalformedException {
    var word = form.required(SORT);
    var name = form.required(NAME).strip();
    var reason = form.required("reason").strip();
    var sort = Parties.Sort.of(word);
    if (sort.isEmpty() || !form.one(AGAIN).map(String::strip).equals(Optional.of(name))) {
      return asked(
          400, visit, word, name, "Nothing was stopped: the name was not typed twice alike.");
    }
    return switch (parties.find(sort.get(), name)) {
      case Found.Unknown(var why) ->
          asked(400, visit, word, name, "Nothing was stopped: " + why + ".");
      case Found.One(var subject) ->
          desks
              .stops()
              .stop(visit.actor(), subject, reason)
              .map(_ -> gate.to(HOME))
              .orElseGet(() -> otherwise(request, "It is stopped already."));
    };
  }

  private Response otherwise(Request request, String why) {
    return gate.message(
        request,
        409,
        why,
        "Nothing was done.",
        Optional.of(new Message.Way(HOME, "What is stopped")));
  }

  private Optional<Denied> standing(Optional<String> what) {
    return desks.stops().standing().stream()
        .filter(one -> what.equals(Optional.of(key(one))))
        .findFirst();
  }

  private Response askResume(Request request, Visit visit) {
    return standing(Addresses.query(request).flatMap(form -> form.one("what")))
        .map(one -> {
          var page =
              new Confirmation(
                  RESUME,
                  List.of(
                      one.told(),
                      "Another administrator has to agree. What was issued before stays dead."),
                  key(one),
                  "",
                  "Ask another administrator",
                  false,
                  HOME);
          return Sheet.of(200, "confirmation", visit.frame("Let it go on?", Sitemap.KILLS), page);
        })
        .orElseGet(() -> otherwise(request, "It is not stopped."));
  }

  private Response resume(Request request, Visit visit, Form form) throws MalformedException {
    var what = Optional.of(form.required("seen"));
    var reason = form.required("reason").strip();
    return standing(what)
        .map(one -> desks.resumptions().resume(visit.actor(), one, reason, desks.motions()))
        .filter(Resuming.ForTwo.class::isInstance)
        .map(Resuming.ForTwo.class::cast)
        .map(made -> gate.to(MotionPages.address(made.asking())))
        .orElseGet(() -> otherwise(request, "It is not stopped."));
  }

  private static Response askedRevoke(
      int status, Visit visit, String sort, String id, String problem) {
    var page =
        new Entry(
            new Entry.Question(
                REVOKE,
                problem,
                List.of(
                    "It is dead from the next call on, for ever. Whose it is may sign in again, and"
                        + " get another one.",
                    "The ids stand in the tokens themselves and in the audit record."),
                "Take it back",
                true,
                "/kills"),
            List.of(
                Field.chosen(
                    SORT,
                    "What",
                    sort,
                    Arrays.stream(Issued.values())
                        .map(one -> new Choice(one.value(), one.label()))
                        .toList()),
                Field.needed(NAME, "Its id", id, "")));
    return Sheet.of(status, "entry", visit.frame("Take back what?", Sitemap.KILLS), page);
  }

  private Response revoke(Visit visit, Form form) throws MalformedException {
    var word = form.required(SORT);
    var id = form.required(NAME).strip();
    var reason = form.required("reason").strip();
    return Issued.of(word)
        .flatMap(sort -> desks.stops().takeBack(visit.actor(), sort, id, reason))
        .map(_ -> gate.to("/kills"))
        .orElseGet(() ->
            askedRevoke(
                400, visit, word, id, "Nothing was taken back: there is none with this id."));
  }
}
