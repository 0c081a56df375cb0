package dev.lanyard.server.console.page;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.console.desk.Desks;
import dev.lanyard.server.console.desk.GroupDesk;
import dev.lanyard.server.console.desk.GroupDesk.Changing;
import dev.lanyard.server.console.desk.GroupList;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.desk.Reach;
import dev.lanyard.server.console.gate.Gate;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.gate.Visit;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.console.sheet.Message;
import dev.lanyard.server.console.sheet.Report.Cell;
import dev.lanyard.server.console.sheet.Report.Table;
import dev.lanyard.server.console.sheet.Sheet;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// `/people/{id}/groups`: the groups of somebody who is kept here. What the new ones would change
/// is shown before it is done, and what only the former ones gave ends with the change.
///
/// Groups that are duties in this console are given and taken by two: what one administrator could
/// give alone, a stolen session of theirs could give to whoever stole it. Whoever comes from
/// outside is in the groups that are said there.
final class GroupPages {
  private static final String GROUPS = PeoplePages.PERSON + "/groups";

  private final Gate gate;
  private final PeoplePages people;
  private final Parts parts;
  private final Reach reach;
  private final Desks desks;

  GroupPages(Gate gate, PeoplePages people, Parts parts, Reach reach, Desks desks) {
    this.gate = gate;
    this.people = people;
    this.parts = parts;
    this.reach = reach;
    this.desks = desks;
  }

  /// The groups of somebody.
  ///
  /// @param problem why nothing was done; empty if nothing is wrong
  /// @param text what the groups are to be, one in a line
  /// @param seen what they were when this was shown
  /// @param known groups that mean something here
  /// @param asked whether it is about what was typed, and not only about what stands
  /// @param effect what the change would do
  /// @param two whether another administrator has to agree
  record Shown(
      String problem,
      String address,
      String back,
      String text,
      String seen,
      String known,
      boolean asked,
      Table effect,
      boolean two) {}

  List<Route> routes() {
    return List.of(
        gate.page(GROUPS, Gate.ADMINISTRATORS, this::of),
        gate.action(GROUPS, Gate.ADMINISTRATORS, this::change));
  }

  private Response of(Request request, Visit visit) {
    var person = people.person(request);
    return person.isEmpty()
        ? people.nobody(request)
        : desks
            .groups()
            .hindrance(visit.person(), person.get())
            .map(why -> refused(request, person.get(), why))
            .orElseGet(() -> show(request, visit, person.get()));
  }

  private Response refused(Request request, Person person, String why) {
    return gate.message(
        request,
        409,
        why,
        "Nothing was changed.",
        Optional.of(new Message.Way(PeoplePages.address(person), "Back to " + person.userName())));
  }

  private Response show(Request request, Visit visit, Person person) {
    var typed = Addresses.query(request).flatMap(form -> form.one("groups"));
    var wanted = typed.map(GroupList::parse).orElseGet(() -> desks.groups().standing(person));
    var fault = wanted.fault();
    return page(
        fault.isPresent() ? 400 : 200,
        visit,
        person,
        wanted,
        fault.map(why -> "Nothing was changed: " + why + ".").orElse(""));
  }

  private Response page(int status, Visit visit, Person person, GroupList wanted, String problem) {
    var standing = desks.groups().standing(person);
    boolean asked = !wanted.equals(standing) && wanted.fault().isEmpty();
    var page =
        new Shown(
            problem,
            PeoplePages.address(person) + "/groups",
            PeoplePages.address(person),
            wanted.text(),
            standing.text(),
            String.join(", ", desks.groups().known()),
            asked,
            asked ? effect(visit, person, standing, wanted) : Table.facts(List.of()),
            desks.groups().needsTwo(standing, wanted));
    var frame = visit.frame("Groups of " + person.displayName(), Sitemap.PEOPLE);
    return Sheet.of(status, "groups", frame, page);
  }

  private Table effect(Visit visit, Person person, GroupList standing, GroupList wanted) {
    var rows = new ArrayList<List<Cell>>();
    for (var name : wanted.changed(standing)) {
      boolean comes = wanted.names().contains(name);
      rows.add(
          List.of(
              Cell.text("Group " + name),
              Cell.tag(comes ? "comes" : "goes", comes ? "good" : "bad")));
    }
    var groups = new HashSet<>(person.groups());
    groups.removeAll(standing.names());
    groups.addAll(wanted.names());
    var then = reach.of(person.in(groups), AuthenticationContext.UNKNOWN, visit.at());
    var now = reach.of(person, AuthenticationContext.UNKNOWN, visit.at());
    for (int i = 0; i < Math.min(now.size(), then.size()); i++) {
      if (!now.get(i).equals(then.get(i)) && now.get(i).id().equals(then.get(i).id())) {
        rows.add(
            List.of(
                Cell.text("Connector " + now.get(i).name()),
                Cell.text(said(now.get(i)) + " → " + said(then.get(i)))));
      }
    }
    var before = parts.duties().of(person.groups());
    var after = parts.duties().of(groups);
    after.stream()
        .filter(duty -> !before.contains(duty))
        .forEach(duty ->
            rows.add(
                List.of(
                    Cell.text("In this console"), Cell.tag("becomes " + duty.title(), "warn"))));
    before.stream()
        .filter(duty -> !after.contains(duty))
        .forEach(duty ->
            rows.add(
                List.of(
                    Cell.text("In this console"), Cell.tag("is no more " + duty.title(), "warn"))));
    return new Table(List.of("What", "Becomes"), rows, "Nothing changes.");
  }

  private static String said(Reach.Reached reached) {
    return reached.nearness() == Reach.Nearness.NOT_GIVEN
        ? "not given"
        : reached.nearness() == Reach.Nearness.AFTER_STEP_UP
            ? "after a better sign-in"
            : "given: " + reached.scopes();
  }

  private Response change(Request request, Visit visit, Form form) throws MalformedException {
    var change =
        new GroupDesk.Change(
            GroupList.parse(form.one("seen").orElse("")),
            GroupList.parse(form.one("groups").orElse("")),
            form.required("reason").strip());
    return people
        .person(request)
        .map(person -> changed(request, visit, person, change))
        .orElseGet(() -> people.nobody(request));
  }

  private Response changed(Request request, Visit visit, Person person, GroupDesk.Change change) {
    return switch (desks.groups().change(visit.actor(), person, change, desks.motions())) {
      case Changing.Done() -> gate.to(PeoplePages.address(person));
      case Changing.ForTwo(var asking) -> gate.to(MotionPages.address(asking));
      case Changing.Hindered(var why) -> refused(request, person, why);
      case Changing.Faulty(var why) ->
          page(400, visit, person, change.wanted(), "Nothing was changed: " + why + ".");
      case Changing.Overtaken() ->
          page(
              409,
              visit,
              person,
              change.wanted(),
              "Nothing was changed: somebody else has changed their groups meanwhile. What you"
                  + " typed is below, with what it would change of the groups that they are in"
                  + " now.");
    };
  }
}
