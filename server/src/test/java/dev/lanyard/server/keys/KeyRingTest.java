package dev.lanyard.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("KEY-1, KEY-2, KEY-6: the signing keys of an authorization server")
class KeyRingTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));
  private static final Set<Purpose> BROKER = EnumSet.of(Purpose.ID_TOKEN, Purpose.ID_JAG);

  abstract static class Contract {
    @TempDir Path secrets;
    private final DatabaseConfig config;
    private final Database database;
    private MasterKey masterKey;

    Contract(DatabaseConfig config) {
      this.config = config;
      this.database = Database.open(config, CLOCK);
    }

    @BeforeEach
    void createMasterKey() {
      MasterKey.create(secrets.resolve("master.key"));
      masterKey = MasterKey.load(secrets.resolve("master.key"));
    }

    @AfterEach
    void close() {
      database.close();
    }

    private KeyRing open(Database on, String server, Set<Purpose> purposes) {
      return KeyRing.open(
          on, KeySafe.of(masterKey), CLOCK, server, purposes, SigningAlgorithm.ES256);
    }

    private void execute(String sql) {
      database.<Boolean>write(connection -> {
        try (var statement = connection.createStatement()) {
          statement.execute(sql);
        }
        database.changes().append(connection, "signing-key", JsonObject.EMPTY);
        return true;
      });
    }

    @Test
    @DisplayName("KEY-2: the id of a new key can be an argument on a command line")
    void no_key_is_called_like_an_option() {
      var safe = KeySafe.of(masterKey);
      for (int i = 0; i < 300; i++) {
        var made = safe.make("broker", Purpose.ID_JAG, SigningAlgorithm.ES256);
        assertThat(made.key().keyId()).doesNotStartWith("-");
      }
    }

    @Test
    @DisplayName("Every purpose has its own key from the first start on")
    void one_key_for_each_purpose() {
      var ring = open(database, "broker", BROKER);

      assertThat(ring.active(Purpose.ID_TOKEN).keyId())
          .isNotEqualTo(ring.active(Purpose.ID_JAG).keyId());
      assertThat(ring.published().keys()).hasSize(2);
      assertThatThrownBy(() -> ring.active(Purpose.ACCESS_TOKEN))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("A restart finds the same keys, and makes only those that are lacking")
    void restart() {
      var before = open(database, "broker", Set.of(Purpose.ID_TOKEN));
      var after = open(database, "broker", BROKER);

      assertThat(after.active(Purpose.ID_TOKEN).keyId())
          .isEqualTo(before.active(Purpose.ID_TOKEN).keyId());
      assertThat(after.published().keys()).hasSize(2);
    }

    @Test
    @DisplayName("Two servers of one installation share no key")
    void servers_are_apart() {
      var broker = open(database, "broker", Set.of(Purpose.ID_TOKEN));
      var ras = open(database, "ras", Set.of(Purpose.ACCESS_TOKEN));

      assertThat(broker.published().keys()).hasSize(1);
      assertThat(ras.published().keys()).hasSize(1);
      assertThat(ras.active(Purpose.ACCESS_TOKEN).keyId())
          .isNotEqualTo(broker.active(Purpose.ID_TOKEN).keyId());
    }

    @Test
    @DisplayName("Two nodes that start first at once end with the keys of one")
    void concurrent_first_start() throws Exception {
      try (var other = Database.open(config, CLOCK);
          var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Callable<KeyRing>> starts =
            List.of(() -> open(database, "broker", BROKER), () -> open(other, "broker", BROKER));
        var rings = threads.invokeAll(starts);

        for (var purpose : BROKER) {
          assertThat(rings.get(0).get().active(purpose).keyId())
              .isEqualTo(rings.get(1).get().active(purpose).keyId());
        }
        assertThat(rings.get(0).get().published().keys()).hasSize(2);
      }
    }

    @Test
    @DisplayName(
        "Next, active and retired keys are published, revoked ones not, on every node at once")
    void states() {
      try (var other = Database.open(config, CLOCK)) {
        var here = open(database, "broker", Set.of(Purpose.ID_TOKEN));
        var there = open(other, "broker", Set.of(Purpose.ID_TOKEN));
        var first = here.active(Purpose.ID_TOKEN).keyId();
        var tag = here.jwks().tag();
        var next = SigningKey.generate(SigningAlgorithm.ES256);

        execute("UPDATE signing_key SET state = 'retired' WHERE kid = '" + first + "'");
        insert(next, "active");
        await(other);
        assertThat(there.active(Purpose.ID_TOKEN).keyId()).isEqualTo(next.keyId());
        assertThat(keyIds(there)).containsExactlyInAnyOrder(first, next.keyId());
        assertThat(there.jwks().tag()).isNotEqualTo(tag);

        execute("UPDATE signing_key SET state = 'revoked' WHERE kid = '" + first + "'");
        await(other);
        assertThat(keyIds(there)).containsExactly(next.keyId());
      }
    }

    private static List<String> keyIds(KeyRing ring) {
      return ring.published().keys().stream().map(key -> key.keyId().orElseThrow()).toList();
    }

    private void insert(SigningKey key, String state) {
      var context = "signing key " + key.keyId() + " of broker for id-token";
      var sealed = masterKey.seal(key.toPrivateJwk(), context);
      execute(
          "INSERT INTO signing_key (kid, server, purpose, state, algorithm, sealed, created_at) VALUES ('"
              + key.keyId()
              + "', 'broker', 'id-token', '"
              + state
              + "', 'ES256', '"
              + sealed
              + "', 0)");
    }

    private void await(Database node) {
      long last =
          database.read(connection -> {
            try (var rows =
                connection.createStatement().executeQuery("SELECT MAX(seq) FROM change")) {
              rows.next();
              return rows.getLong(1);
            }
          });
      node.changes().awaitApplied(last, Duration.ofSeconds(10));
    }

    @Test
    @DisplayName(
        "KEY-1: the published document holds no private part, and every key says what it is for")
    void published_document() throws Exception {
      var ring = open(database, "broker", BROKER);
      var json = new String(ring.jwks().bytes(), StandardCharsets.UTF_8);

      assertThat(json).doesNotContain("\"d\"");
      for (var key : JsonObject.parse(json).objects("keys").orElseThrow()) {
        assertThat(key.names()).contains("kid", "alg", "use", "kty");
      }
    }

    @Test
    @DisplayName("The record alone tells no private key")
    void sealed() throws Exception {
      var ring = open(database, "broker", Set.of(Purpose.ID_TOKEN));
      var privateJwk = JsonObject.parse(ring.active(Purpose.ID_TOKEN).toPrivateJwk().reveal());
      var stored =
          database.<String>read(connection -> {
            try (var rows =
                connection.createStatement().executeQuery("SELECT sealed FROM signing_key")) {
              rows.next();
              return rows.getString(1);
            }
          });

      assertThat(stored).doesNotContain(privateJwk.string("d").orElseThrow());
    }

    @Test
    @DisplayName("Another master key is told from a fault of the database")
    void wrong_master_key() {
      open(database, "broker", Set.of(Purpose.ID_TOKEN));
      MasterKey.create(secrets.resolve("other.key"));
      masterKey = MasterKey.load(secrets.resolve("other.key"));

      assertThatThrownBy(() -> open(database, "broker", Set.of(Purpose.ID_TOKEN)))
          .isInstanceOf(KeyException.class)
          .hasMessageContaining("not the one of this database");
    }

    @Test
    @DisplayName("A sealed key opens for its server and purpose only")
    void a_sealed_key_cannot_be_moved() throws SQLException {
      open(database, "broker", Set.of(Purpose.ID_TOKEN));
      database.<Boolean>write(connection ->
          connection
              .createStatement()
              .execute("UPDATE signing_key SET server = 'ras', purpose = 'access-token'"));

      assertThatThrownBy(() -> open(database, "ras", Set.of(Purpose.ACCESS_TOKEN)))
          .isInstanceOf(KeyException.class);
    }
  }

  @Nested
  class OnSqlite extends Contract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends Contract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }
}
