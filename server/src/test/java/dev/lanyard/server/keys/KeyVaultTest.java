package dev.lanyard.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.JwtVerifier;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.jose.Verification;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("KEY-1: a key management service is one class behind one small interface")
class KeyVaultTest {
  private final TestClock clock = new TestClock();
  private final ManagementService service = new ManagementService();
  @TempDir Path folder;
  private DatabaseConfig config;
  private Database database;
  private KeySafe safe;

  @BeforeEach
  void open() {
    MasterKey.create(folder.resolve("master.key"));
    config = DatabaseConfig.of("jdbc:sqlite:" + folder.resolve("x.db"));
    database = Database.open(config, clock);
    safe = safe();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private KeySafe safe() {
    return KeySafe.of(MasterKey.load(folder.resolve("master.key")), Optional.of(service));
  }

  private KeyRing ring(Database on) {
    return KeyRing.open(
        on,
        safe(),
        clock,
        "broker",
        Set.of(Purpose.ID_TOKEN, Purpose.ID_JAG),
        SigningAlgorithm.ES256);
  }

  private static String signed(KeyRing ring) {
    var claims = JsonObject.builder().put("sub", "ana").build();
    return new JwtSigner(ring.active(Purpose.ID_JAG), "JWT").sign(claims);
  }

  private static boolean proves(KeyRing ring, String jwt) throws MalformedException {
    var verifier = new JwtVerifier(ring.of(Purpose.ID_JAG), EnumSet.allOf(SigningAlgorithm.class));
    return verifier.verify(UnverifiedJwt.parse(jwt)) instanceof Verification.Verified;
  }

  @Test
  void it_makes_the_keys_and_signs_and_the_database_has_no_private_key() throws Exception {
    var ring = ring(database);
    assertThat(proves(ring, signed(ring))).isTrue();
    assertThat(service.signatures()).isEqualTo(1);
    assertThat(service.held())
        .containsExactlyInAnyOrder(
            ring.active(Purpose.ID_JAG).keyId(), ring.active(Purpose.ID_TOKEN).keyId());
    assertThatThrownBy(() -> ring.active(Purpose.ID_JAG).toPrivateJwk())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName("two nodes that start at once end with the keys of one; the others are destroyed")
  void two_nodes() throws Exception {
    try (var other = Database.open(config, clock)) {
      var databases = new java.util.concurrent.ConcurrentLinkedQueue<>(Set.of(database, other));
      AtOnce.run(2, () -> ring(databases.remove()));
      var here = ring(database);
      var there = ring(other);
      assertThat(proves(here, signed(there))).isTrue();
      assertThat(service.held()).hasSize(2);
    }
  }

  @Test
  void rotation_asks_it_for_the_next_key_and_revocation_has_the_key_destroyed() throws Exception {
    var ring = ring(database);
    var first = ring.active(Purpose.ID_JAG).keyId();
    var rotation = new KeyRotation(database, safe, KeysConfig.DEFAULT, (_, _, _) -> {}, clock);
    var next =
        rotation.rotate(key -> key.purpose() == Purpose.ID_JAG, "test").made().getFirst().keyId();
    rotation.revoke(first, "test");
    database.changes().awaitCurrent(Duration.ofSeconds(10));
    assertThat(service.held()).contains(next).doesNotContain(first);
    assertThat(ring.active(Purpose.ID_JAG).keyId()).isEqualTo(next);
    assertThat(proves(ring, signed(ring))).isTrue();
  }

  @Test
  @DisplayName("while it is down nothing is signed, and when it is back all goes on")
  void an_outage() throws Exception {
    var ring = ring(database);
    service.down(true);
    assertThatThrownBy(() -> signed(ring)).isInstanceOf(IllegalStateException.class);
    service.down(false);
    assertThat(proves(ring, signed(ring))).isTrue();
  }

  @Test
  void what_it_cannot_make_is_refused_and_not_announced() {
    var ring = ring(database);
    assertThat(ring.algorithms()).containsExactly(SigningAlgorithm.ES256);
    assertThatThrownBy(() -> ring.active(Purpose.ID_JAG, SigningAlgorithm.EDDSA))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("makes no key for EdDSA");
  }

  /// An EdDSA key of the broker from before the vault came, and an ES256 key of `ras`, after it in
  /// the order.
  private KeyRotation withAKeyThatTheVaultCannotSucceed() {
    var inRecord = KeySafe.of(MasterKey.load(folder.resolve("master.key")));
    KeyRing.open(
            database, inRecord, clock, "broker", Set.of(Purpose.ID_JAG), SigningAlgorithm.ES256)
        .active(Purpose.ID_JAG, SigningAlgorithm.EDDSA);
    KeyRing.open(
        database, safe, clock, "ras", Set.of(Purpose.ACCESS_TOKEN), SigningAlgorithm.ES256);
    return rotation();
  }

  private KeyRotation rotation() {
    return new KeyRotation(database, safe, KeysConfig.DEFAULT, (_, _, _) -> {}, clock);
  }

  private static List<KeyEntry> keys(KeyRotation rotation, String server, KeyState state) {
    return rotation.keys().stream()
        .filter(key -> key.server().equals(server) && key.state() == state)
        .toList();
  }

  private static KeyEntry eddsa(KeyRotation rotation) {
    return rotation.keys().stream()
        .filter(key -> key.algorithm() == SigningAlgorithm.EDDSA)
        .findFirst()
        .orElseThrow();
  }

  @Test
  @DisplayName("KEY-2: a key that cannot be succeeded holds up no other, and is named")
  void a_key_that_cannot_be_made() {
    var rotation = withAKeyThatTheVaultCannotSucceed();
    clock.advance(KeysConfig.DEFAULT.rotateEvery());

    for (int turn = 0; turn < 2; turn++) {
      assertThatThrownBy(() -> rotation.step("test"))
          .isInstanceOf(KeyException.class)
          .hasMessageContaining(eddsa(rotation).keyId())
          .hasMessageContaining("EdDSA")
          .hasMessageContaining("keys revoke");
    }
    assertThat(keys(rotation, "broker", KeyState.NEXT)).hasSize(1);
    assertThat(keys(rotation, "ras", KeyState.NEXT)).as("behind it in the order").hasSize(1);

    clock.advance(KeysConfig.DEFAULT.publishAhead());
    assertThatThrownBy(() -> rotation.step("test")).isInstanceOf(KeyException.class);
    assertThat(keys(rotation, "ras", KeyState.RETIRED)).as("steps without a new key").hasSize(1);
    assertThat(rotation.rotate(key -> key.server().equals("ras"), "test").unmade()).isEmpty();
    var byHand = rotation.rotate(_ -> true, "test");
    assertThat(byHand.unmade()).hasSize(1);
    assertThat(byHand.made()).extracting(KeyEntry::server).contains("broker");
  }

  @Test
  @DisplayName("a key that has leaked is revoked also if no other can be made of its algorithm")
  void revoked_though_it_cannot_be_succeeded() {
    var rotation = withAKeyThatTheVaultCannotSucceed();
    var leaked = eddsa(rotation);
    assertThat(rotation.revoke(leaked.keyId(), "test"))
        .isInstanceOfSatisfying(
            KeyRotation.Ending.Unsucceeded.class,
            ended -> assertThat(ended.why()).hasMessageContaining("EdDSA"));
    assertThat(eddsa(rotation).state()).isEqualTo(KeyState.REVOKED);
    clock.advance(KeysConfig.DEFAULT.rotateEvery());
    rotation.step("test");
    assertThat(rotation.revoke(leaked.keyId(), "test"))
        .isInstanceOf(KeyRotation.Ending.Ended.class);
  }

  @Test
  @DisplayName("revoked while it is down: nothing signs, and the first step after that makes a key")
  void revoked_in_an_outage() throws Exception {
    var ring = ring(database);
    var jwt = signed(ring);
    var first = ring.active(Purpose.ID_JAG).keyId();
    service.down(true);
    var rotation = rotation();
    assertThat(rotation.revoke(first, "test")).isInstanceOf(KeyRotation.Ending.Unsucceeded.class);
    database.changes().awaitCurrent(Duration.ofSeconds(10));
    assertThat(proves(ring, jwt)).isFalse();
    assertThatThrownBy(() -> signed(ring)).hasMessageContaining("no key that signs id-jag");
    assertThatThrownBy(() -> rotation.step("test")).isInstanceOf(KeyException.class);

    service.down(false);
    AtOnce.run(2, () -> rotation.step("test"));
    database.changes().awaitCurrent(Duration.ofSeconds(10));
    assertThat(proves(ring, signed(ring))).isTrue();
    assertThat(keys(rotation, "broker", KeyState.ACTIVE)).hasSize(2);
    rotation.step("test");
    assertThat(keys(rotation, "broker", KeyState.ACTIVE)).as("once").hasSize(2);
  }
}
