package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.desk.Reach;
import dev.lanyard.server.console.desk.RequestDesk;
import dev.lanyard.server.console.desk.RequestDesk.Asking;
import dev.lanyard.server.console.desk.RequestDesk.Typed;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Exemption;
import dev.lanyard.server.requests.ExceptionRequest;
import dev.lanyard.server.requests.ExceptionRequests;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// `/requests`: what somebody asks for besides their roles, and what has become of it.
final class MyRequests {
  private static final Set<Duty> EVERYBODY = EnumSet.allOf(Duty.class);
  private static final String PATH = "/requests";
  private static final int LAST = 20;

  private final Gate gate;
  private final Reach reach;
  private final Parts parts;
  private final ExceptionRequests requests;
  private final RequestDesk desk;

  MyRequests(Gate gate, Reach reach, Parts parts, ExceptionRequests requests, RequestDesk desk) {
    this.gate = gate;
    this.reach = reach;
    this.parts = parts;
    this.requests = requests;
    this.desk = desk;
  }

  /// The page.
  ///
  /// @param problem why nothing was asked; empty if nothing is wrong
  /// @param choices the connectors that they do not have
  /// @param asked what was typed, to stand there again
  /// @param first the first day that can be named, and the last
  record Shown(
      String problem,
      List<Choice> choices,
      Typed asked,
      LocalDate first,
      LocalDate last,
      List<Mine> mine) {}

  record Choice(String id, String name) {}

  /// One of them.
  ///
  /// @param withdrawable whether it is open
  record Mine(
      String id,
      String connector,
      String reason,
      String until,
      String state,
      String tone,
      String answer,
      boolean withdrawable) {}

  List<Route> routes() {
    return List.of(
        gate.page(PATH, Sitemap.REQUESTS, this::show),
        gate.action(PATH, EVERYBODY, this::ask),
        gate.action(PATH + "/withdraw", EVERYBODY, this::withdraw));
  }

  private Response show(Request request, Visit visit) {
    var connector = Addresses.query(request).flatMap(form -> form.one("connector")).orElse("");
    return page(200, visit, new Typed(connector, "", ""), "");
  }

  private Response page(int status, Visit visit, Typed typed, String problem) {
    var today = visit.at().atOffset(ZoneOffset.UTC).toLocalDate();
    var all = requests.of(Gate.by(visit), LAST);
    var asked =
        all.stream()
            .filter(ExceptionRequest::isOpen)
            .map(ExceptionRequest::connector)
            .collect(Collectors.toSet());
    var page =
        new Shown(
            problem,
            reach.notGiven(visit.person(), visit.session().authentication(), visit.at()).stream()
                .filter(one -> !asked.contains(one.id()))
                .map(one -> new Choice(one.id(), one.name()))
                .toList(),
            typed,
            today,
            today.plusDays(ExceptionRequests.LONGEST.toDays()),
            all.stream().map(one -> mine(one, visit)).toList());
    return Sheet.of(status, "requests", visit.frame("My requests", Sitemap.REQUESTS), page);
  }

  private Mine mine(ExceptionRequest one, Visit visit) {
    var granted = exception(one);
    var state =
        switch (one.state()) {
          case OPEN -> "waits for an administrator";
          case SUBMITTED ->
              granted
                  .map(exception -> exception.isInForce(visit.at()) ? "yours" : "over")
                  .orElse("prepared, on its way into the role library");
          case DECLINED -> "declined";
          case WITHDRAWN -> "taken back by you";
          case PERSON_OFF -> "ended when you were switched off";
        };
    var tone =
        switch (one.state()) {
          case OPEN -> "warn";
          case SUBMITTED -> state.equals("yours") ? "good" : state.equals("over") ? "" : "warn";
          case DECLINED -> "bad";
          case WITHDRAWN, PERSON_OFF -> "";
        };
    return new Mine(
        one.id(),
        name(one.connector()),
        one.reason(),
        one.until().toString(),
        state,
        tone,
        one.answer().isEmpty() ? "" : one.answer() + " (" + who(one.answeredBy()) + ")",
        one.isOpen());
  }

  private Optional<Exemption> exception(ExceptionRequest one) {
    return parts.library().get().exemptions().stream()
        .filter(exception -> exception.name().equals(one.id()))
        .findFirst();
  }

  private Optional<Connector> connector(String id) {
    return parts.library().get().connector(id);
  }

  private String name(String connector) {
    return connector(connector).map(Connector::name).orElse(connector);
  }

  private String who(String id) {
    return parts.directory().person(new PersonId(id)).map(one -> one.displayName()).orElse("–");
  }

  private Response ask(Request request, Visit visit, Form form) throws MalformedException {
    var typed =
        new Typed(
            form.required("connector"),
            form.one("reason").orElse("").strip(),
            form.one("until").orElse(""));
    return switch (desk.ask(visit.actor(), typed)) {
      case Asking.Made _ -> gate.to(PATH);
      case Asking.Incomplete(var why) -> page(400, visit, typed, "Nothing was asked: " + why);
      case Asking.Against(var why) -> page(409, visit, typed, "Nothing was asked: " + why);
    };
  }

  private Response withdraw(Request request, Visit visit, Form form) throws MalformedException {
    return desk.withdraw(visit.actor(), form.required("request"))
        ? gate.to(PATH)
        : gate.message(
            request,
            409,
            "Nothing was taken back.",
            "It has been answered meanwhile, or is not yours.",
            Optional.of(new Message.Way(PATH, "My requests")));
  }
}
