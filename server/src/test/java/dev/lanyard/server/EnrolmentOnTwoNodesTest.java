package dev.lanyard.server;

import static dev.lanyard.server.pair.Reception.OPERATOR;
import static dev.lanyard.server.pair.Reception.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.Customer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Reception;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.ras.enrolment.EnrolmentOffice;
import dev.lanyard.server.ras.enrolment.EnrolmentResult;
import dev.lanyard.server.ras.enrolment.Invitation;
import dev.lanyard.server.ras.enrolment.Invitations.Coded;
import dev.lanyard.server.ras.enrolment.Revision;
import dev.lanyard.server.ras.organisations.IssuerRules;
import dev.lanyard.server.ras.organisations.OrganisationRules;
import dev.lanyard.server.ras.organisations.Preset;
import dev.lanyard.server.ras.organisations.Stage;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("RAS-4, RAS-22: enrolment on two nodes of one PostgreSQL")
class EnrolmentOnTwoNodesTest {
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

  private EnrolmentOffice office(Pair node) {
    return Reception.of(node, customer).office();
  }

  private void claimed(EnrolmentOffice office, String name) {
    var invitation =
        new Invitation(name, Set.of(), Set.of(), OrganisationRules.NONE, Invitation.DEFAULT_LIFE);
    assertThat(office.invitations().invite(invitation, OPERATOR)).isInstanceOf(Coded.Made.class);
    done(office.issuers().claim(name, Preset.OTHER, customer.issuer(), OPERATOR));
  }

  private String proof(EnrolmentOffice office, String name) {
    var issuer = office.custody().find(name).orElseThrow().issuer(customer.issuer()).orElseThrow();
    return customer.signed(customer.claims(one, "admin").put("nonce", issuer.challenge()).build());
  }

  private void proven(EnrolmentOffice office, String name) {
    done(office.issuers().proveByAssertion(name, customer.issuer(), proof(office, name), OPERATOR));
  }

  private static IssuerRules open() {
    return Reception.rules("{\"create_people\":true}");
  }

  private Answer redeemed(Pair node, String subject) {
    var form =
        new Desk(one).redemption(customer.signed(customer.claims(one, subject).build())).build();
    return Http.post(node.rasUrl("/token"), form, Desk.basic("desk-ras"));
  }

  @Test
  void of_two_who_prove_one_issuer_at_once_exactly_one_has_it() throws InterruptedException {
    claimed(office(one), "first");
    claimed(office(two), "second");
    var proofs = new String[] {proof(office(one), "first"), proof(office(two), "second")};
    var next = new AtomicInteger();
    var results = new ConcurrentLinkedQueue<EnrolmentResult>();
    AtOnce.run(
        2,
        () -> {
          int i = next.getAndIncrement();
          var office = office(i == 0 ? one : two);
          results.add(
              office
                  .issuers()
                  .proveByAssertion(
                      i == 0 ? "first" : "second", customer.issuer(), proofs[i], OPERATOR));
        });
    assertThat(results).hasSize(2);
    assertThat(results).filteredOn(EnrolmentResult.Done.class::isInstance).hasSize(1);
  }

  @Test
  void what_one_node_does_the_other_knows() {
    var office = office(one);
    claimed(office, "acme-inc");
    proven(office, "acme-inc");
    assertThat(redeemed(two, "s-1").text("error")).isEqualTo("invalid_grant");
    done(
        office
            .issuers()
            .switchOn("acme-inc", customer.issuer(), Revision.of(_ -> open()), OPERATOR));
    two.awaitChanges();
    var first = redeemed(two, "s-1");
    assertThat(first.status()).as(first.body()).isEqualTo(200);
    done(office.custody().suspend("acme-inc", "a test", OPERATOR));
    two.awaitChanges();
    assertThat(redeemed(two, "s-1").text("error")).isEqualTo("invalid_grant");
    var token = first.text("access_token");
    assertThat(new Desk(two).introspect(token, "linear-server").body())
        .isEqualTo("{\"active\":false}");
  }

  @Test
  void of_many_first_assertions_at_once_one_is_recorded_as_the_first() throws InterruptedException {
    var office = office(one);
    claimed(office, "acme-inc");
    proven(office, "acme-inc");
    done(
        office
            .issuers()
            .switchOn("acme-inc", customer.issuer(), Revision.of(_ -> open()), OPERATOR));
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
  void a_change_of_rules_beside_the_first_assertion_loses_neither()
      throws InterruptedException, MalformedException {
    var office = office(one);
    claimed(office, "acme-inc");
    proven(office, "acme-inc");
    done(
        office
            .issuers()
            .switchOn("acme-inc", customer.issuer(), Revision.of(_ -> open()), OPERATOR));
    two.awaitChanges();
    var changed =
        IssuerRules.parse(
            JsonObject.parse("{\"create_people\":true,\"replay\":\"single-use+grace\"}"));
    var next = new AtomicInteger();
    AtOnce.run(
        4,
        () -> {
          int i = next.getAndIncrement();
          if (i % 2 == 0) {
            redeemed(two, "s-" + i);
          } else {
            done(
                office
                    .issuers()
                    .change("acme-inc", customer.issuer(), Revision.of(_ -> changed), OPERATOR));
          }
        });
    var issuer =
        office.custody().find("acme-inc").orElseThrow().issuer(customer.issuer()).orElseThrow();
    assertThat(issuer.stage()).isEqualTo(Stage.ACTIVE);
    assertThat(issuer.rules().replay()).isEqualTo("single-use+grace");
  }
}
