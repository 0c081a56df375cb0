package dev.lanyard.server.governance.coverage;

import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PersonHistory;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.directory.Standing;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.policy.Holdings;
import dev.lanyard.server.policy.Member;
import dev.lanyard.server.policy.PolicyLibrary;
import dev.lanyard.server.policy.WhosePeople;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Who has which connector by policy, asked of people by name: who has used something may have lost
/// it since.
///
/// @param library as it was then
/// @param people whose people it meant
record Holders(Library library, WhosePeople people, Instant at) {

  /// Of these people, by connector, how many were active and had it.
  ///
  /// @param directory knows who they are
  Map<String, Integer> among(
      Map<String, Set<String>> users, PersonHistory history, Directory directory) {
    var holdings = PolicyLibrary.compile(library).holdings(at);
    var counts = new HashMap<String, Integer>();
    history
        .everybody(at)
        .forEach((id, past) -> {
          if (past.standing() == Standing.ACTIVE
              && users.values().stream().anyMatch(some -> some.contains(id))) {
            directory
                .person(new PersonId(id))
                .map(person -> people.member(person, past.groups()))
                .ifPresent(member -> count(member, holdings, users, counts));
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
