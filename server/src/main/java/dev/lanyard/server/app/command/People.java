package dev.lanyard.server.app.command;

import static java.util.stream.Collectors.joining;

import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import java.util.Optional;

/// Finds the person whom an administrator means.
public final class People {
  private People() {}

  /// The id of somebody who is known, or was: then it is the id that is named.
  ///
  /// @throws CommandFailure if nobody is known by it and the audit record knows no such id either
  public static String id(Office office, String named, Optional<String> organisation) {
    var was = AuditQuery.newest(1).ofPerson(named);
    return new AuditLog(office.database()).query(was).isEmpty()
        ? find(office.directory(), named, organisation).id().value()
        : named;
  }

  /// The only one who is [meant][Directory#meant]: a kill of the wrong one leaves the right one in.
  ///
  /// @param organisation whose they must be, if that is said
  /// @throws CommandFailure if there is none, or more than one
  public static Person find(Directory directory, String named, Optional<String> organisation) {
    var found = directory.meant(named, organisation);
    return switch (found.size()) {
      case 0 ->
          throw new CommandFailure(
              "nobody is called '" + named + "'. `lanyard person list` shows who is known.");
      case 1 -> found.getFirst();
      default ->
          throw new CommandFailure(
              "'%s' is more than one person; name one by id, or say --organisation: %s"
                  .formatted(
                      named,
                      found.stream()
                          .map(one -> one.id() + " of " + one.organisation())
                          .sorted()
                          .collect(joining(", "))));
    };
  }
}
