package dev.lanyard.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Library;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What counts seats says of everybody what decisions say, conditions aside")
class HoldingsTest {
  private static final int LIBRARIES = 400;
  private static final int PEOPLE = 10;

  /// By deciding for every client: each that the library names, and one that it does not.
  private static Set<String> decided(Library library, Member member) {
    var policy = PolicyLibrary.compile(library);
    var named =
        Stream.concat(
            library.clients().stream().map(one -> one.id()),
            library.roles().stream().flatMap(role -> role.clients().stream()));
    return Stream.concat(named, Stream.of(new ClientId("another")))
        .flatMap(
            client -> policy.prospects(member, client, RandomLibraries.NOW).connectors().stream())
        .map(Connector::id)
        .collect(Collectors.toSet());
  }

  private static Holdings holdings(Library library) {
    return PolicyLibrary.compile(library).holdings(RandomLibraries.NOW);
  }

  private static Set<String> counted(Holdings holdings, Member member) {
    return holdings.of(member).connectors().stream()
        .mapToObj(holdings.connectors()::get)
        .map(Connector::id)
        .collect(Collectors.toSet());
  }

  @Test
  void of_random_libraries() {
    int held = 0;
    int separated = 0;
    for (int seed = 0; seed < LIBRARIES; seed++) {
      var random = new RandomLibraries(seed);
      var library = random.library();
      // One for all of them, as the coverage map has it: what was found of one counts for the next.
      var holdings = holdings(library);
      for (int i = 0; i < PEOPLE; i++) {
        var member = random.request().member();
        var counted = counted(holdings, member);
        assertThat(counted)
            .as("library of seed %d, %s", seed, member)
            .isEqualTo(decided(library, member));
        held += counted.size();
        var together =
            new Library(
                library.version(),
                library.dataClasses(),
                library.connectors(),
                library.roles(),
                library.clients(),
                library.exemptions(),
                List.of());
        separated += counted(holdings(together), member).size() - counted.size();
      }
    }
    assertThat(held).as("the cases occur").isGreaterThan(1_000);
    assertThat(separated).as("separations occur").isGreaterThan(20);
  }
}
