package dev.lanyard.server.ras.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.pair.Customer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Reception;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.pair.World;
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
    return new ExportedPerson(
        line, subject, Optional.empty(), Optional.empty(), Optional.empty(), email);
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

  private static final String NAME = "initech";

  /// An organisation whose issuer is switched on with these rules.
  private static PreFlight.Way enrolled(Pair pair, Customer customer, String rules) {
    var reception = Reception.of(pair, customer);
    var _ = reception.invited(NAME);
    reception.claimed(NAME);
    Reception.done(reception.provedByDocument(NAME));
    return PreFlight.ways(Reception.done(reception.switchedOn(NAME, rules))).getFirst();
  }

  private static boolean comesIn(Pair pair, Customer customer, JsonObject.Builder claims) {
    return new Desk(pair).redeem(customer.signed(claims.build())).status() == 200;
  }

  @Test
  @DisplayName("RAS-20, IDP-25: a subject is one of the tenant that is accepted, and of no other")
  void of_an_issuer_that_serves_several_tenants() throws MalformedException {
    try (var customer = Customer.start(new TestClock());
        var pair = Pair.start(Setup.usual(folder), folder)) {
      var way = enrolled(pair, customer, "{\"tenant\":\"t-1\",\"create_people\":true}");
      assertThat(comesIn(pair, customer, customer.claims(pair, "s-1").put("tenant", "t-1")))
          .isTrue();

      var silent = PeopleExport.read("sub\ns-1\ns-2\n");
      var report = new PreFlight(pair.directory).report(silent, way);
      assertThat(report.known()).as(report.toJson().toJson()).isEqualTo(1);
      assertThat(report.created()).isEqualTo(1);

      var named = PeopleExport.read("sub,tenant\ns-1,t-1\ns-3,t-2\ns-4,\n");
      var tenants = new PreFlight(pair.directory).report(named, way);
      assertThat(refusedLines(tenants)).containsExactly(3);
      assertThat(tenants.refused().getFirst().why())
          .isEqualTo(new Evidence("tenant", "t-1", "t-2", "RAS-20"));
      assertThat(comesIn(pair, customer, customer.claims(pair, "s-3").put("tenant", "t-2")))
          .isFalse();
      assertThat(comesIn(pair, customer, customer.claims(pair, "s-4").put("tenant", "t-1")))
          .isTrue();
    }
  }

  @Test
  @DisplayName("RAS-20: an issuer without tenants has nobody of one")
  void of_an_issuer_without_tenants() throws MalformedException {
    try (var customer = Customer.start(new TestClock());
        var pair = Pair.start(Setup.usual(folder), folder)) {
      var way = enrolled(pair, customer, "{\"create_people\":true}");
      var people = PeopleExport.read("sub,tenant\ns-1,t-1\ns-2,\n");
      assertThat(refusedLines(new PreFlight(pair.directory).report(people, way)))
          .containsExactly(2);
      assertThat(comesIn(pair, customer, customer.claims(pair, "s-1").put("tenant", "t-1")))
          .isFalse();
      assertThat(comesIn(pair, customer, customer.claims(pair, "s-2"))).isTrue();
    }
  }

  @Test
  @DisplayName("RAS-10: people are found by the NameID that the export has")
  void of_an_issuer_whose_people_have_name_ids() throws MalformedException {
    try (var customer = Customer.start(new TestClock());
        var pair = Pair.start(Setup.usual(folder), folder)) {
      var way =
          enrolled(
              pair,
              customer,
              "{\"name_id\":{\"issuer\":\"https://saml.example\",\"means\":\"user_name\","
                  + "\"required\":true,\"sp_name_qualifier\":\"ours\"}}");
      for (var name : List.of("ana", "bob", "eve")) {
        var created = new NewPerson(NAME, name, Optional.empty(), name, Set.of());
        assertThat(pair.directory.create(created)).isInstanceOf(Linking.Created.class);
      }
      var brief = PeopleExport.read("sub,nameid\ns-1,ana\ns-2,nobody\ns-3,\n");
      var agreed = new PreFlight(pair.directory).report(brief, way);
      assertThat(refusedLines(agreed)).containsExactly(3, 4);
      assertThat(agreed.linked()).isEqualTo(1);
      assertThat(agreed.refused())
          .extracting(one -> one.why().actual())
          .containsExactly("a NameID of nobody", "none");

      var said =
          PeopleExport.read(
              "sub,nameid,nameid_issuer,sp_name_qualifier\n"
                  + "s-1,ana,https://saml.example,ours\n"
                  + "s-4,bob,https://saml.example,\n"
                  + "s-5,bob,https://evil.example,ours\n"
                  + "s-6,eve,https://saml.example,theirs\n");
      var report = new PreFlight(pair.directory).report(said, way);
      assertThat(refusedLines(report)).containsExactly(3, 4, 5);
      assertThat(report.refused()).allMatch(one -> one.why().actual().equals("not tied"));
      var evil = "https://evil.example";
      var good = "https://saml.example";
      assertThat(comesIn(pair, customer, named(pair, customer, "s-1", "ana", good, "ours")))
          .isTrue();
      assertThat(comesIn(pair, customer, named(pair, customer, "s-5", "bob", evil, "ours")))
          .isFalse();
      assertThat(comesIn(pair, customer, named(pair, customer, "s-6", "eve", good, "theirs")))
          .isFalse();
    }
  }

  private static JsonObject.Builder named(
      Pair pair, Customer customer, String subject, String name, String issuer, String qualifier) {
    return customer
        .claims(pair, subject)
        .put(
            "sub_id",
            JsonObject.builder()
                .put("format", "saml-nameid")
                .put("issuer", issuer)
                .put("nameid", name)
                .put("sp_name_qualifier", qualifier)
                .build());
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
