package dev.lanyard.server.publication.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.directory.Standing;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.policy.AccessRequest;
import dev.lanyard.server.policy.Decision;
import dev.lanyard.server.policy.Member;
import dev.lanyard.server.policy.PolicyLibrary;
import dev.lanyard.server.policy.RandomLibraries;
import dev.lanyard.server.policy.ToolDecision;
import dev.lanyard.server.policy.ToolRequest;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.policy.WhosePeople.Others;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("thorough")
@DisplayName(
    "What a plan predicts is the difference of what is decided before and after, at any sign-in")
class PlanPropertiesTest {
  private static final List<ClientId> CLIENTS =
      List.of(new ClientId("client0"), new ClientId("client1"), new ClientId("client2"));

  /// All that the conditions of random libraries can tell apart, the worst first.
  private static final List<AuthenticationContext> SIGN_INS =
      List.of(
          AuthenticationContext.UNKNOWN,
          new AuthenticationContext(Optional.empty(), Optional.of("strong"), List.of()),
          new AuthenticationContext(Optional.of(RandomLibraries.NOW), Optional.empty(), List.of()),
          new AuthenticationContext(
              Optional.of(RandomLibraries.NOW), Optional.of("strong"), List.of()));

  private static final Set<String> NAMED = Set.of("g0", "g1");
  private static final Set<String> BEHIND_GATEWAY = Set.of("c0", "c1", "c2");

  private static final WhosePeople OURS =
      new WhosePeople(Optional.of("acme"), new Others(Map.of("partner", NAMED), BEHIND_GATEWAY));

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
  void for_random_libraries_and_people(long seed) {
    int changes = 0;
    for (int round = 0; round < 150; round++) {
      var libraries = new RandomLibraries(seed * 1_000 + round);
      var before = libraries.library();
      var after = libraries.library();
      var sorts = Clients.of(CLIENTS, before, after);
      var comparison = new Comparison(before, after, sorts, OURS, RandomLibraries.NOW);
      for (var person : people(new Random(seed + round))) {
        var lost = new TreeSet<Access>();
        var gained = new TreeSet<Access>();
        for (var signIn : SIGN_INS) {
          var had = decided(before, person, signIn);
          var has = decided(after, person, signIn);
          lost.addAll(without(had, has));
          gained.addAll(without(has, had));
        }

        var difference = comparison.of(person);

        assertThat(everyClient(difference.lost(), sorts)).isEqualTo(lost);
        assertThat(everyClient(difference.gained(), sorts)).isEqualTo(gained);
        var worst = SIGN_INS.getFirst();
        assertThat(everyClient(firm(difference.lost()), sorts))
            .isEqualTo(without(decided(before, person, worst), decided(after, person, worst)));
        changes += difference.lost().size() + difference.gained().size();
      }
    }
    assertThat(changes).isPositive();
  }

  private static List<Person> people(Random random) {
    var people = new ArrayList<Person>();
    for (int i = 0; i < 12; i++) {
      var groups = new HashSet<String>();
      for (int group = 0; group < 5; group++) {
        if (random.nextInt(3) == 0) {
          groups.add("g" + group);
        }
      }
      people.add(
          new Person(
              new PersonId("person" + i),
              i % 3 == 0 ? "partner" : "acme",
              "p" + i % 5,
              true,
              Optional.empty(),
              false,
              "P",
              Standing.ACTIVE,
              groups));
    }
    return people;
  }

  /// Asked the slow way: everybody for everything through every client. Whoever is of another
  /// organisation asks the gateway, which asks the library about no other connector.
  private static Set<Access> decided(Library library, Person person, AuthenticationContext signIn) {
    var policy = PolicyLibrary.compile(library);
    boolean ours = person.organisation().equals("acme");
    var groups = new HashSet<>(person.groups());
    groups.removeIf(group -> !ours && !NAMED.contains(group));
    var member =
        new Member(
            person.id().value(),
            ours ? person.provenUserName() : Optional.empty(),
            Optional.empty(),
            false,
            groups);
    var all = new TreeSet<Access>();
    for (var client : CLIENTS) {
      for (var connector : library.connectors()) {
        if (!ours && !BEHIND_GATEWAY.contains(connector.id())) {
          continue;
        }
        var decision = policy.decide(request(member, client, connector, signIn));
        if (decision instanceof Decision.Permit permit) {
          all.add(new Access(client, connector.id(), Access.Kind.CONNECTOR, ""));
          permit
              .scopes()
              .values()
              .forEach(
                  scope -> all.add(new Access(client, connector.id(), Access.Kind.SCOPE, scope)));
        }
        for (var tool : connector.tools().all()) {
          var asked =
              new ToolRequest(
                  member, client, connector.id(), tool.name(), signIn, RandomLibraries.NOW);
          if (decision instanceof Decision.Permit
              && policy.decideTool(asked) instanceof ToolDecision.Allowed) {
            all.add(new Access(client, connector.id(), Access.Kind.TOOL, tool.name()));
          }
        }
      }
    }
    return all;
  }

  private static AccessRequest request(
      Member member, ClientId client, Connector connector, AuthenticationContext signIn) {
    return new AccessRequest(
        member,
        client,
        connector.authorizationServer(),
        List.of(connector.resource()),
        Scopes.NONE,
        signIn,
        RandomLibraries.NOW);
  }

  private static Set<Access> firm(Set<Access> access) {
    return access.stream()
        .filter(one -> one.on() == Access.On.NOTHING || one.on() == Access.On.NO_CONDITION)
        .collect(Collectors.toSet());
  }

  /// What is said of a sort of clients holds for each of that sort.
  private static Set<Access> everyClient(Set<Access> access, Clients sorts) {
    var all = new TreeSet<Access>();
    for (var one : access) {
      for (var client : CLIENTS) {
        if (sorts.sort(client).equals(one.client())) {
          all.add(new Access(client, one.connector(), one.kind(), one.name()));
        }
      }
    }
    return all;
  }

  private static Set<Access> without(Set<Access> some, Set<Access> others) {
    var rest = new TreeSet<>(some);
    rest.removeAll(others);
    return rest;
  }
}
