package dev.lanyard.server.library;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What a role and an exception that is in force have in common: both give people something.
///
/// @param kind as [Places] has it
/// @param groups through which groups people come to it
/// @param people whom it names
/// @param clearance up to which data class its tools may go
record Giver(
    String kind,
    String name,
    Set<String> groups,
    Set<String> people,
    DataClass clearance,
    Map<String, Given> connectors) {

  /// In the order of the library, roles first.
  static List<Giver> of(Library library, Instant now) {
    var lowest = library.dataClasses().lowest();
    var givers = new ArrayList<Giver>();
    for (var role : library.roles()) {
      givers.add(
          new Giver(
              "role",
              role.name(),
              role.groups(),
              Set.of(),
              role.clearance().orElse(lowest),
              role.connectors()));
    }
    for (var exemption : library.exemptions()) {
      if (exemption.isInForce(now)) {
        givers.add(
            new Giver(
                "exception",
                exemption.name(),
                exemption.groups(),
                exemption.people(),
                exemption.clearance().orElse(lowest),
                exemption.connectors()));
      }
    }
    return givers;
  }

  /// The groups and the names by which somebody comes to it.
  Set<String> ways() {
    var ways = new HashSet<String>();
    groups.forEach(group -> ways.add("group " + group));
    people.forEach(person -> ways.add("person " + person.toLowerCase(Locale.ROOT)));
    return ways;
  }

  @Override
  public String toString() {
    return kind + " '" + name + "'";
  }
}
