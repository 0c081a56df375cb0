package dev.lanyard.server.console.desk;

import dev.lanyard.server.directory.Person;
import dev.lanyard.server.library.Role;
import dev.lanyard.server.revocation.GroupChanges;
import dev.lanyard.server.revocation.Source;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Changes the groups of a person who is kept here. Access that only the former groups gave ends
/// with the change. Groups that carry a duty in this console take two administrators. Thread-safe.
public final class GroupDesk implements Matter {
  private final Parts parts;
  private final People people;
  private final GroupChanges changes;

  GroupDesk(Parts parts) {
    this.parts = parts;
    this.people = new People(parts);
    this.changes =
        new GroupChanges(
            parts.platform().database(),
            parts.directory(),
            parts.revocation(),
            parts.platform().clock());
  }

  /// @param seen the groups when this was decided
  /// @param wanted all groups that the person is to have
  public record Change(GroupList seen, GroupList wanted, String reason) {}

  /// What became of a change.
  public sealed interface Changing {
    record Done() implements Changing {}

    /// Another administrator has to agree.
    record ForTwo(MotionDesk.Asking asking) implements Changing {}

    /// Their groups are not changed here, or not by this administrator.
    record Hindered(String why) implements Changing {}

    /// @param why half a sentence
    record Faulty(String why) implements Changing {}

    /// The groups have changed since.
    record Overtaken() implements Changing {}
  }

  /// Why an administrator may not change a person's groups here; empty if they may.
  public Optional<String> hindrance(Person by, Person person) {
    if (person.id().equals(by.id())) {
      return Optional.of("Nobody changes their own groups.");
    }
    return parts.isKeptHere(person)
        ? Optional.empty()
        : Optional.of(
            "Their groups are said by whoever keeps them: an identity provider, when they sign in"
                + " or by provisioning. Change them there.");
  }

  /// The groups that were given to a person here.
  public GroupList standing(Person person) {
    return GroupList.of(parts.directory().toldGroups(person.id()));
  }

  /// The groups that carry a duty in this console.
  private Set<String> ofDuties() {
    var groups = new HashSet<String>();
    parts.duties().groups().values().forEach(groups::addAll);
    return groups;
  }

  /// The groups of roles and of duties. Others mean nothing here.
  public Set<String> known() {
    var known = new TreeSet<String>();
    parts.library().get().roles().stream().map(Role::groups).forEach(known::addAll);
    known.addAll(ofDuties());
    return known;
  }

  /// Whether a change takes two administrators: it gives or takes a duty in this console.
  public boolean needsTwo(GroupList standing, GroupList wanted) {
    return wanted.changed(standing).stream().anyMatch(ofDuties()::contains);
  }

  public Changing change(Actor by, Person person, Change change, MotionDesk motions) {
    var hindrance = hindrance(by.person(), person);
    if (hindrance.isPresent()) {
      return new Changing.Hindered(hindrance.get());
    }
    var fault = change.wanted().fault();
    if (fault.isPresent()) {
      return new Changing.Faulty(fault.get());
    }
    if (!standing(person).equals(change.seen())) {
      return new Changing.Overtaken();
    }
    if (needsTwo(change.seen(), change.wanted())) {
      var wish = new Motions.Wish(change.seen().text(), change.wanted().text());
      return new Changing.ForTwo(
          motions.ask(by, Motion.Kind.GROUPS, person.id().value(), wish, change.reason()));
    }
    return said(by, person, change, _ -> true) instanceof GroupChanges.Verdict.Unmet
        ? new Changing.Overtaken()
        : new Changing.Done();
  }

  private GroupChanges.Verdict said(Actor by, Person person, Change change, Claim claim) {
    return changes.say(
        person,
        new GroupChanges.Statement(
            Source.of(Source.Kind.ADMIN, by.id()),
            change.wanted().names(),
            Optional.empty(),
            change.reason()),
        connection ->
            change
                    .seen()
                    .equals(GroupList.of(parts.directory().toldGroups(connection, person.id())))
                && claim.take(connection),
        by.correlationId());
  }

  @Override
  public Motion.Kind kind() {
    return Motion.Kind.GROUPS;
  }

  @Override
  public String title(Motion motion) {
    return "Groups of " + person(motion).map(Person::displayName).orElse("somebody who is gone");
  }

  @Override
  public Optional<Person> person(Motion motion) {
    return people.find(motion.about());
  }

  @Override
  public Carried carryOut(Motion motion, Actor by, Claim claim) {
    var person = person(motion).filter(parts::isKeptHere);
    if (person.isEmpty()) {
      return new Carried.Not("they are not kept here any more");
    }
    var change =
        new Change(
            GroupList.parse(motion.seen()), GroupList.parse(motion.wanted()), motion.reason());
    return said(by, person.get(), change, claim) instanceof GroupChanges.Verdict.Unmet
        ? new Carried.Not("their groups are others by now, or somebody else was faster")
        : Carried.done();
  }
}
