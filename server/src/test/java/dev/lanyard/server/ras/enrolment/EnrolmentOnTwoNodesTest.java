package dev.lanyard.server.ras.enrolment;

import static dev.lanyard.server.pair.Reception.OPERATOR;
import static dev.lanyard.server.pair.Reception.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.database.Follower;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.delivery.Courier;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.Customer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Reception;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.ras.organisations.OrganisationTables;
import dev.lanyard.server.ras.organisations.Stage;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("RAS-4, RAS-22: enrolment on two nodes of one PostgreSQL")
class EnrolmentOnTwoNodesTest {
  private static final String NAME = "acme-inc";
  private static final String OPEN = "{\"create_people\":true}";

  @TempDir Path folder;
  private Pair one;
  private Pair two;
  private Customer customer;

  @BeforeEach
  void start() {
    var setup = Setup.on(TestDatabases.postgres(), folder);
    one = Pair.start(setup, folder);
    two = Pair.start(setup.beside(one), folder);
    customer = Customer.start(one.clock);
  }

  @AfterEach
  void stop() {
    customer.close();
    two.close();
    one.close();
  }

  private Reception at(Pair node) {
    return Reception.of(node, customer);
  }

  private static void claimed(Reception reception, String name) {
    reception.invited(name);
    reception.claimed(name);
  }

  private String proof(Reception reception, String name) {
    var value = reception.issuer(name).challenge();
    return customer.signed(customer.claims(one, "admin").put("nonce", value).build());
  }

  private EnrolmentResult proved(Reception reception, String name, String proof) {
    return reception.office().issuers().proveByAssertion(name, customer.issuer(), proof, OPERATOR);
  }

  /// An organisation whose issuer is proved by an assertion.
  private Reception proven() {
    var reception = at(one);
    claimed(reception, NAME);
    done(proved(reception, NAME, proof(reception, NAME)));
    return reception;
  }

  private Answer redeemed(Pair node, String subject) {
    var form =
        new Desk(one)
            .redemption(customer.signed(customer.claimsAhead(one, subject).build()))
            .build();
    return Http.post(node.rasUrl("/token"), form, Desk.basic("desk-ras"));
  }

  @Test
  void of_two_who_prove_one_issuer_at_once_exactly_one_has_it() throws InterruptedException {
    claimed(at(one), "first");
    claimed(at(two), "second");
    var proofs = new String[] {proof(at(one), "first"), proof(at(two), "second")};
    var next = new AtomicInteger();
    var results = new ConcurrentLinkedQueue<EnrolmentResult>();
    AtOnce.run(
        2,
        () -> {
          int i = next.getAndIncrement();
          results.add(
              i == 0 ? proved(at(one), "first", proofs[i]) : proved(at(two), "second", proofs[i]));
        });
    assertThat(results).hasSize(2);
    assertThat(results).filteredOn(EnrolmentResult.Done.class::isInstance).hasSize(1);
  }

  @Test
  void what_one_node_does_the_other_knows() {
    var reception = proven();
    assertThat(redeemed(two, "s-1").text("error")).isEqualTo("invalid_grant");
    done(reception.switchedOn(NAME, OPEN));
    two.awaitChanges();
    var first = redeemed(two, "s-1");
    assertThat(first.status()).as(first.body()).isEqualTo(200);
    done(reception.office().custody().suspend(NAME, "a test", OPERATOR));
    two.awaitChanges();
    assertThat(redeemed(two, "s-1").text("error")).isEqualTo("invalid_grant");
    var token = first.text("access_token");
    assertThat(new Desk(two).introspect(token, "linear-server").body())
        .isEqualTo("{\"active\":false}");
  }

  @Test
  @DisplayName("Who is in by one node is out when the other has stopped the organisation's issuer")
  void a_kill_at_one_node_ends_visits_at_the_other() {
    var reception = proven();
    var before = Reception.made(reception.office().invitations().link(NAME, OPERATOR));
    var visits = at(two).office().invitations();
    var visit = visits.enter(before, OPERATOR, _ -> true).orElseThrow();
    var unused = Reception.made(reception.invite("other", Set.of(), Set.of()));

    killed(new Subject.Provider(customer.issuer()), Happening.DISABLED);

    assertThat(visits.visitor(visit.cookie())).isEmpty();
    var after = Reception.made(reception.office().invitations().link(NAME, OPERATOR));
    var again = visits.enter(after, OPERATOR, _ -> true).orElseThrow();
    killed(new Subject.Everything(), Happening.DISABLED);
    assertThat(visits.visitor(again.cookie())).isEmpty();
    assertThat(visits.enter(unused, OPERATOR, _ -> true)).isEmpty();
  }

  @Test
  void of_kills_and_entries_at_once_no_visit_outlives_the_kill() throws InterruptedException {
    proven();
    var visits = at(two).office().invitations();
    for (int round = 0; round < 10; round++) {
      var code = Reception.made(at(one).office().invitations().link(NAME, OPERATOR));
      var next = new AtomicInteger();
      var entered = new ConcurrentLinkedQueue<Invitations.Visit>();
      AtOnce.run(
          2,
          () -> {
            if (next.getAndIncrement() == 0) {
              killed(new Subject.Organisation(NAME), Happening.DISABLED);
            } else {
              visits.enter(code, OPERATOR, _ -> true).ifPresent(entered::add);
            }
          });
      assertThat(entered).allSatisfy(in -> assertThat(visits.visitor(in.cookie())).isEmpty());
      killed(new Subject.Organisation(NAME), Happening.ENABLED);
    }
  }

  private void killed(Subject subject, Happening what) {
    var _ = one.revocation.report(Source.of(Source.Kind.ADMIN), subject, what, "a test", "test");
  }

  @Test
  @DisplayName("What a node gives by a key that was refused meanwhile ends too, once it has heard")
  void what_is_given_by_former_rules_ends() throws Exception {
    var reception = proven();
    done(reception.switchedOn(NAME, OPEN));
    two.awaitChanges();
    var heard = new CountDownLatch(1);
    var arrived = new CountDownLatch(1);
    two.database
        .changes()
        .followFirst(
            OrganisationTables.CHANGE,
            Follower.anew(_ -> {
              arrived.countDown();
              awaited(heard);
            }));
    done(
        reception.changed(
            NAME,
            "{\"create_people\":true,\"refused_keys\":[\"%s\"]}"
                .formatted(customer.key().publicKey().thumbprint())));
    assertThat(redeemed(one, "s-1").text("error")).isEqualTo("invalid_grant");
    awaited(arrived);
    one.clock.advance(Duration.ofSeconds(2));
    var given = redeemed(two, "s-2");
    assertThat(given.status()).as("by the rules of before: " + given.body()).isEqualTo(200);
    heard.countDown();
    two.awaitChanges();
    assertThat(lives(given)).as("dated after the kill").isTrue();
    var asked = secondKills(one).getFirst();
    Soon.until(() -> one.secondKills().carry(asked) instanceof Courier.Result.Delivered);
    two.awaitChanges();
    assertThat(lives(given)).isFalse();
  }

  private static List<Courier.Parcel> secondKills(Pair node) {
    return new Outbox(node.database, (_, _, _) -> {}, node.clock)
        .waiting().stream()
            .filter(letter -> letter.delivery().kind().equals(SecondKills.KIND))
            .map(letter -> new Courier.Parcel(letter.id(), letter.delivery(), 1, Optional.empty()))
            .toList();
  }

  private boolean lives(Answer given) {
    return new Desk(two)
        .introspect(given.text("access_token"), "linear-server")
        .body()
        .contains("\"active\":true");
  }

  private static void awaited(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void of_many_first_assertions_at_once_one_is_recorded_as_the_first() throws InterruptedException {
    var reception = proven();
    done(reception.switchedOn(NAME, OPEN));
    two.awaitChanges();
    var next = new AtomicInteger();
    var statuses = new ConcurrentLinkedQueue<Integer>();
    AtOnce.run(
        6,
        () -> {
          int i = next.getAndIncrement();
          statuses.add(redeemed(i % 2 == 0 ? one : two, "s-" + i).status());
        });
    assertThat(statuses).hasSize(6).containsOnly(200);
    assertThat(new AuditLog(one.database).query(AuditQuery.newest(100)))
        .filteredOn(record -> record.event().type().equals("organisation.active"))
        .hasSize(1);
  }

  @Test
  void a_change_of_rules_beside_the_first_assertion_loses_neither() throws InterruptedException {
    var reception = proven();
    done(reception.switchedOn(NAME, OPEN));
    two.awaitChanges();
    var changed = "{\"create_people\":true,\"replay\":\"single-use+grace\"}";
    var next = new AtomicInteger();
    AtOnce.run(
        4,
        () -> {
          int i = next.getAndIncrement();
          if (i % 2 == 0) {
            redeemed(two, "s-" + i);
          } else {
            done(reception.changed(NAME, changed));
          }
        });
    var issuer = reception.issuer(NAME);
    assertThat(issuer.stage()).isEqualTo(Stage.ACTIVE);
    assertThat(issuer.rules().replay()).isEqualTo("single-use+grace");
  }
}
