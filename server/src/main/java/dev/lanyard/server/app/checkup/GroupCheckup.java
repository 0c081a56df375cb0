package dev.lanyard.server.app.checkup;

import dev.lanyard.server.policy.OwnPeople;
import java.util.List;
import java.util.Set;

/// Says whose groups lead to roles, and who says who is in them (SEC-9).
public final class GroupCheckup {
  private GroupCheckup() {}

  /// One finding for each organisation whose people have no role by a group at the gateway, and one
  /// if nobody's have.
  ///
  /// @param known the organisations whose people may have tokens
  /// @param own whose people the library means
  public static List<Finding> atGateway(Set<String> known, OwnPeople own) {
    if (own.organisation().isEmpty()) {
      return List.of(
          Finding.bad(
              "groups at the gateway",
              "nobody has said whose people the role library means: name it in"
                  + " gateway.organisation"));
    }
    return known.stream()
        .filter(one -> !own.organisation().get().equals(one))
        .filter(one -> own.groupsOfOthers().getOrDefault(one, Set.of()).isEmpty())
        .sorted()
        .map(one ->
            Finding.note(
                "groups of " + one,
                "lead to no role at the gateway, as the library means the people of %s. Name those that are to count in gateway.groups_of_others"
                    .formatted(own.organisation().get())))
        .toList();
  }
}
