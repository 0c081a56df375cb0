package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.console.desk.Desks;
import dev.lanyard.server.console.desk.HoldDesk.Lifting;
import dev.lanyard.server.console.desk.HoldDesk.Placing;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Confirmation;
import dev.lanyard.server.console.sheet.Entry;
import dev.lanyard.server.console.sheet.Entry.Field;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Report;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Part;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.transparency.Holds.Hold;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `/holds`: what may neither be removed nor erased, placed by one and lifted by two.
final class HoldPages {
  static final String HOME = "/holds";

  private static final String NEW = HOME + "/new";
  private static final String LIFT = HOME + "/{hold}/lift";
  private static final String PERSON = "person";
  private static final String ORGANISATION = "organisation";

  private final Gate gate;
  private final Desks desks;
  private final Parts parts;

  HoldPages(Gate gate, Parts parts, Desks desks) {
    this.gate = gate;
    this.parts = parts;
    this.desks = desks;
  }

  List<Route> routes() {
    return List.of(
        gate.page(HOME, Sitemap.HOLDS, (_, visit) -> all(visit)),
        gate.page(NEW, Gate.ADMINISTRATORS, this::ask),
        gate.action(NEW, Gate.ADMINISTRATORS, (_, visit, form) -> place(visit, form)),
        gate.page(LIFT, Gate.ADMINISTRATORS, this::askLift),
        gate.action(LIFT, Gate.ADMINISTRATORS, this::lift));
  }

  private Response all(Visit visit) {
    boolean acts = visit.has(Duty.ADMINISTRATOR);
    var table =
        new Table(
            List.of("On", "Why", "Placed by", "Since", "Id", "Lift"),
            desks.holds().standing().stream().map(hold -> row(hold, acts)).toList(),
            "No hold stands. Records are removed when their time is over, and whoever is switched"
                + " off can be erased.");
    var part = Part.of("Holds that stand", "", table);
    return Sheet.report(
        visit.frame(Sitemap.HOLDS.label(), Sitemap.HOLDS),
        Report.of(
            "What may be evidence: while a hold stands, retention removes nothing of it and nobody"
                + " is erased whom it is about.",
            List.of(acts ? part.with(new Message.Way(NEW, "Place a hold…")) : part)));
  }

  private List<Cell> row(Hold hold, boolean acts) {
    var row = new ArrayList<Cell>();
    row.add(
        hold.person()
            .map(id -> Cell.link("/people/" + Addresses.segment(id), desks.holds().whom(hold)))
            .orElseGet(() -> Cell.text(desks.holds().whom(hold))));
    row.add(Cell.text(hold.reason()));
    row.add(Cell.text(parts.who(hold.by())));
    row.add(Cell.time(hold.at()));
    row.add(Cell.code(hold.id()));
    row.add(acts ? Cell.link(address(hold.id()), "Lift…") : Cell.text("–"));
    return row;
  }

  private static String address(String id) {
    return HOME + "/" + Addresses.segment(id) + "/lift";
  }

  private Response ask(Request request, Visit visit) {
    var asked = Addresses.query(request).flatMap(form -> form.one(PERSON)).orElse("");
    return asked(200, visit, asked, "", "");
  }

  private static Response asked(
      int status, Visit visit, String person, String organisation, String problem) {
    var page =
        new Entry(
            new Entry.Question(
                NEW,
                problem,
                List.of(
                    "Name a person or an organisation; with neither, nothing at all is removed or"
                        + " erased until the hold is lifted, which takes two administrators."),
                "Place the hold",
                false,
                HOME),
            List.of(
                Field.free(PERSON, "A person, by user name or id", person, ""),
                Field.free(ORGANISATION, "All people of an organisation", organisation, "")));
    return Sheet.of(status, "entry", visit.frame("Place a hold", Sitemap.HOLDS), page);
  }

  private Response place(Visit visit, Form form) throws MalformedException {
    var person = said(form, PERSON);
    var organisation = said(form, ORGANISATION);
    var reason = form.required("reason").strip();
    return switch (desks.holds().place(visit.actor(), person, organisation, reason)) {
      case Placing.Placed _ -> gate.to(HOME);
      case Placing.Nobody(var why) ->
          asked(
              400,
              visit,
              person.orElse(""),
              organisation.orElse(""),
              "Nothing is held by it. " + why);
    };
  }

  private static Optional<String> said(Form form, String name) {
    return form.one(name).map(String::strip).filter(text -> !text.isEmpty());
  }

  private Response askLift(Request request, Visit visit) {
    return desks
        .holds()
        .find(request.pathParameter("hold"))
        .map(hold -> {
          var page =
              new Confirmation(
                  address(hold.id()),
                  List.of(
                      desks.holds().told(hold),
                      "Another administrator has to agree. What it has kept can be removed and"
                          + " erased from then on."),
                  "stands",
                  "",
                  "Ask another administrator",
                  true,
                  HOME);
          return Sheet.of(200, "confirmation", visit.frame("Lift the hold?", Sitemap.HOLDS), page);
        })
        .orElseGet(() -> gone(request));
  }

  private Response gone(Request request) {
    return gate.message(
        request,
        404,
        "No such hold stands.",
        "It was lifted, or never placed. Nothing was done.",
        Optional.of(new Message.Way(HOME, Sitemap.HOLDS.label())));
  }

  private Response lift(Request request, Visit visit, Form form) throws MalformedException {
    var reason = form.required("reason").strip();
    return switch (desks
        .holds()
        .lift(visit.actor(), request.pathParameter("hold"), reason, desks.motions())) {
      case Lifting.ForTwo(var asking) -> gate.to(MotionPages.address(asking));
      case Lifting.Gone() -> gone(request);
    };
  }
}
