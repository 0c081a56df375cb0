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
    var next = rotation.rotate(key -> key.purpose() == Purpose.ID_JAG, "test").getFirst().keyId();
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
}
