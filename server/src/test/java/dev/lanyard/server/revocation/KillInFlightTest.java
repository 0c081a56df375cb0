package dev.lanyard.server.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Freshness;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.Visit;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.sessions.IssuedGrants;
import dev.lanyard.server.sessions.LiveGrants;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("DPR-1: a kill overtakes a request that is decided and not yet durable")
class KillInFlightTest {
  @TempDir Path folder;

  private DatabaseConfig config;
  private Pair here;
  private Pair there;
  private Person alice;
  private final ExecutorService client = Executors.newSingleThreadExecutor();

  @BeforeEach
  void start() {
    config = TestDatabases.postgres();
    here = Pair.start(Setup.on(config, folder).ordinary(), folder);
    there = Pair.start(here.setup().beside(here), folder.resolve("there"));
    alice = here.person("alice", "engineering");
    there.awaitChanges();
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    there.close();
    here.close();
  }

  /// What the database does not write until it is closed.
  private final class Held implements AutoCloseable {
    private final Connection connection;

    Held(String table, String mode) throws SQLException {
      connection = DriverManager.getConnection(config.url());
      connection.setAutoCommit(false);
      try (var lock = connection.createStatement()) {
        lock.execute("LOCK TABLE " + table + " IN " + mode + " MODE");
      }
    }

    /// Until somebody waits for it.
    void awaitVictim() throws SQLException {
      var select =
          "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'ras_grant'::regclass"
              + " OR NOT granted AND relation = 'refresh_token'::regclass"
              + " OR NOT granted AND relation = 'audit'::regclass";
      Soon.until(() -> {
        try (var query = connection.createStatement();
            var rows = query.executeQuery(select)) {
          rows.next();
          return rows.getInt(1) > 0;
        }
      });
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }

  /// The answer to a request that is decided, then held; meanwhile something happens.
  private Answer overtaken(String table, Callable<Answer> request, Runnable meanwhile)
      throws Exception {
    Future<Answer> answer;
    try (var held = new Held(table, "SHARE")) {
      answer = client.submit(request);
      held.awaitVictim();
      meanwhile.run();
      there.awaitChanges();
    }
    return answer.get();
  }

  /// A code of the ordinary flow, redeemed there while something happens.
  private void assertCodeGivesNothing(Visit visit, String code, Runnable meanwhile)
      throws Exception {
    var form = visit.codeRequest(code).build();

    var answer = overtaken("ras_grant", () -> visit.token(form), meanwhile);

    assertThat(answer.text("error")).isEqualTo("invalid_grant");
    assertThat(answer.body()).doesNotContain("access_token");
    assertThat(new IssuedGrants(there.database).on(there.ras().value(), there.clock.instant()))
        .as("what was recorded is dead")
        .isEmpty();
  }

  @Test
  @DisplayName("the ordinary flow: the person is disabled, or takes the consent back, meanwhile")
  void a_code_of_the_ordinary_flow() throws Exception {
    var gina = here.guest("gina");
    there.awaitChanges();
    var visit = Visit.pocket(there);
    var request = visit.authorization(World.LINEAR, "issues.read").build();
    assertCodeGivesNothing(
        visit,
        visit.code("gina", request),
        () -> {
          var browser = visit.at(here);
          var page = browser.browse(here.rasUrl("/consents"));
          browser.submit("/consents", Visit.form(page).build());
        });
    var again = visit.decide(visit.authorize(request), "allow").parameter("code");
    assertCodeGivesNothing(visit, again, () -> here.happened(gina, Happening.DISABLED));
  }

  @Test
  @DisplayName("disabled at the other node: no token leaves, and the grant is dead in the record")
  void a_redemption() throws Exception {
    var desk = new Desk(there);
    var idJag = desk.idJag("alice", World.LINEAR);

    var answer =
        overtaken(
            "ras_grant",
            () -> desk.redeem(idJag),
            () -> {
              // Whatever is decided before, it is not the date of the token that refuses it.
              here.clock.advance(Duration.ofSeconds(-20));
              here.happened(alice, Happening.DISABLED);
              here.clock.advance(Duration.ofSeconds(20));
            });

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("error")).isEqualTo("invalid_grant");
    assertThat(answer.body()).doesNotContain("access_token");
    assertThat(there.audit(answer.header("Lanyard-Correlation-Id").orElseThrow()))
        .contains("token.redeem success", "token.redeem refused", "\"requirement\":\"RAS-11\"");
    var grants =
        new LiveGrants(here.database).of(List.of(alice.id().value()), here.clock.instant());
    assertThat(grants).hasSize(1);
    assertThat(here.reconciliation.run().findings())
        .extracting(ReconciliationReport.Finding::fault)
        .as("what nobody got is not found alive")
        .doesNotContain(ReconciliationReport.Fault.GRANT_OF_DISABLED);
  }

  @Test
  @DisplayName("everything of theirs revoked: the ID-JAG is dead before its token leaves")
  void a_redemption_of_somebody_who_is_revoked() throws Exception {
    var desk = new Desk(there);
    var idJag = desk.idJag("alice", World.LINEAR);

    var answer =
        overtaken(
            "ras_grant",
            () -> desk.redeem(idJag),
            () -> here.happened(alice, Happening.SESSIONS_REVOKED));

    assertThat(answer.text("error")).isEqualTo("invalid_grant");
    assertThat(here.reconciliation.run().findings()).isEmpty();
  }

  @Test
  @DisplayName("an exchange: no ID-JAG leaves, that a server of others could redeem")
  void an_exchange() throws Exception {
    var desk = new Desk(there);
    var idToken = desk.idToken("alice");

    var answer =
        overtaken(
            "audit", () -> desk.exchange(idToken, World.LINEAR), this::killedWhileAuditIsHeld);

    assertThat(answer.text("error")).isEqualTo("invalid_grant");
    assertThat(answer.body()).doesNotContain("access_token");
  }

  /// A kill is recorded too, so only its effect on memory can be had while the record is held.
  private void killedWhileAuditIsHeld() {
    there.directory.switchOff(List.of(alice.id()));
  }

  @Test
  @DisplayName("a node that slept meanwhile answers 503, whatever it had decided")
  void a_node_that_does_not_know_any_more() throws Exception {
    there.close();
    var impatient = config.withFreshness(Duration.ofMillis(100), Duration.ofSeconds(1));
    there = Pair.start(Setup.on(impatient, folder).beside(here), folder.resolve("impatient"));
    var desk = new Desk(there);
    // Whoever comes for the first time is linked, and that is a change.
    Soon.until(() -> desk.redeem(desk.idJag("alice", World.LINEAR)).status() == 200);
    var idJag = desk.idJag("alice", World.LINEAR);
    Future<Answer> answer;
    try (var deaf = new Held("change", "ACCESS EXCLUSIVE")) {
      try (var held = new Held("ras_grant", "SHARE")) {
        answer = client.submit(() -> desk.redeem(idJag));
        held.awaitVictim();
        Soon.until(() -> there.database.changes().freshness() instanceof Freshness.Stale);
      }
      assertThat(answer.get().status()).isEqualTo(503);
      assertThat(deaf).isNotNull();
    }
    Soon.until(() -> there.database.changes().freshness() instanceof Freshness.Fresh);
    Soon.until(() -> desk.redeem(desk.idJag("alice", World.LINEAR)).status() == 200);
  }

  @Test
  @DisplayName("nobody else is harmed: what is held for long is answered as it was decided")
  void bob_gets_his_token() throws Exception {
    here.person("bob", "engineering");
    there.awaitChanges();
    var desk = new Desk(there);
    var idJag = desk.idJag("bob", World.LINEAR);

    var answer =
        overtaken(
            "ras_grant", () -> desk.redeem(idJag), () -> here.happened(alice, Happening.DISABLED));

    assertThat(answer.status()).isEqualTo(200);
  }
}
