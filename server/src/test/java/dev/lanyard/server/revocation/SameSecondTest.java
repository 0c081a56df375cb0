package dev.lanyard.server.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.revocation.IssuedAt;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Soon;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("DPR-1, decision 137: a kill reaches what was dated ahead because of another one")
class SameSecondTest {
  private static final Source ADMIN = Source.of(Source.Kind.ADMIN, "root");
  private static final Issuer SERVER = new Issuer("https://ras.example");
  private static final ClientId CLIENT = new ClientId("mcp-client");
  private static final ResourceIndicator CONNECTOR =
      new ResourceIndicator("https://mcp.example/mcp");

  @TempDir Path folder;
  private DatabaseConfig config;
  private RevocationNode node;
  private Person alice;

  @AfterEach
  void stop() {
    node.close();
  }

  /// The clock stands: all of it happens within one second.
  abstract class Contract {
    abstract DatabaseConfig database();

    @BeforeEach
    void start() {
      config = database();
      node = new RevocationNode(config);
      alice = node.person("alice");
    }

    private void happened(Subject subject, Happening what) {
      var reaction = node.revocation.report(ADMIN, subject, what, "a test", "test");
      assertThat(reaction).isInstanceOf(Reaction.Done.class);
    }

    private void alice(Happening what) {
      happened(new Subject.Person(alice.id()), what);
    }

    Origins issued(Instant at) {
      return Origins.signIn(alice.id().value(), at)
          .client(SERVER, CLIENT)
          .resources(List.of(CONNECTOR));
    }

    private Origins issuedNow() {
      return issued(node.revocation.denied().issuable(issued(node.now()), node.now()));
    }

    private boolean isDead(Origins origins) {
      return node.revocation.denied().denial(origins).isPresent();
    }

    @Test
    void of_the_same_person() {
      for (var what :
          List.of(Happening.SESSIONS_REVOKED, Happening.TOKENS_REVOKED, Happening.DISABLED)) {
        alice(what);
        var between = issuedNow();
        assertThat(isDead(between)).isFalse();
        alice(what);
        assertThat(isDead(between)).as(what.name()).isTrue();
        assertThat(isDead(issuedNow())).isFalse();
      }
    }

    @Test
    void whoever_is_back_at_once_has_nothing_from_before() {
      alice(Happening.SESSIONS_REVOKED);
      var between = issuedNow();
      alice(Happening.DISABLED);
      alice(Happening.ENABLED);
      assertThat(isDead(between)).isTrue();
      assertThat(isDead(issuedNow())).isFalse();
    }

    @Test
    void sessions_that_began_meanwhile_are_over_in_the_record() {
      alice(Happening.SESSIONS_REVOKED);
      var between = node.session(alice, "idp", "s-1", issuedNow().issuedAt);
      alice(Happening.SESSIONS_REVOKED);
      assertThat(node.isSessionOver(between)).isTrue();
    }

    @Test
    void of_what_is_of_many_after_the_person() {
      for (var thing :
          List.of(
              new Subject.Client(SERVER, CLIENT),
              new Subject.Connector(CONNECTOR),
              new Subject.Everything())) {
        alice(Happening.SESSIONS_REVOKED);
        var between = issuedNow();
        happened(thing, Happening.TOKENS_REVOKED);
        assertThat(isDead(between)).as(thing.toString()).isTrue();
      }
    }

    @Test
    void of_the_person_after_what_is_of_many() {
      happened(new Subject.Client(SERVER, CLIENT), Happening.TOKENS_REVOKED);
      var between = issuedNow();
      alice(Happening.SESSIONS_REVOKED);
      assertThat(isDead(between)).isTrue();
    }

    @Test
    void of_what_was_stopped_and_lifted() {
      var client = new Subject.Client(SERVER, CLIENT);
      alice(Happening.SESSIONS_REVOKED);
      var between = issuedNow();
      happened(client, Happening.DISABLED);
      assertThat(isDead(between)).isTrue();
      happened(client, Happening.ENABLED);
      assertThat(isDead(between)).isTrue();
      assertThat(isDead(issuedNow())).isFalse();
    }

    @Test
    void of_what_another_node_has_issued_before_this_one_has_heard_of_the_first() {
      try (var other = new RevocationNode(config)) {
        var reaction =
            other.revocation.report(
                ADMIN,
                new Subject.Person(alice.id()),
                Happening.SESSIONS_REVOKED,
                "a test",
                "test");
        assertThat(reaction).isInstanceOf(Reaction.Done.class);
        var between = issued(other.revocation.denied().issuable(issued(node.now()), node.now()));
        alice(Happening.SESSIONS_REVOKED);
        assertThat(isDead(between)).isTrue();
      }
    }

    @Test
    void what_another_node_kills_again_that_knows_of_no_date_stays_dead() {
      alice(Happening.SESSIONS_REVOKED);
      var between = issuedNow();
      happened(new Subject.Client(SERVER, CLIENT), Happening.TOKENS_REVOKED);
      var client = Denied.client(SERVER, CLIENT);
      var again = new Denial(client, node.now(), node.now().plusSeconds(60));
      var heard = new CopyOnWriteArrayList<Denial>();
      node.revocation.denied().onArrival(heard::addAll);
      var told =
          node.database.write(connection -> {
            var writes = node.database.writes(connection);
            var entry = new DenyTable.Entry(again, false, "a test");
            var denials =
                DenyTable.write(
                    connection, writes, node.database.changes(), List.of(entry), node.now());
            writes.send();
            return denials;
          });
      node.revocation.denied().apply(told.get());
      assertThat(isDead(between)).as("as this node has heard").isTrue();
      assertThat(node.database.read(DenySet::load))
          .as("in the record")
          .anyMatch(one -> one.denied().equals(client) && one.kills(between.issuedAt));
      node.awaitAll();
      assertThat(heard.getLast().kills(between.issuedAt)).as("as others hear").isTrue();
    }

    @Test
    void of_an_assertion_between_two_changes_of_groups() {
      alice(Happening.GROUPS_CHANGED);
      var id = alice.id().value();
      var denied = node.revocation.denied();
      var at = denied.issuable(Origins.assertion(id, node.now()), node.now());
      alice(Happening.GROUPS_CHANGED);
      assertThat(isDead(Origins.assertion(id, at))).isTrue();
    }

    @Test
    void thirty_new_groups_in_a_second_do_not_date_an_assertion_half_a_minute_ahead() {
      for (int i = 0; i < 30; i++) {
        alice(Happening.GROUPS_CHANGED);
      }
      var origins = Origins.assertion(alice.id().value(), node.now());
      assertThat(node.revocation.denied().issuable(origins, node.now()))
          .isBeforeOrEqualTo(node.now().plusSeconds(1));
    }

    @Test
    void whoever_has_one_person_killed_again_and_again_dates_nobody_minutes_ahead() {
      for (int i = 0; i < 40; i++) {
        alice(Happening.SESSIONS_REVOKED);
        var _ = issuedNow();
      }
      happened(new Subject.Connector(CONNECTOR), Happening.TOKENS_REVOKED);
      assertThat(issuedNow().issuedAt).isBefore(node.now().plusSeconds(22));
    }

    @Test
    void kills_of_others_move_nobody_further() {
      for (int i = 0; i < 30; i++) {
        happened(new Subject.Person(node.person("p" + i).id()), Happening.SESSIONS_REVOKED);
        happened(new Subject.Client(SERVER, new ClientId("c" + i)), Happening.TOKENS_REVOKED);
      }
      alice(Happening.SESSIONS_REVOKED);
      assertThat(issuedNow().issuedAt).isBeforeOrEqualTo(node.now().plusSeconds(1));
    }
  }

  @Nested
  @DisplayName("on SQLite")
  class OnSqlite extends Contract {
    @Override
    DatabaseConfig database() {
      return TestDatabases.sqlite(folder);
    }
  }

  @Nested
  @DisplayName("on PostgreSQL")
  class OnPostgres extends Contract {
    @Override
    DatabaseConfig database() {
      return TestDatabases.postgres();
    }

    @Test
    void of_what_was_issued_after_a_kill_that_this_one_has_waited_for() throws Exception {
      var person = new Subject.Person(alice.id());
      var kill =
          new Signal(
              ADMIN, "first", person, Happening.SESSIONS_REVOKED, node.now(), "a test", "test");
      var second = new CompletableFuture<Reaction>();
      try (var other = new RevocationNode(config, node.clock)) {
        var first =
            node.database.write(connection -> {
              var accepted = node.revocation.accept(connection, List.of(kill));
              second.completeAsync(() ->
                  other.revocation.report(
                      ADMIN, person, Happening.SESSIONS_REVOKED, "a test", "test"));
              awaitBlocked(connection);
              return accepted;
            });
        first.enforce();
        assertThat(second.get(30, TimeUnit.SECONDS)).isInstanceOf(Reaction.Done.class);
        var between = issued(IssuedAt.firstSecondAfter(node.now()));
        assertThat(other.revocation.denied().denial(between)).isPresent();
      }
    }

    /// Until another transaction waits for that of the connection.
    private void awaitBlocked(Connection connection) throws SQLException {
      var blocked =
          "SELECT 1 FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))";
      Soon.until(() -> new Statements(connection).finds(blocked));
    }
  }
}
