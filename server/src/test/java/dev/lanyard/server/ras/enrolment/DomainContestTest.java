package dev.lanyard.server.ras.enrolment;

import static dev.lanyard.server.pair.Reception.OPERATOR;
import static dev.lanyard.server.pair.Reception.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.Customer;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Reception;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.ras.enrolment.Invitations.Coded;
import dev.lanyard.server.ras.organisations.Proof;
import dev.lanyard.server.ras.organisations.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("SEC-9, decision 0113: a domain is the organisation's that has proved it")
class DomainContestTest {
  private static final String OWNER = "bigcorp";
  private static final String OTHER = "other";
  private static final String DOMAIN = "modern.example";
  private static final String ALIKE = "rnodern.example";

  @TempDir Path folder;
  private Pair pair;
  private Customer customer;
  private Reception reception;

  private void start(Setup setup) {
    pair = Pair.start(setup, folder);
    customer = Customer.start(pair.clock);
    reception = Reception.of(pair, customer);
  }

  @AfterEach
  void stop() {
    customer.close();
    pair.close();
  }

  private EnrolmentResult vouched(String name, String domain) {
    return reception.office().domains().add(name, domain, Optional.of(Proof.OPERATOR), OPERATOR);
  }

  private Set<String> domains(String name) {
    return reception.organisation(name).domains().stream()
        .map(one -> one.name())
        .collect(Collectors.toSet());
  }

  private void assertRecorded(String type, String name, String evidence) {
    assertThat(new AuditLog(pair.database).query(AuditQuery.newest(30)))
        .anyMatch(one ->
            one.event().type().equals(type)
                && one.event().organisation().equals(Optional.of(name))
                && one.event().evidence().toJson().contains(evidence));
  }

  abstract class Contract {
    @Test
    void whoever_only_says_so_holds_nobody_up() {
      reception.invited(OTHER, DOMAIN, "look-alike.example");
      reception.invited(OWNER, DOMAIN);
      assertThat(domains(OTHER)).contains(DOMAIN);
      done(reception.provedDomain(OWNER, DOMAIN));
      assertThat(domains(OTHER)).as("it is over").containsExactly("look-alike.example");
      assertThat(reception.organisation(OWNER).provenDomains()).containsExactly(DOMAIN);
      assertRecorded("organisation.domain-proven-elsewhere", OTHER, DOMAIN + " of " + OTHER);
      reception.assertRefused(reception.add(OTHER, DOMAIN), "domain_taken");
    }

    @Test
    void the_operators_word_counts_more_too_also_in_an_invitation() {
      reception.invited(OTHER, DOMAIN, ALIKE, "third.example");
      Reception.made(reception.invite(OWNER, Set.of(), Set.of(DOMAIN)));
      assertThat(domains(OTHER)).as("what looks like it too").containsExactly("third.example");
      assertRecorded("organisation.invited-elsewhere", OTHER, ALIKE + " of " + OTHER);
      done(vouched(OWNER, "third.example"));
      assertThat(domains(OTHER)).isEmpty();
      assertThat(reception.organisation(OWNER).provenDomains()).hasSize(2);
    }

    @Test
    void whoever_has_proved_it_gives_way_to_nobody() {
      reception.invited(OTHER, ALIKE);
      done(reception.provedDomain(OTHER, ALIKE));
      reception.invited(OWNER);
      for (var domain : new String[] {ALIKE, DOMAIN}) {
        reception.assertRefused(reception.add(OWNER, domain), "domain_taken");
        reception.assertRefused(vouched(OWNER, domain), "domain_taken");
        for (var named : Set.of(Set.of(domain), Set.<String>of())) {
          var vouched = named.isEmpty() ? Set.of(domain) : Set.<String>of();
          assertThat(reception.invite("third", named, vouched)).isInstanceOf(Coded.Refused.class);
        }
      }
      assertThat(reception.office().custody().find("third")).isEmpty();
      done(reception.remove(OTHER, ALIKE));
      done(vouched(OWNER, DOMAIN));
    }

    @Test
    void of_two_that_prove_it_the_second_is_refused() {
      reception.invited(OTHER, ALIKE);
      reception.invited(OWNER, DOMAIN);
      var slow =
          Reception.of(
              pair,
              customer,
              domain -> {
                if (domain.equals(ALIKE)) {
                  done(reception.provedDomain(OWNER, DOMAIN));
                }
                return customer.documentOf(domain);
              });
      slow.assertRefused(slow.provedDomain(OTHER, ALIKE), "unknown_domain");
      assertThat(reception.organisation(OWNER).provenDomains()).containsExactly(DOMAIN);
    }

    @Test
    void an_issuer_is_not_proved_by_a_domain_that_another_has_proved_meanwhile() {
      reception.invited(OTHER, DOMAIN);
      reception.invited(OWNER, DOMAIN);
      reception.claimed(OTHER);
      var slow =
          Reception.of(
              pair,
              customer,
              domain -> {
                done(vouched(OWNER, domain));
                return customer.documentOf(domain);
              });
      slow.assertRefused(slow.provedByDomain(OTHER, DOMAIN), "unknown_domain");
      assertThat(reception.issuer(OTHER).stage()).isEqualTo(Stage.CLAIMED);
    }

    @Test
    void a_proof_of_an_issuer_below_a_domain_ends_what_others_say_of_it() {
      reception.invited(OTHER, DOMAIN);
      reception.invited(OWNER, DOMAIN);
      reception.claimed(OWNER);
      done(reception.provedByDomain(OWNER, DOMAIN));
      assertThat(domains(OTHER)).isEmpty();
      assertRecorded("organisation.proven-elsewhere", OTHER, DOMAIN + " of " + OTHER);
    }

    @Test
    void a_claim_that_came_to_nothing_is_over_with_the_invitation() {
      reception.invited(OTHER, DOMAIN, "proved.example");
      done(vouched(OTHER, "proved.example"));
      pair.clock.advance(Duration.ofDays(6));
      done(reception.add(OTHER, "later.example"));
      done(reception.add(OTHER, DOMAIN));
      pair.clock.advance(Duration.ofDays(2));
      reception.office().custody().expire(OPERATOR);
      assertThat(domains(OTHER)).contains(DOMAIN, "later.example");
      pair.clock.advance(Duration.ofDays(6));
      reception.office().custody().expire(OPERATOR);
      assertThat(domains(OTHER)).containsExactly("proved.example");
      assertRecorded("organisation.domains-expired", OTHER, DOMAIN);
    }
  }

  @Nested
  @DisplayName("on SQLite")
  class OnSqlite extends Contract {
    @BeforeEach
    void here() {
      start(Setup.usual(folder));
    }
  }

  @Nested
  @DisplayName("on PostgreSQL")
  class OnPostgres extends Contract {
    @BeforeEach
    void here() {
      start(Setup.on(TestDatabases.postgres(), folder));
    }

    @Test
    void of_many_that_prove_it_at_once_one_has_it() throws InterruptedException {
      // Of so many the locks would be in each other's way more often than the database is patient.
      int many = 8;
      for (int i = 0; i < many; i++) {
        reception.invited("at-once-" + i, i % 2 == 0 ? DOMAIN : ALIKE);
      }
      var next = new AtomicInteger();
      var results = new ConcurrentLinkedQueue<EnrolmentResult>();
      AtOnce.run(
          many,
          () -> {
            int i = next.getAndIncrement();
            results.add(vouched("at-once-" + i, i % 2 == 0 ? DOMAIN : ALIKE));
          });
      assertThat(results)
          .hasSize(many)
          .filteredOn(EnrolmentResult.Done.class::isInstance)
          .hasSize(1);
      assertThat(
              IntStream.range(0, many)
                  .mapToObj(i -> reception.organisation("at-once-" + i))
                  .filter(one -> !one.provenDomains().isEmpty()))
          .hasSize(1);
    }
  }

  @Nested
  @DisplayName("One invitation")
  class OneInvitation {
    @BeforeEach
    void here() {
      start(Setup.usual(folder));
    }

    @Test
    void may_name_a_domain_and_vouch_for_it() {
      Reception.made(reception.invite(OWNER, Set.of(DOMAIN), Set.of(DOMAIN)));
      assertThat(reception.organisation(OWNER).provenDomains()).containsExactly(DOMAIN);
    }

    @Test
    void has_200_domains_at_most() {
      var many =
          IntStream.rangeClosed(1, 201)
              .mapToObj(i -> "d" + i + ".example")
              .collect(Collectors.toSet());
      assertThat(reception.invite(OWNER, many, Set.of()))
          .isInstanceOfSatisfying(
              Coded.Refused.class,
              refused -> assertThat(refused.problem().code()).isEqualTo("too_many"));
      assertThat(reception.office().custody().find(OWNER)).isEmpty();
      many.remove("d201.example");
      Reception.made(reception.invite(OWNER, many, Set.of("d1.example")));
      assertThat(domains(OWNER)).hasSize(200);
      reception.assertRefused(reception.add(OWNER, "one-more.example"), "too_many");
      done(reception.add(OWNER, "d1.example"));
    }
  }
}
