package dev.lanyard.server.app.checkup;

import dev.lanyard.server.authorization.SignInWays;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig;
import dev.lanyard.server.authorization.upstream.UpstreamConfig;
import dev.lanyard.server.policy.WhosePeople;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Says whose groups lead to roles, and who says who is in them (SEC-9).
public final class GroupCheckup {
  private GroupCheckup() {}

  /// One finding for each of several providers of an organisation that may name any group.
  ///
  /// @param duties the groups that have a duty in the console
  public static List<Finding> atSignIn(SignInWays ways, Set<String> duties) {
    var organisations = ways.organisationsByProvider();
    return Stream.concat(
            ways.providers().stream()
                .map(SignInWays.Provider::config)
                .filter(one -> one.claims().groups().isPresent() && one.groups().others())
                .map(UpstreamConfig::id),
            ways.saml().stream()
                .map(SignInWays.SamlProvider::config)
                .filter(
                    one -> one.people().groups().isPresent() && one.people().groupNames().others())
                .map(SamlUpstreamConfig::id))
        .filter(id -> Collections.frequency(organisations.values(), organisations.get(id)) > 1)
        .sorted()
        .map(id -> anyGroup(id, duties))
        .toList();
  }

  private static Finding anyGroup(String id, Set<String> duties) {
    return Finding.note(
        "upstream " + id + " groups",
        "all that it names are kept, also those of the other providers%s. Say which it may name in 'groups.names'"
            .formatted(
                duties.isEmpty()
                    ? ""
                    : " and those of the console: " + String.join(", ", new TreeSet<>(duties))));
  }

  /// One finding for each organisation whose people have no role by a group at the gateway, and one
  /// if nobody's have.
  ///
  /// @param known the organisations whose people may have tokens
  /// @param own whose people the library means
  public static List<Finding> atGateway(Set<String> known, WhosePeople own) {
    if (own.organisation().isEmpty()) {
      return List.of(
          Finding.bad(
              "groups at the gateway",
              "nobody has said whose people the role library means: name it in"
                  + " gateway.organisation"));
    }
    return known.stream()
        .filter(one -> !own.organisation().get().equals(one))
        .filter(one -> own.others().filter(others -> others.groups(one).isEmpty()).isPresent())
        .sorted()
        .map(one ->
            Finding.note(
                "groups of " + one,
                "lead to no role at the gateway, as the library means the people of %s. Name those that are to count in gateway.groups_of_others"
                    .formatted(own.organisation().get())))
        .toList();
  }
}
