package dev.lanyard.server.app.command;

import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.EmailMatch;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Finds the person whom an administrator means.
public final class People {
  private People() {}

  /// The id of somebody who is known, or was: then it is the id that is named.
  ///
  /// @throws CommandFailure if nobody is known by it and the audit record knows no such id either
  public static String id(Office office, String named) {
    var was = AuditQuery.newest(1).ofPerson(named);
    return new AuditLog(office.database()).query(was).isEmpty()
        ? office.find(named).id().value()
        : named;
  }

  /// By id, else by user name or e-mail address in the organisations of this configuration. Anybody
  /// may be called, or have been given, what is somebody else's address: then none is guessed, and
  /// their ids are told, since a kill of the wrong one leaves the right one in.
  ///
  /// @throws CommandFailure if there is none, or more than one
  public static Person find(Directory directory, Configuration configuration, String named) {
    var found = new LinkedHashMap<PersonId, Person>();
    directory.all().stream()
        .filter(person -> person.id().value().equals(named))
        .forEach(person -> found.put(person.id(), person));
    if (found.isEmpty()) {
      organisations(configuration)
          .forEach(one ->
              called(directory, one, named).forEach(person -> found.put(person.id(), person)));
    }
    return only(found, named);
  }

  private static List<Person> called(Directory directory, String organisation, String named) {
    var people = new ArrayList<>(withAddress(directory, organisation, named));
    directory.findByUserName(organisation, named).ifPresent(people::add);
    return people;
  }

  private static List<Person> withAddress(
      Directory directory, String organisation, String address) {
    return switch (directory.findByEmail(organisation, address)) {
      case EmailMatch.One(var person) -> List.of(person);
      case EmailMatch.None() -> List.of();
      case EmailMatch.Several(var people) -> people;
    };
  }

  private static Person only(Map<PersonId, Person> found, String named) {
    if (found.isEmpty()) {
      throw new CommandFailure(
          "nobody is called '" + named + "'. `lanyard person list` shows who is known.");
    }
    if (found.size() > 1) {
      throw new CommandFailure(
          "'" + named + "' is more than one person; name one by id: " + found.keySet());
    }
    return found.values().iterator().next();
  }

  /// The organisations that this configuration serves.
  public static Set<String> organisations(Configuration configuration) {
    var names = new TreeSet<String>();
    configuration.broker().ifPresent(broker -> names.add(broker.config().organisation()));
    configuration.ras().ifPresent(ras -> names.addAll(ras.config().organisationNames()));
    return names;
  }
}
