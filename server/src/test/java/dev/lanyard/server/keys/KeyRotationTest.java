package dev.lanyard.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.database.BusyPool;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("KEY-2: next, active, retired, revoked")
class KeyRotationTest {
  private static final KeysConfig CONFIG = KeysConfig.DEFAULT;
  private static final String BY = "test";

  abstract static class Contract {
    final TestClock clock = new TestClock();
    private final DatabaseConfig config;
    final Database database;
    private final List<String> journal = new CopyOnWriteArrayList<>();
    @TempDir Path secrets;
    private MasterKey masterKey;
    private KeyRing ring;
    KeyRotation rotation;

    Contract(DatabaseConfig config) {
      this.config = config;
      // By the clock of PostgreSQL, which counts too, none of this is in the future.
      clock.set(Instant.parse("2020-11-23T09:00:00.250Z"));
      this.database = Database.open(config, clock);
    }

    @BeforeEach
    void open() {
      masterKey = masterKey("master.key");
      ring = ring(database, masterKey);
      rotation = rotation(database);
    }

    private MasterKey masterKey(String name) {
      MasterKey.create(secrets.resolve(name));
      return MasterKey.load(secrets.resolve(name));
    }

    private KeyRing ring(Database on, MasterKey with) {
      return KeyRing.open(
          on,
          KeySafe.of(with),
          clock,
          "broker",
          Set.of(Purpose.ID_TOKEN, Purpose.ID_JAG),
          SigningAlgorithm.ES256);
    }

    private KeyRotation rotation(Database on) {
      return new KeyRotation(
          on,
          KeySafe.of(masterKey),
          CONFIG,
          (_, key, _) -> journal.add(key.state().value() + " " + key.purpose().value()),
          clock);
    }

    @AfterEach
    void close() {
      database.close();
    }

    void step() {
      rotation.step(BY);
      database.changes().awaitCurrent(Duration.ofSeconds(10));
    }

    String active() {
      return ring.active(Purpose.ID_JAG).keyId();
    }

    List<String> published() {
      return ring.published().keys().stream().map(key -> key.keyId().orElseThrow()).toList();
    }

    private List<KeyEntry> in(KeyState state) {
      return rotation.keys().stream()
          .filter(key -> key.state() == state && key.purpose() == Purpose.ID_JAG)
          .toList();
    }

    @Test
    @DisplayName("A next key is published at once, and signs when every verifier can know it")
    void published_before_it_signs() {
      var first = active();
      var next =
          rotation.rotate(key -> key.purpose() == Purpose.ID_JAG, BY).made().getFirst().keyId();
      step();
      assertThat(published()).contains(first, next);
      assertThat(active()).isEqualTo(first);

      clock.advance(CONFIG.publishAhead().minusMillis(1));
      step();
      assertThat(active()).isEqualTo(first);

      clock.advance(Duration.ofMillis(1));
      step();
      assertThat(active()).isEqualTo(next);
      assertThat(published()).as("what it signed lives on").contains(first, next);
    }

    @Test
    @DisplayName("A retired key is published until the last token that it signed has expired")
    void published_until_its_tokens_have_expired() {
      var first = active();
      rotation.rotate(key -> key.purpose() == Purpose.ID_JAG, BY);
      clock.advance(CONFIG.publishAhead());
      step();
      var until = rotation.publishedUntil(in(KeyState.RETIRED).getFirst()).orElseThrow();
      assertThat(until).isAfterOrEqualTo(clock.instant().plus(Purpose.ID_JAG.life().orElseThrow()));

      clock.set(until.minusMillis(1));
      step();
      assertThat(published()).contains(first);
      clock.set(until);
      step();
      assertThat(published()).doesNotContain(first);
      assertThat(in(KeyState.RETIRED)).isEmpty();
    }

    @Test
    @DisplayName("By itself a key signs for as long as the configuration says, and not longer")
    void by_schedule() {
      var first = active();
      clock.advance(CONFIG.rotateEvery().minus(CONFIG.publishAhead()).minusMillis(1));
      step();
      assertThat(in(KeyState.NEXT)).isEmpty();
      clock.advance(Duration.ofMillis(1));
      step();
      var next = in(KeyState.NEXT).getFirst();
      clock.advance(CONFIG.publishAhead());
      step();
      assertThat(active()).isEqualTo(next.keyId()).isNotEqualTo(first);
      assertThat(journal).contains("next id-jag", "active id-jag", "retired id-jag");
      step();
      assertThat(in(KeyState.NEXT)).as("and the next one in its time").isEmpty();
    }

    @Test
    @DisplayName("Of nodes that want the same step at the same moment one takes it")
    void one_rotation_on_two_nodes() throws InterruptedException {
      try (var other = Database.open(config, clock)) {
        var there = ring(other, masterKey);
        var nodes = List.of(rotation, rotation(other));
        clock.advance(CONFIG.rotateEvery());
        atOnce(nodes);
        assertThat(in(KeyState.NEXT)).hasSize(1);
        clock.advance(CONFIG.publishAhead());
        atOnce(nodes);
        assertThat(in(KeyState.ACTIVE)).hasSize(1);
        assertThat(in(KeyState.RETIRED)).hasSize(1);
        assertThat(in(KeyState.NEXT)).isEmpty();
        database.changes().awaitCurrent(Duration.ofSeconds(10));
        other.changes().awaitCurrent(Duration.ofSeconds(10));
        assertThat(there.active(Purpose.ID_JAG).keyId()).isEqualTo(active());
        assertThat(journal).containsOnlyOnce("active id-jag");
      }
    }

    private static void atOnce(List<KeyRotation> nodes) throws InterruptedException {
      var number = new AtomicInteger();
      AtOnce.run(nodes.size(), () -> nodes.get(number.getAndIncrement()).step(BY));
    }

    @Test
    @DisplayName("A node whose requests hold every connection hears of keys, and of what follows")
    void a_busy_pool() throws Exception {
      try (var other = Database.open(BusyPool.small(config), clock)) {
        var there = ring(other, masterKey);
        var withoutMaster =
            PublishedKeys.following(other, "broker", Purpose.ID_JAG, there.published());
        var first = active();
        try (var _ = BusyPool.of(other)) {
          var _ = rotation.revoke(first, BY);
          var kill =
              database.write(
                  connection -> database.changes().append(connection, "kill", JsonObject.EMPTY));

          // Who waits for a connection gets none before this ends.
          other.changes().awaitApplied(kill, Duration.ofSeconds(30));
        }
        assertThat(there.published().keys())
            .noneMatch(key -> key.keyId().equals(Optional.of(first)));
        assertThat(withoutMaster.withdrawals()).isEqualTo(1);
      }
    }

    @Test
    @DisplayName("A revoked key is gone on every node, its private half erased, and another signs")
    void revoked() {
      try (var other = Database.open(config, clock)) {
        var there = ring(other, masterKey);
        var first = active();
        int before = there.withdrawals();
        var withoutMaster =
            PublishedKeys.following(other, "broker", Purpose.ID_JAG, there.published());
        var told = new AtomicInteger();
        withoutMaster.onWithdrawal(told::incrementAndGet);
        assertThat(withoutMaster.find(Optional.of(first), SigningAlgorithm.ES256))
            .isInstanceOf(KeySource.Lookup.Found.class);
        assertThat(
                withoutMaster.find(
                    Optional.of(there.active(Purpose.ID_TOKEN).keyId()), SigningAlgorithm.ES256))
            .as("of another purpose (KEY-6)")
            .isInstanceOf(KeySource.Lookup.None.class);
        assertThat(withoutMaster.find(Optional.empty(), SigningAlgorithm.ES256))
            .isInstanceOf(KeySource.Lookup.None.class);
        var ending = rotation.revoke(first, BY);

        other.changes().awaitCurrent(Duration.ofSeconds(10));
        assertThat(there.published().keys())
            .noneMatch(key -> key.keyId().equals(Optional.of(first)));
        assertThat(there.withdrawals()).isGreaterThan(before);
        assertThat(withoutMaster.find(Optional.of(first), SigningAlgorithm.ES256))
            .as("a set that was fetched before proves nothing")
            .isInstanceOf(KeySource.Lookup.None.class);
        assertThat(withoutMaster.withdrawals()).isEqualTo(1);
        assertThat(told).hasValue(1);
        assertThat(ending).isInstanceOf(KeyRotation.Ending.Ended.class);
        assertThat(there.active(Purpose.ID_JAG).keyId()).isNotEqualTo(first);
        assertThat(in(KeyState.REVOKED)).extracting(KeyEntry::keyId).containsExactly(first);
        assertThat(sealedOf(first)).isEmpty();
        assertThat(rotation.revoke(first, BY))
            .as("twice is once")
            .isEqualTo(
                new KeyRotation.Ending.Ended(in(KeyState.REVOKED).getFirst(), Optional.empty()));
      }
    }

    private String sealedOf(String keyId) {
      return new KeyTable(database)
          .all().stream()
              .filter(key -> key.entry().keyId().equals(keyId))
              .map(KeyTable.Stored::sealed)
              .findFirst()
              .orElseThrow();
    }

    @Test
    @DisplayName("In the place of a revoked key comes the one that was published already")
    void revoked_with_a_successor() {
      var next = rotation.rotate(_ -> true, BY).made();
      assertThat(next).hasSize(2);
      rotation.revoke(active(), BY);
      step();
      assertThat(next).extracting(KeyEntry::keyId).contains(active());
    }

    @Test
    @DisplayName("A key is retired at once only if its successor is published")
    void retired_by_hand() {
      var first = active();
      assertThat(rotation.retire(first, BY)).isEqualTo(new KeyRotation.Ending.NoSuccessor());
      var next = rotation.rotate(key -> key.keyId().equals(first), BY).made().getFirst();
      assertThat(rotation.rotate(key -> key.keyId().equals(first), BY).made()).as("once").isEmpty();
      assertThat(rotation.retire(next.keyId(), BY))
          .isEqualTo(new KeyRotation.Ending.NotActive(KeyState.NEXT));
      assertThat(rotation.retire(first, BY)).isInstanceOf(KeyRotation.Ending.Ended.class);
      step();
      assertThat(active()).isEqualTo(next.keyId());
      assertThat(rotation.retire("nobody", BY)).isEqualTo(new KeyRotation.Ending.Unknown());
    }

    @Test
    @DisplayName("A relying party that wants another algorithm has its own key, one on all nodes")
    void another_algorithm() {
      try (var other = Database.open(config, clock)) {
        var there = ring(other, masterKey);
        var eddsa = ring.active(Purpose.ID_JAG, SigningAlgorithm.EDDSA);
        other.changes().awaitCurrent(Duration.ofSeconds(10));

        assertThat(eddsa.algorithm()).isEqualTo(SigningAlgorithm.EDDSA);
        assertThat(there.active(Purpose.ID_JAG, SigningAlgorithm.EDDSA).keyId())
            .isEqualTo(eddsa.keyId());
        assertThat(ring.active(Purpose.ID_JAG).algorithm())
            .as("the others go on as before")
            .isEqualTo(SigningAlgorithm.ES256);
        assertThat(rotation.rotate(key -> key.purpose() == Purpose.ID_JAG, BY).made())
            .as("each algorithm has its own line")
            .extracting(KeyEntry::algorithm)
            .containsExactlyInAnyOrder(SigningAlgorithm.ES256, SigningAlgorithm.EDDSA);
      }
    }

    @Test
    @DisplayName("KEY-6: a key proves what it is for, and nothing else")
    void of_one_purpose() {
      var key = ring.active(Purpose.ID_TOKEN);
      var id = Optional.of(key.keyId());
      assertThat(ring.of(Purpose.ID_TOKEN).find(id, SigningAlgorithm.ES256))
          .isInstanceOf(dev.lanyard.protocol.jose.KeySource.Lookup.Found.class);
      assertThat(ring.of(Purpose.ID_JAG).find(id, SigningAlgorithm.ES256))
          .isInstanceOf(dev.lanyard.protocol.jose.KeySource.Lookup.None.class);
    }

    @Test
    @DisplayName("A new master key takes over while nodes run, and then the old one opens nothing")
    void a_new_master_key() {
      var first = active();
      var old = masterKey;
      var fresh = masterKey("new.key");
      assertThatThrownBy(() -> ring(database, fresh)).isInstanceOf(KeyException.class);
      var both = fresh.succeeding(old);
      assertThat(ring(database, both).active(Purpose.ID_JAG).keyId()).isEqualTo(first);

      assertThat(KeySafe.sealed().rewrap(database, both)).isEqualTo(2);
      assertThat(KeySafe.sealed().rewrap(database, both)).as("again").isZero();

      assertThat(ring(database, fresh).active(Purpose.ID_JAG).keyId()).isEqualTo(first);
      assertThatThrownBy(() -> ring(database, old))
          .isInstanceOf(KeyException.class)
          .hasMessageContaining("not the one of this database");
    }

    @Test
    @DisplayName("A node without the new master key goes on, and still learns what was revoked")
    void a_node_that_cannot_open_a_key() {
      var first = active();
      rotation.revoke(ring.active(Purpose.ID_TOKEN).keyId(), BY);
      var fresh = masterKey("new.key").succeeding(masterKey);
      var foreign = new KeyRotation(database, KeySafe.of(fresh), CONFIG, (_, _, _) -> {}, clock);
      foreign.rotate(_ -> true, BY);
      foreign.revoke(first, BY);
      database.changes().awaitCurrent(Duration.ofSeconds(10));
      assertThat(published()).doesNotContain(first);
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

    @Test
    @DisplayName("A node whose clock is ahead takes no key away and has none sign too early")
    void a_clock_that_is_ahead() {
      clock.set(InstantSource.system().instant());
      var retired = active();
      rotation.rotate(key -> key.purpose() == Purpose.ID_JAG, BY);
      rotation.retire(retired, BY);
      database.changes().awaitCurrent(Duration.ofSeconds(10));
      var signs = active();
      rotation.rotate(key -> key.purpose() == Purpose.ID_JAG, BY);
      clock.advance(Duration.ofDays(30));
      step();
      assertThat(published()).contains(retired);
      assertThat(active()).isEqualTo(signs).isNotEqualTo(retired);
    }
  }
}
