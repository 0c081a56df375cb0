package dev.lanyard.server.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.database.Freshness;
import dev.lanyard.server.database.Proxy;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Soon;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A kill survives what happens to processes, notifications and the network")
@Tag("thorough")
class RevocationFaultsTest {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration STALE = Duration.ofMillis(500);

  @Test
  @DisplayName("the node dies between commit and fan-out: the other one and its successor know it")
  void node_dies_after_the_commit_on_postgres() throws Exception {
    diesAfterTheCommit(TestDatabases.postgres());
  }

  @Test
  @DisplayName("the same with commands beside a server on SQLite")
  void node_dies_after_the_commit_on_sqlite(@TempDir Path folder) throws Exception {
    diesAfterTheCommit(TestDatabases.sqlite(folder));
  }

  private static void diesAfterTheCommit(DatabaseConfig config) throws Exception {
    try (var other = new RevocationNode(config)) {
      var alice = other.person("alice");
      var bob = other.person("bob");
      var process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  KilledNode.class.getName(),
                  config.url(),
                  alice.id().value())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      assertThat(process.waitFor()).isEqualTo(137);
      isKilled(other, alice, bob);
      try (var successor = new RevocationNode(config)) {
        isKilled(successor, alice, bob);
      }
    }
  }

  private static void isKilled(RevocationNode node, Person alice, Person bob) {
    Soon.until(() -> !node.isActive(alice) && node.isDead(alice, node.now()));
    assertThat(node.isActive(bob)).isTrue();
    assertThat(node.isDead(bob, node.now())).isFalse();
  }

  @Test
  @DisplayName("a lost notification costs one poll, not the kill")
  void lost_notification() {
    var config = TestDatabases.postgres().withFreshness(POLL, STALE);
    try (var node = new RevocationNode(config);
        var silent = new RevocationNode(config)) {
      var alice = node.person("alice");
      // Written as the pipeline writes it, but nobody is notified.
      silent.database.write(connection -> {
        var denial =
            new Denial(
                Denied.person(alice.id().value()), node.now(), node.now().plusSeconds(3600), 0);
        var sql =
            "INSERT INTO change (seq, kind, body, at)"
                + " SELECT COALESCE(MAX(seq), 0) + 1, 'deny', ?, 0 FROM change";
        try (var insert = connection.prepareStatement(sql)) {
          insert.setString(1, Denial.change(List.of(denial)).toJson());
          return insert.executeUpdate();
        }
      });
      Soon.until(() -> node.isDead(alice, node.now()));
    }
  }

  @Test
  @DisplayName("the network to PostgreSQL is cut: the node is stale, then knows everything again")
  void cut_network() throws Exception {
    var config = TestDatabases.postgres().withFreshness(POLL, STALE);
    try (var proxy = Proxy.to(config);
        var node = new RevocationNode(config);
        var far = new RevocationNode(proxy.through(config))) {
      var alice = node.person("alice");
      Soon.until(() -> far.directory.person(alice.id()).isPresent());
      proxy.cut();
      Soon.until(() -> isStale(far.database));
      node.revocation.report(
          Source.of(Source.Kind.SCIM),
          new Subject.Person(alice.id()),
          Happening.DISABLED,
          "left",
          "test");
      long reported = System.nanoTime();
      assertThatThrownBy(() ->
              far.revocation.report(
                  Source.of(Source.Kind.SCIM),
                  new Subject.Person(alice.id()),
                  Happening.DISABLED,
                  "left",
                  "test"))
          .as("who cannot record a signal does not say that it has")
          .isInstanceOf(DatabaseException.class);
      Soon.until(() -> System.nanoTime() - reported > STALE.toNanos());
      proxy.mend();
      Soon.until(() -> !isStale(far.database));
      assertThat(far.isActive(alice)).isFalse();
      assertThat(far.isDead(alice, far.now())).isTrue();
    }
  }

  @Test
  @DisplayName("PostgreSQL goes silent, its connections standing: the node is stale all the same")
  void silent_network() throws Exception {
    var config = TestDatabases.postgres().withFreshness(POLL, STALE);
    try (var proxy = Proxy.to(config);
        var node = new RevocationNode(config);
        var far = new RevocationNode(proxy.through(config))) {
      var alice = node.person("alice");
      Soon.until(() -> far.directory.person(alice.id()).isPresent());
      proxy.silent(true);
      Soon.until(() -> isStale(far.database));
      node.revocation.report(
          Source.of(Source.Kind.SCIM),
          new Subject.Person(alice.id()),
          Happening.DISABLED,
          "left",
          "test");
      long reported = System.nanoTime();
      assertThat(far.isActive(alice)).as("what it cannot know").isTrue();
      // What was asked before the kill may be answered when the silence ends, and counts as fresh
      // for as long as an answer may be old. Whoever is fresh later than that has asked since.
      Soon.until(() -> System.nanoTime() - reported > STALE.toNanos());
      proxy.silent(false);
      Soon.until(() -> !isStale(far.database));
      assertThat(far.isDead(alice, far.now())).isTrue();
    }
  }

  private static boolean isStale(Database database) {
    return database.changes().freshness() instanceof Freshness.Stale;
  }
}
