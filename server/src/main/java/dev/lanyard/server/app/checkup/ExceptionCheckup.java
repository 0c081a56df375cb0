package dev.lanyard.server.app.checkup;

import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.library.Exemption;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.policy.Member;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Finds exceptions that name somebody by a user name or an address for which only a provider's
/// word stands, so that they give nothing (SEC-9).
public final class ExceptionCheckup {
  private ExceptionCheckup() {}

  /// One finding for each such name of an exception that is in force.
  public static List<Finding> examine(Library library, Directory directory, Instant now) {
    var inForce =
        library.exemptions().stream()
            .filter(one -> one.isInForce(now) && !one.people().isEmpty())
            .toList();
    if (inForce.isEmpty()) {
      return List.of();
    }
    var told = new HashSet<String>();
    var proven = new HashSet<String>();
    for (var person : directory.all()) {
      proven.addAll(names(person));
      person.unprovenNames().forEach(name -> told.add(Member.key(name)));
    }
    told.removeAll(proven);
    return inForce.stream().flatMap(one -> findings(one, told)).toList();
  }

  private static Set<String> names(Person person) {
    return Member.of(person).names();
  }

  private static Stream<Finding> findings(Exemption one, Set<String> told) {
    return one.people().stream()
        .filter(name -> told.contains(Member.key(name)))
        .sorted()
        .map(name ->
            Finding.note(
                "exception " + one.name(),
                "names '%s', a user name or unverified address that a provider told: it gives nothing."
                        .formatted(name)
                    + " Name the person's verified address (email_domains of the provider), or"
                    + " their id"));
  }
}
