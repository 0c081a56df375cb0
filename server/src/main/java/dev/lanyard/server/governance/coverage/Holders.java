package dev.lanyard.server.governance.coverage;

import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PersonHistory;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.directory.Standing;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.policy.Holdings;
import dev.lanyard.server.policy.Member;
import dev.lanyard.server.policy.PolicyLibrary;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Who has which connector by policy, asked of people by name: who has used something may have lost
/// it since.
///
/// @param library as it was then
record Holders(Library library, Instant at) {

  /// Of these people, by connector, how many were active and had it.
  ///
  /// @param directory asked for the names of people, if the library names any
  Map<String, Integer> among(
      Map<String, Set<String>> users, PersonHistory history, Supplier<Directory> directory) {
    var holdings = PolicyLibrary.compile(library).holdings(at);
    var names = holdings.namesPeople() ? Optional.of(directory.get()) : Optional.<Directory>empty();
    var counts = new HashMap<String, Integer>();
    history
        .everybody(at)
        .forEach((id, past) -> {
          if (past.standing() == Standing.ACTIVE
              && users.values().stream().anyMatch(some -> some.contains(id))) {
            var person = names.flatMap(one -> one.person(new PersonId(id)));
            count(
                person
                    .map(one -> Member.of(one, past.groups()))
                    .orElseGet(() ->
                        new Member(id, Optional.empty(), Optional.empty(), false, past.groups())),
                holdings,
                users,
                counts);
          }
        });
    return counts;
  }

  private static void count(
      Member member,
      Holdings holdings,
      Map<String, Set<String>> users,
      Map<String, Integer> counts) {
    holdings.of(member).connectors().stream()
        .mapToObj(place -> holdings.connectors().get(place).id())
        .filter(connector -> users.getOrDefault(connector, Set.of()).contains(member.id()))
        .forEach(connector -> counts.merge(connector, 1, Integer::sum));
  }
}
