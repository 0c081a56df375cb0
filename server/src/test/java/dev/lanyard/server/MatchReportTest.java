package dev.lanyard.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.pair.Customer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.ras.match.ExportedPerson;
import dev.lanyard.server.ras.match.MatchReport;
import dev.lanyard.server.ras.match.PreFlight;
import dev.lanyard.server.ras.organisations.IdentityProvider;
import dev.lanyard.server.ras.organisations.Matching;
import dev.lanyard.server.ras.organisations.ReplayPolicy;
import dev.lanyard.server.revocation.Happening;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("RAS-9: the match report tells what redemption does")
class MatchReportTest {
  @TempDir Path folder;

  private static ExportedPerson person(int line, String subject, Optional<String> email) {
    return new ExportedPerson(line, subject, Optional.empty(), Optional.empty(), email);
  }

  private static Optional<String> at(String name) {
    return Optional.of(name + "@" + World.NEIGHBOURS_DOMAIN);
  }

  @Test
  void line_by_line() {
    try (var customer = Customer.start(new TestClock());
        var pair = Pair.start(Setup.usual(folder).serving(customer.issuer()), folder)) {
      for (var name : List.of("ana", "bob", "eve", "twin")) {
        create(pair, name, at(name));
      }
      create(pair, "twin-2", at("twin"));
      var bob = pair.directory.findByUserName(World.NEIGHBOUR, "bob").orElseThrow();
      pair.happened(bob, Happening.DISABLED);
      var people =
          List.of(
              person(2, "s-ana", at("ana")),
              person(3, "s-bob", at("bob")),
              person(4, "s-ana-again", at("ana")),
              person(5, "s-twin", at("twin")),
              person(6, "s-eve", Optional.of("eve@elsewhere.example")),
              person(7, "s-eve-2", at("eve")));
      var report = new PreFlight(pair.directory).report(people, way(customer));

      assertThat(report.people()).isEqualTo(6);
      assertThat(report.matching()).isEqualTo(2);
      assertThat(report.refused())
          .extracting(one -> one.person().line())
          .containsExactly(3, 4, 5, 6);
      assertThat(pair.directory.findLinked(link("s-ana", customer)))
          .as("nothing written")
          .isEmpty();
      assertThat(redeemed(pair, customer, people)).isEqualTo(refusedLines(report));
    }
  }

  private static void create(Pair pair, String name, Optional<String> email) {
    var person = new NewPerson(World.NEIGHBOUR, name, email, name, Set.of());
    assertThat(pair.directory.create(person)).isInstanceOf(Linking.Created.class);
  }

  private static ExternalSubject link(String subject, Customer customer) {
    return new ExternalSubject(World.NEIGHBOUR, customer.issuer(), subject);
  }

  private static PreFlight.Way way(Customer customer) {
    return new PreFlight.Way(
        World.NEIGHBOUR,
        new IdentityProvider(
            customer.issuer(),
            IdentityProvider.ALGORITHMS,
            Optional.empty(),
            new Matching(Set.of(World.NEIGHBOURS_DOMAIN), true, false),
            new ReplayPolicy.SingleUse()));
  }

  private static List<Integer> refusedLines(MatchReport report) {
    return report.refused().stream().map(one -> one.person().line()).toList();
  }

  /// The lines whose people are refused when they really come.
  private static List<Integer> redeemed(Pair pair, Customer customer, List<ExportedPerson> people) {
    var refused = new ArrayList<Integer>();
    for (var one : people) {
      JsonObject.Builder claims =
          customer.claims(pair, one.subject()).putIfPresent("email", one.email());
      if (new Desk(pair).redeem(customer.signed(claims.build())).status() != 200) {
        refused.add(one.line());
      }
    }
    return refused;
  }
}
