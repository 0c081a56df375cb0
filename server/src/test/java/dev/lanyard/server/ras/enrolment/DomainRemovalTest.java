package dev.lanyard.server.ras.enrolment;

import static dev.lanyard.server.pair.Reception.OPERATOR;
import static dev.lanyard.server.pair.Reception.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Customer;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Reception;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.ras.organisations.OrganisationTables;
import dev.lanyard.server.ras.organisations.Proof;
import dev.lanyard.server.ras.organisations.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("RAS-22, decision 0022: what rests on a domain goes with it")
class DomainRemovalTest {
  private static final String EVIL = "evil";
  private static final String DOMAIN = "evil.example";
  private static final String OPEN = "{\"create_people\":true}";

  @TempDir Path folder;
  private Pair pair;
  private Customer customer;
  private Reception reception;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    customer = Customer.start(pair.clock);
    reception = Reception.of(pair, customer);
  }

  @AfterEach
  void stop() {
    customer.close();
    pair.close();
  }

  private void assertNobodyComesIn() {
    for (var address : new String[] {"victim@bigcorp.example", "mallory@" + DOMAIN}) {
      var answer = reception.redeemed(customer.claims(pair, "s-1").put("email", address));
      assertThat(answer.text("error")).as(answer.body()).isEqualTo("invalid_grant");
    }
    assertThat(reception.redeemed("s-2").status()).isEqualTo(400);
    assertThat(pair.directory.all()).as("nobody was created").isEmpty();
  }

  private void assertRightfulOwnerGetsIt() {
    reception.activated("rightful", OPEN);
  }

  @Nested
  @DisplayName("A stranger's issuer that a domain alone has proved")
  class StrangersIssuer {
    @BeforeEach
    void proved() {
      reception.invited(EVIL, DOMAIN);
      reception.claimed(EVIL);
      done(reception.provedByDomain(EVIL, DOMAIN));
    }

    private void assertClaimedAnew(String before) {
      var issuer = reception.issuer(EVIL);
      assertThat(issuer.stage()).isEqualTo(Stage.CLAIMED);
      assertThat(issuer.proof()).isEmpty();
      assertThat(issuer.challenge()).as("what is published proves nothing").isNotEqualTo(before);
      reception.assertRefused(reception.switchedOn(EVIL, OPEN), "not_proven");
    }

    @Test
    void is_claimed_again_when_the_domain_goes_before_it_is_switched_on() {
      var before = reception.issuer(EVIL).challenge();
      done(reception.remove(EVIL, DOMAIN));
      assertClaimedAnew(before);
      assertNobodyComesIn();
      assertRightfulOwnerGetsIt();
    }

    @Test
    void is_claimed_again_when_the_domain_goes_while_it_waits_for_its_first_assertion() {
      var before = reception.issuer(EVIL).challenge();
      done(reception.switchedOn(EVIL, OPEN));
      done(reception.remove(EVIL, DOMAIN));
      assertClaimedAnew(before);
      assertNobodyComesIn();
      assertRightfulOwnerGetsIt();
    }

    @Test
    @DisplayName(
        "is claimed again also where another domain is left: which one named it is not kept")
    void with_another_domain_left() {
      var vouched = Optional.of(Proof.OPERATOR);
      done(reception.office().domains().add(EVIL, "other.example", vouched, OPERATOR));
      done(reception.switchedOn(EVIL, OPEN));
      done(reception.remove(EVIL, DOMAIN));
      assertThat(reception.issuer(EVIL).stage()).isEqualTo(Stage.CLAIMED);
      assertNobodyComesIn();
    }

    @Test
    @DisplayName("is confirmed by nobody where the record has no domain left, as one of before can")
    void without_a_domain_in_the_record() {
      done(reception.switchedOn(EVIL, OPEN));
      var _ =
          pair.database.write(connection -> {
            new OrganisationTables(connection).domains().remove(EVIL, DOMAIN);
            return pair.database
                .changes()
                .append(connection, OrganisationTables.CHANGE, OrganisationTables.change(EVIL));
          });
      pair.awaitChanges();
      assertThat(reception.issuer(EVIL).stage()).isEqualTo(Stage.PENDING);
      assertNobodyComesIn();
    }

    @Test
    void stays_where_a_domain_goes_that_was_never_proved() {
      done(reception.add(EVIL, "unproved.example"));
      done(reception.switchedOn(EVIL, OPEN));
      done(reception.remove(EVIL, "unproved.example"));
      assertThat(reception.issuer(EVIL).stage()).isEqualTo(Stage.PENDING);
    }
  }

  @Test
  void a_domain_that_goes_while_its_document_is_looked_for_proves_nothing() {
    reception.invited(EVIL, DOMAIN);
    reception.claimed(EVIL);
    var slow =
        Reception.of(
            pair,
            customer,
            domain -> {
              done(reception.remove(EVIL, domain));
              return customer.documentOf(domain);
            });
    slow.assertRefused(slow.provedByDomain(EVIL, DOMAIN), "unknown_domain");
    assertThat(reception.issuer(EVIL).stage()).isEqualTo(Stage.CLAIMED);
    assertThat(reception.organisation(EVIL).domains()).isEmpty();
    assertNobodyComesIn();
    assertRightfulOwnerGetsIt();
  }

  @Test
  @DisplayName("an issuer that was proved itself stays, and what its people have ends")
  void ends_what_its_people_have() {
    reception.invite("initech", Set.of(), Set.of("initech.example"));
    reception.claimed("initech");
    done(reception.provedByDocument("initech"));
    done(reception.switchedOn("initech", "{\"link_by_email\":true}"));
    for (var name : new String[] {"ana", "bob"}) {
      var address = Optional.of(name + "@initech.example");
      assertThat(pair.directory.create(new NewPerson("initech", name, address, name, Set.of())))
          .isInstanceOf(Linking.Created.class);
    }
    var ana = of("ana");
    assertThat(reception.lives(ana)).isTrue();

    done(reception.add("initech", "unproved.example"));
    done(reception.remove("initech", "unproved.example"));
    assertThat(reception.lives(ana)).as("an unproved domain gave nothing").isTrue();

    done(reception.remove("initech", "initech.example"));
    assertThat(reception.lives(ana)).isFalse();
    assertThat(reception.issuer("initech").stage()).isEqualTo(Stage.ACTIVE);
    pair.clock.advance(Duration.ofSeconds(31));
    assertThat(of("ana").status()).as("who was found stays found").isEqualTo(200);
    assertThat(of("bob").text("error")).as("nobody is found any more").isEqualTo("invalid_grant");

    // In an emergency nobody has to prove a domain first.
    var key = customer.key().publicKey().thumbprint();
    var rules = "{\"link_by_email\":true,\"refused_keys\":[\"" + key + "\"]}";
    done(reception.changed("initech", rules));
    assertThat(of("ana").text("error")).isEqualTo("invalid_grant");
    done(reception.changed("initech", "{}"));
    reception.assertRefused(reception.changed("initech", "{\"link_by_email\":true}"), "no_domain");
  }

  private Answer of(String name) {
    return reception.redeemed(
        customer.claims(pair, "sub-" + name).put("email", name + "@initech.example"));
  }

  @Test
  void of_a_domain_that_is_not_there_is_refused() {
    reception.invited(EVIL);
    reception.assertRefused(reception.remove(EVIL, DOMAIN), "unknown_domain");
    assertThat(reception.remove("nobody", DOMAIN)).isInstanceOf(EnrolmentResult.Refused.class);
  }
}
