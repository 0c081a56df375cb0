package dev.lanyard.server.app.checkup;

import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.ToldNames;
import dev.lanyard.server.library.Exemption;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.Populace;
import dev.lanyard.server.library.Populace.Unproven;
import dev.lanyard.server.library.Requirement;
import dev.lanyard.server.policy.Member;
import dev.lanyard.server.policy.WhosePeople;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Finds what hangs on user names and addresses for which only a provider's word stands (SEC-9):
/// they count for nothing, so whoever relies on them is to be told.
public final class ToldNameCheckup {
  private static final int SHOWN = 5;

  private ToldNameCheckup() {}

  /// One finding for each such name of an exception that is in force, one for each condition that
  /// asks for such a name or address, and one if people have lost such a name.
  ///
  /// @param people whose people the library means
  public static List<Finding> examine(
      Library library, Directory directory, WhosePeople people, Instant now) {
    var told = new HashSet<String>();
    var proven = new HashSet<String>();
    var losers = new ArrayList<String>();
    for (var person : directory.all()) {
      proven.addAll(people.member(person).names());
      person.unprovenNames().forEach(name -> told.add(Member.key(name)));
      if (person.active() && ToldNames.hasLost(person)) {
        losers.add(person.id().value());
      }
    }
    told.removeAll(proven);
    var exceptions =
        library.exemptions().stream()
            .filter(one -> one.isInForce(now))
            .flatMap(one -> findings(one, told));
    var conditions = conditions(library, populace(directory, people));
    return Stream.of(exceptions, conditions, lost(losers).stream()).flatMap(one -> one).toList();
  }

  /// What is to be known of everybody to judge a library.
  ///
  /// @param people whose people it means: of others no condition on a name is met anyway
  public static Populace populace(Directory directory, WhosePeople people) {
    var groups = new HashSet<String>();
    int unverified = 0;
    int told = 0;
    for (var person : directory.all()) {
      var member = people.member(person);
      groups.addAll(member.groups());
      if (member.only().isEmpty()) {
        unverified += person.email().isPresent() && !person.emailVerified() ? 1 : 0;
        told += person.provenUserName().isEmpty() ? 1 : 0;
      }
    }
    return new Populace(groups, unverified, told);
  }

  private static Stream<Finding> conditions(Library library, Populace people) {
    return library.requirements().stream()
        .flatMap(one -> people.unproven(one).stream().map(unproven -> condition(one, unproven)))
        .distinct();
  }

  private static Finding condition(Requirement one, Unproven unproven) {
    return Finding.note(
        "condition " + one.name(),
        "asks for "
            + unproven.words()
            + ": it is not met by them. List email_domains of the provider, or go by person.id or groups");
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

  /// The same person may be here twice, and SCIM then switches off only one of them.
  private static Optional<Finding> lost(List<String> people) {
    return people.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Finding.note(
                "lost user names",
                "of %d people, who signed in before SCIM gave the name to another: %s%s. Whoever"
                        .formatted(
                            people.size(),
                            String.join(", ", people.stream().sorted().limit(SHOWN).toList()),
                            people.size() > SHOWN ? ", …" : "")
                    + " is the same person is here twice, and SCIM keeps only one of the two:"
                    + " disable the other, and set subject_issuer of the connection"));
  }
}
