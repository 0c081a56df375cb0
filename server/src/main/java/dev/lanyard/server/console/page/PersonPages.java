package dev.lanyard.server.console.page;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.console.desk.Desks;
import dev.lanyard.server.console.desk.ErasureDesk;
import dev.lanyard.server.console.desk.ErasureDesk.Erasing;
import dev.lanyard.server.console.desk.GroupList;
import dev.lanyard.server.console.desk.Newcomer;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.desk.PasswordDesk.Renewing;
import dev.lanyard.server.console.desk.PersonDesk.Adding;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Confirmation;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.util.List;
import java.util.Optional;

/// `/people/new`, and of somebody `/password` and `/erase`: what one administrator asks for here
/// another one has to agree to. Each question holds what stood.
final class PersonPages {
  private static final String NEW = "/people/new";
  private static final String PASSWORD = PeoplePages.PERSON + "/password";
  private static final String ERASE = PeoplePages.PERSON + "/erase";

  private final Gate gate;
  private final PeoplePages people;
  private final Desks desks;

  PersonPages(Gate gate, PeoplePages people, Desks desks) {
    this.gate = gate;
    this.people = people;
    this.desks = desks;
  }

  /// Somebody new.
  ///
  /// @param problem why nothing was asked for; empty if nothing is wrong
  /// @param known groups that mean something here
  record Shown(String problem, Newcomer typed, String known) {}

  List<Route> routes() {
    return List.of(
        gate.page(NEW, Gate.ADMINISTRATORS, this::begin),
        gate.action(NEW, Gate.ADMINISTRATORS, this::add),
        gate.page(
            PASSWORD, Gate.ADMINISTRATORS, (request, visit) -> of(request, visit, this::password)),
        gate.action(PASSWORD, Gate.ADMINISTRATORS, this::renew),
        gate.page(ERASE, Gate.ADMINISTRATORS, (request, visit) -> of(request, visit, this::erase)),
        gate.action(ERASE, Gate.ADMINISTRATORS, this::erased));
  }

  private interface OfSomebody {
    Response show(Request request, Visit visit, Person person);
  }

  private Response of(Request request, Visit visit, OfSomebody page) {
    return people
        .person(request)
        .map(person -> page.show(request, visit, person))
        .orElseGet(() -> people.nobody(request));
  }

  private Response begin(Request request, Visit visit) {
    return desks.added().isOpen()
        ? page(200, visit, new Newcomer("", "", GroupList.of(List.of())), "")
        : nowhere(request);
  }

  private Response nowhere(Request request) {
    return gate.message(
        request,
        409,
        "Nobody is added here.",
        "Everybody signs in at an identity provider, and comes from there. To let people sign in"
            + " with a password of ours, set broker.sign_in.local_people in the configuration.",
        Optional.of(new Message.Way("/people", "People")));
  }

  private Response page(int status, Visit visit, Newcomer typed, String problem) {
    var page = new Shown(problem, typed, String.join(", ", desks.groups().known()));
    return Sheet.of(status, "newcomer", visit.frame("Add somebody", Sitemap.PEOPLE), page);
  }

  private Response add(Request request, Visit visit, Form form) throws MalformedException {
    var typed =
        new Newcomer(
            form.one("address").orElse(""),
            form.one("name").orElse(""),
            GroupList.parse(form.one("groups").orElse("")));
    var reason = form.required("reason").strip();
    return switch (desks.added().add(visit.actor(), typed, reason, desks.motions())) {
      case Adding.ForTwo(var asking) -> gate.to(MotionPages.address(asking));
      case Adding.Faulty(var why) -> page(400, visit, typed, "Nothing was asked for: " + why + ".");
      case Adding.Taken(var by) ->
          page(
              409,
              visit,
              typed,
              "Nothing was asked for: %s has this user name. Look for them under People."
                  .formatted(by.displayName()));
      case Adding.Nowhere() -> nowhere(request);
    };
  }

  private Response password(Request request, Visit visit, Person person) {
    var hindrance = desks.passwords().hindrance(visit.person(), person);
    if (hindrance.isPresent()) {
      return hindered(request, person, hindrance.get());
    }
    var address = PeoplePages.address(person);
    var page =
        new Confirmation(
            address + "/password",
            List.of(
                Parts.who(person),
                "Another administrator has to agree. The password is made then, and shown once, to"
                    + " them; you never see it.",
                "The one that they have is dead from that moment. They stay signed in where they"
                    + " are: end their sessions as well if somebody else may have it."),
            desks.passwords().standing(person),
            "",
            "Ask another administrator",
            false,
            address);
    return Sheet.of(200, "confirmation", visit.frame("A new password?", Sitemap.PEOPLE), page);
  }

  private Response hindered(Request request, Person person, String why) {
    return gate.message(request, 409, why, "Nothing was changed.", Optional.of(back(person)));
  }

  private static Message.Way back(Person person) {
    return new Message.Way(PeoplePages.address(person), "Back to " + person.userName());
  }

  private Response renew(Request request, Visit visit, Form form) throws MalformedException {
    var reason = form.required("reason").strip();
    var seen = Optional.of(form.required("seen"));
    return of(
        request,
        visit,
        (_, _, person) ->
            switch (desks.passwords().renew(visit.actor(), person, seen, reason, desks.motions())) {
              case Renewing.ForTwo(var asking) -> gate.to(MotionPages.address(asking));
              case Renewing.Hindered(var why) -> hindered(request, person, why);
              case Renewing.Overtaken() ->
                  hindered(request, person, "They have got another password meanwhile.");
            });
  }

  private Response erase(Request request, Visit visit, Person person) {
    return person.active() ? active(request, person) : asked(200, visit, person, "");
  }

  private Response active(Request request, Person person) {
    return hindered(request, person, "They are active. Whoever is to be erased is disabled first.");
  }

  private Response asked(int status, Visit visit, Person person, String problem) {
    var address = PeoplePages.address(person);
    var page =
        new Confirmation(
            address + "/erase",
            List.of(
                problem.isEmpty() ? Parts.who(person) : problem,
                "The key is destroyed under which the audit record conceals who they are: for ever"
                    + " and in every export. What was decided about them stays, under their id.",
                "Their name and address leave the list of people too, unless a provider keeps them"
                    + " there by SCIM. Whoever comes back is somebody else.",
                "It cannot be undone. Another administrator has to agree."),
            person.standing().name(),
            ErasureDesk.ERASE,
            "Ask another administrator",
            true,
            address);
    var frame = visit.frame("Erase " + person.displayName() + "?", Sitemap.PEOPLE);
    return Sheet.of(status, "confirmation", frame, page);
  }

  private Response erased(Request request, Visit visit, Form form) throws MalformedException {
    var reason = form.required("reason").strip();
    boolean meant = form.one("typed").equals(Optional.of(ErasureDesk.ERASE));
    return of(
        request,
        visit,
        (_, _, person) ->
            meant
                ? switch (desks.erasures().erase(visit.actor(), person, reason, desks.motions())) {
                  case Erasing.ForTwo(var asking) -> gate.to(MotionPages.address(asking));
                  case Erasing.Active() -> active(request, person);
                }
                : asked(400, visit, person, "Nothing was asked for: the word was not typed."));
  }
}
