package dev.lanyard.server.console;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.console.Report.Cell;
import dev.lanyard.server.console.Report.Table;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.library.Role;
import dev.lanyard.server.revocation.GroupChanges;
import dev.lanyard.server.revocation.Source;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// `/people/{id}/groups`: the groups of somebody who is kept here. What the new ones would change
/// is shown before it is done, and what only the former ones gave ends with the change.
///
/// Groups that are duties in this console are given and taken by two: what one administrator could
/// give alone, a stolen session of theirs could give to whoever stole it. Whoever comes from
/// outside is in the groups that are said there.
final class GroupPages implements Matter {
  private static final String GROUPS = PeoplePages.PERSON + "/groups";

  private final Gate gate;
  private final PeoplePages people;
  private final Console.Parts parts;
  private final Reach reach;
  private final GroupChanges changes;

  GroupPages(Gate gate, PeoplePages people, Console.Parts parts, Reach reach) {
    this.gate = gate;
    this.people = people;
    this.parts = parts;
    this.reach = reach;
    this.changes =
        new GroupChanges(
            parts.platform().database(),
            parts.directory(),
            parts.revocation(),
            parts.platform().clock());
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

  List<Route> routes(MotionPages motions) {
    return List.of(
        gate.page(GROUPS, Gate.ADMINISTRATORS, (request, visit) -> of(request, visit, this::show)),
        gate.action(
            GROUPS,
            Gate.ADMINISTRATORS,
            (request, visit, form) -> change(request, visit, form, motions)));
  }

  private interface OfSomebody {
    Response show(Request request, Visit visit, Person person);
  }

  private Response of(Request request, Visit visit, OfSomebody page) {
    var person = people.person(request);
    return person.isEmpty()
        ? people.nobody(request)
        : hindrance(visit, person.get())
            .map(why -> refused(request, person.get(), why))
            .orElseGet(() -> page.show(request, visit, person.get()));
  }

  private Optional<String> hindrance(Visit visit, Person person) {
    if (person.id().equals(visit.person().id())) {
      return Optional.of("Nobody changes their own groups.");
    }
    return parts.directory().isKeptHere(person.id())
        ? Optional.empty()
        : Optional.of(
            "Their groups are said by whoever keeps them: an identity provider, when they sign in"
                + " or by provisioning. Change them there.");
  }

  private Response refused(Request request, Person person, String why) {
    return gate.message(
        request,
        409,
        why,
        "Nothing was changed.",
        Optional.of(new Message.Way(PeoplePages.address(person), "Back to " + person.userName())));
  }

  private GroupList standing(Person person) {
    return GroupList.of(parts.directory().toldGroups(person.id()));
  }

  private Response show(Request request, Visit visit, Person person) {
    var typed = Addresses.query(request).flatMap(form -> form.one("groups"));
    var wanted = typed.map(GroupList::parse).orElseGet(() -> standing(person));
    var fault = wanted.fault();
    return page(
        fault.isPresent() ? 400 : 200,
        visit,
        person,
        wanted,
        fault.map(why -> "Nothing was changed: " + why + ".").orElse(""));
  }

  private Response page(int status, Visit visit, Person person, GroupList wanted, String problem) {
    var standing = standing(person);
    boolean asked = !wanted.equals(standing) && wanted.fault().isEmpty();
    var page =
        new Shown(
            problem,
            PeoplePages.address(person) + "/groups",
            PeoplePages.address(person),
            wanted.text(),
            standing.text(),
            String.join(", ", known()),
            asked,
            asked ? effect(visit, person, standing, wanted) : Table.facts(List.of()),
            needsTwo(standing, wanted));
    var frame = Frame.of(visit, "Groups of " + person.displayName(), Sitemap.PEOPLE);
    return Sheet.of(status, "groups", frame, page);
  }

  /// Those of the roles and of the duties; others mean nothing here.
  private Set<String> known() {
    var known = new TreeSet<String>();
    parts.library().get().roles().stream().map(Role::groups).forEach(known::addAll);
    known.addAll(ofDuties());
    return known;
  }

  private Set<String> ofDuties() {
    var groups = new HashSet<String>();
    parts.config().groups().values().forEach(groups::addAll);
    return groups;
  }

  private boolean needsTwo(GroupList standing, GroupList wanted) {
    return wanted.changed(standing).stream().anyMatch(ofDuties()::contains);
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
    var then = reach.of(with(person, groups), AuthenticationContext.UNKNOWN, visit.at());
    var now = reach.of(person, AuthenticationContext.UNKNOWN, visit.at());
    for (int i = 0; i < Math.min(now.size(), then.size()); i++) {
      if (!now.get(i).equals(then.get(i)) && now.get(i).id().equals(then.get(i).id())) {
        rows.add(
            List.of(
                Cell.text("Connector " + now.get(i).name()),
                Cell.text(said(now.get(i)) + " → " + said(then.get(i)))));
      }
    }
    var before = parts.config().duties().of(person.groups());
    var after = parts.config().duties().of(groups);
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

  private static Person with(Person person, Set<String> groups) {
    return new Person(
        person.id(),
        person.organisation(),
        person.userName(),
        person.email(),
        person.displayName(),
        person.standing(),
        groups);
  }

  private Response change(Request request, Visit visit, Form form, MotionPages motions)
      throws MalformedException {
    var reason = form.required("reason").strip();
    var wanted = GroupList.parse(form.one("groups").orElse(""));
    var seen = GroupList.parse(form.one("seen").orElse(""));
    return of(
        request, visit, (_, _, person) -> changed(visit, person, seen, wanted, reason, motions));
  }

  private Response changed(
      Visit visit,
      Person person,
      GroupList seen,
      GroupList wanted,
      String reason,
      MotionPages motions) {
    var fault = wanted.fault();
    if (fault.isPresent()) {
      return page(400, visit, person, wanted, "Nothing was changed: " + fault.get() + ".");
    }
    if (!standing(person).equals(seen)) {
      return overtaken(visit, person, wanted);
    }
    if (needsTwo(seen, wanted)) {
      return motions.ask(
          visit,
          Motion.Kind.GROUPS,
          person.id().value(),
          new Motions.Wish(seen.text(), wanted.text()),
          reason);
    }
    return said(visit, person, seen, wanted, reason, _ -> true)
            instanceof GroupChanges.Verdict.Unmet
        ? overtaken(visit, person, wanted)
        : gate.to(PeoplePages.address(person));
  }

  private Response overtaken(Visit visit, Person person, GroupList wanted) {
    return page(
        409,
        visit,
        person,
        wanted,
        "Nothing was changed: somebody else has changed their groups meanwhile. What you typed is"
            + " below, with what it would change of the groups that they are in now.");
  }

  private GroupChanges.Verdict said(
      Visit visit, Person person, GroupList seen, GroupList wanted, String reason, Claim claim) {
    var source = Source.of(Source.Kind.ADMIN, Gate.by(visit));
    return changes.say(
        person,
        new GroupChanges.Statement(source, wanted.names(), Optional.empty(), reason),
        connection ->
            seen.equals(GroupList.of(parts.directory().toldGroups(connection, person.id())))
                && claim.take(connection),
        visit.correlationId());
  }

  @Override
  public String title(Motion motion) {
    return "Groups of " + person(motion).map(Person::displayName).orElse("somebody who is gone");
  }

  @Override
  public Message.Way way(Motion motion) {
    return person(motion)
        .map(person -> new Message.Way(PeoplePages.address(person), "Look at " + person.userName()))
        .orElseGet(() -> new Message.Way("/people", "People"));
  }

  @Override
  public Optional<Person> person(Motion motion) {
    return people.person(motion.about());
  }

  @Override
  public Optional<String> carryOut(Motion motion, Visit visit, Claim claim) {
    var person = person(motion).filter(one -> parts.directory().isKeptHere(one.id()));
    if (person.isEmpty()) {
      return Optional.of("they are not kept here any more");
    }
    var verdict =
        said(
            visit,
            person.get(),
            GroupList.parse(motion.seen()),
            GroupList.parse(motion.wanted()),
            motion.reason(),
            claim);
    return verdict instanceof GroupChanges.Verdict.Unmet
        ? Optional.of("their groups are others by now, or somebody else was faster")
        : Optional.empty();
  }
}
