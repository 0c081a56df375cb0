package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.database.Unit;
import dev.lanyard.server.directory.Traces;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.Session;
import dev.lanyard.server.sessions.SessionStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What has expired is removed from the record")
class ExpiredTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  /// What says so and is kept all the same.
  private static final List<String> KEPT =
      List.of(
          // Removed later, with everything that descends from it.
          "session.expires_at",
          // Of administrators' tokens the console shows that they have expired; they are few.
          "scim_token.expires_at",
          // Of the access token upstream: the grant lives on by its refresh token.
          "upstream_grant.expires_at");

  @TempDir Path folder;

  @Test
  void replay_records_stay_an_hour_longer_than_they_must_and_go_then() {
    var config = DatabaseConfig.sqlite(folder.resolve("record.db"));
    try (var database = Database.open(config, InstantSource.fixed(NOW))) {
      record(database, "needed", NOW.plusSeconds(60));
      record(database, "just expired", NOW.minusSeconds(60));
      record(database, "long expired", NOW.minus(Duration.ofHours(2)));

      var removed = new Expired(database, Duration.ofDays(31)).remove(NOW);

      assertThat(removed).containsEntry("dpop_proof", 1).containsEntry("redemption", 0);
      assertThat(count(database)).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("a node whose clock is ahead takes no replay record or denial from the others")
  void by_the_clock_that_is_behind() {
    var config = TestDatabases.postgres();
    var real = InstantSource.system().instant();
    var ahead = real.plus(Duration.ofDays(2));
    try (var database = Database.open(config, InstantSource.fixed(ahead))) {
      record(database, "needed", real.plusSeconds(60));
      record(database, "long expired", real.minus(Duration.ofHours(2)));
      database.<Integer>write(connection ->
          new Statements(connection)
              .update(
                  "INSERT INTO deny (kind, value, before, forget_after, reason, created_at)"
                      + " VALUES ('token', 'a', 1, ?, 'test', 1)",
                  real.plusSeconds(60)));

      var removed = new Expired(database, Duration.ofDays(31)).remove(ahead);

      assertThat(removed).containsEntry("dpop_proof", 1).containsEntry("deny", 0);
      assertThat(count(database)).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("a node whose clock is behind removes by its own")
  void by_its_own_clock_if_that_is_behind() {
    try (var database = Database.open(TestDatabases.postgres(), InstantSource.fixed(NOW))) {
      record(database, "needed by its clock", NOW.plusSeconds(60));
      record(database, "long expired", NOW.minus(Duration.ofHours(2)));

      assertThat(new Expired(database, Duration.ofDays(31)).remove(NOW))
          .containsEntry("dpop_proof", 1);
    }
  }

  @Test
  @DisplayName("a session stays as long as anything may live that was issued in it")
  void sessions_go_after_everything_that_descends_from_them() {
    var config = DatabaseConfig.sqlite(folder.resolve("record.db"));
    try (var database = Database.open(config, InstantSource.fixed(NOW))) {
      var sessions = new SessionStore(database, new Issuer("https://broker.example"));
      var life = Duration.ofDays(31);
      var over = session(database, sessions, NOW.minus(Duration.ofDays(1)));
      var longOver = session(database, sessions, NOW.minus(life).minus(Duration.ofMinutes(61)));

      var removed = new Expired(database, life).remove(NOW);

      assertThat(removed).containsEntry("session", 1);
      assertThat(sessions.find(over)).isPresent();
      assertThat(sessions.find(longOver)).isEmpty();
    }
  }

  @Test
  @DisplayName("one table that cannot be shortened keeps no other from it, and is told")
  void a_table_that_fails() {
    var config = DatabaseConfig.sqlite(folder.resolve("record.db"));
    try (var database = Database.open(config, InstantSource.fixed(NOW))) {
      record(database, "long expired", NOW.minus(Duration.ofHours(2)));
      database.<Integer>write(connection ->
          new Statements(connection)
              .update(
                  "ALTER TABLE %s RENAME TO away".formatted(Expired.tables().getFirst().table())));

      assertThatThrownBy(() -> new Expired(database, Duration.ofDays(31)).remove(NOW))
          .isInstanceOf(DatabaseException.class);
      assertThat(count(database)).isZero();
    }
  }

  @Test
  @DisplayName("of several nodes one removes, in turn")
  void in_turn() {
    var config = DatabaseConfig.sqlite(folder.resolve("record.db"));
    try (var database = Database.open(config, InstantSource.fixed(NOW))) {
      var expired = new Expired(database, Duration.ofDays(31));
      assertThat(expired.isOurTurn(NOW)).isTrue();
      assertThat(expired.isOurTurn(NOW)).isFalse();
      assertThat(expired.isOurTurn(NOW.plus(Duration.ofHours(1)))).isTrue();
    }
  }

  @Test
  @DisplayName("what the metadata document of a client said goes when nobody has asked for long")
  void documents_that_never_came_again() {
    var config = DatabaseConfig.sqlite(folder.resolve("record.db"));
    try (var database = Database.open(config, InstantSource.fixed(NOW))) {
      document(database, "https://gone.example", NOW.minus(Duration.ofHours(2)));
      document(database, "https://used.example", NOW.plus(Duration.ofDays(1)));

      assertThat(new Expired(database, Duration.ofDays(31)).remove(NOW))
          .containsEntry("client_document", 1);
    }
  }

  @Test
  @DisplayName("every table whose rows say until when they are needed is among those looked at")
  void every_table() {
    var config = DatabaseConfig.sqlite(folder.resolve("record.db"));
    try (var database = Database.open(config, InstantSource.fixed(NOW))) {
      var declared =
          Expired.tables().stream().map(one -> one.table() + "." + one.column()).toList();

      assertThat(declared).doesNotHaveDuplicates();
      assertThat(expiring(database))
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(declared.stream(), KEPT.stream()).toList());
    }
  }

  @Test
  @DisplayName("what is said to go by itself when somebody is erased is in such a table")
  void traces_that_expire() {
    var tables = new HashSet<>(Set.of(SessionStore.expiring().table()));
    Expired.tables().forEach(one -> tables.add(one.table()));
    assertThat(Traces.all().stream().filter(trace -> trace.fate() == Traces.Fate.EXPIRES))
        .isNotEmpty()
        .allSatisfy(trace -> assertThat(tables).contains(trace.column().split("\\.")[0]));
  }

  private static List<String> expiring(Database database) {
    return database.read(connection ->
        new Statements(connection)
            .list(
                """
                SELECT t.name || '.' || c.name FROM sqlite_master t, pragma_table_info(t.name) c
                WHERE t.type = 'table' AND c.name IN ('expires_at', 'forget_after')
                """,
                row -> row.getString(1)));
  }

  private static void document(Database database, String client, Instant forgetAfter) {
    database.<Integer>write(connection ->
        new Statements(connection)
            .update(
                "INSERT INTO client_document (server, client, description, changed_at,"
                    + " forget_after) VALUES ('https://broker.example', ?, '{}', 0, ?)",
                client,
                forgetAfter));
  }

  private static Secret session(Database database, SessionStore sessions, Instant expiresAt) {
    var cookie = OpaqueToken.secret();
    var session =
        new Session(
            OpaqueToken.identifier(),
            "alice",
            Optional.empty(),
            AuthenticationContext.UNKNOWN,
            expiresAt.minusSeconds(60),
            expiresAt);
    var _ = database.groupCommit().commit(Unit.of(List.of(sessions.begun(cookie, session))));
    return cookie;
  }

  private static void record(Database database, String proof, Instant forgetAfter) {
    database.write(connection -> {
      var insert =
          "INSERT INTO dpop_proof (key_thumbprint, proof_id, forget_after) VALUES (?, ?, ?)";
      try (var statement = connection.prepareStatement(insert)) {
        statement.setString(1, "key");
        statement.setString(2, proof);
        statement.setLong(3, forgetAfter.toEpochMilli());
        return statement.executeUpdate();
      }
    });
  }

  private static int count(Database database) {
    return database.read(connection -> {
      try (var statement = connection.prepareStatement("SELECT COUNT(*) FROM dpop_proof");
          var rows = statement.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    });
  }
}
