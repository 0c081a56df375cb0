package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.JwtVerifier;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.jose.Verification;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.keys.KeyException;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.KeyRotation;
import dev.lanyard.server.keys.KeySafe;
import dev.lanyard.server.keys.KeysConfig;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.keys.Pkcs11Config;
import dev.lanyard.server.keys.Pkcs11Vault;
import dev.lanyard.server.keys.Purpose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A security module that other people wrote: SoftHSM 2, through the PKCS#11 provider of the Java
/// runtime.
@Tag("foreign")
@DisplayName("Signing keys in a PKCS#11 token of SoftHSM 2")
class Pkcs11ForeignTest {
  private static final Path LIBRARY = Path.of("/usr/lib/softhsm/libsofthsm2.so");
  private static final Clock CLOCK = Clock.systemUTC();
  private static final String PIN = "98765";

  @TempDir Path folder;
  private Database database;
  private KeySafe safe;

  /// SoftHSM finds its files by a variable of the process, which the build sets.
  @BeforeAll
  static void initialiseToken() throws IOException, InterruptedException {
    var settings = Path.of(System.getenv("SOFTHSM2_CONF"));
    var tokens = Files.createTempDirectory("lanyard-softhsm");
    Files.writeString(
        settings, "directories.tokendir = " + tokens + "\nobjectstore.backend = file\n");
    var init =
        new ProcessBuilder(
                "softhsm2-util",
                "--init-token",
                "--free",
                "--label",
                "lanyard",
                "--so-pin",
                PIN,
                "--pin",
                PIN)
            .inheritIO()
            .start();
    assertThat(init.waitFor()).isZero();
  }

  @BeforeEach
  void open() {
    MasterKey.create(folder.resolve("master.key"));
    database = Database.open(DatabaseConfig.of("jdbc:sqlite:" + folder.resolve("x.db")), CLOCK);
    safe = safe(vault(PIN));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static Pkcs11Vault vault(String pin) {
    return Pkcs11Vault.open(
        new Pkcs11Config(LIBRARY, OptionalLong.empty(), new Secret(pin)), CLOCK);
  }

  private KeySafe safe(Pkcs11Vault vault) {
    return KeySafe.of(MasterKey.load(folder.resolve("master.key")), Optional.of(vault));
  }

  private KeyRing ring(KeySafe with) {
    return KeyRing.open(
        database,
        with,
        CLOCK,
        "broker",
        Set.of(Purpose.ID_TOKEN, Purpose.ID_JAG),
        SigningAlgorithm.ES256);
  }

  private static boolean proves(KeyRing ring, String jwt) throws MalformedException {
    var verifier = new JwtVerifier(ring.of(Purpose.ID_JAG), EnumSet.allOf(SigningAlgorithm.class));
    return verifier.verify(UnverifiedJwt.parse(jwt)) instanceof Verification.Verified;
  }

  private static String signed(KeyRing ring, SigningAlgorithm algorithm) {
    var claims = JsonObject.builder().put("sub", "ana").build();
    return new JwtSigner(ring.active(Purpose.ID_JAG, algorithm), "JWT").sign(claims);
  }

  @Test
  void sign_with_every_algorithm_that_the_module_has() throws MalformedException {
    var ring = ring(safe);
    for (var algorithm :
        Set.of(SigningAlgorithm.ES256, SigningAlgorithm.ES384, SigningAlgorithm.RS256)) {
      assertThat(proves(ring, signed(ring, algorithm))).as(algorithm.value()).isTrue();
    }
    assertThatThrownBy(() -> ring.active(Purpose.ID_JAG, SigningAlgorithm.EDDSA))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("ES256, ES384 or RS256");
  }

  @Test
  void are_found_again_by_a_node_that_starts_later_and_are_not_in_the_database()
      throws MalformedException {
    var before = ring(safe);
    var after = ring(safe(vault(PIN)));
    assertThat(after.active(Purpose.ID_JAG).keyId())
        .isEqualTo(before.active(Purpose.ID_JAG).keyId());
    assertThat(proves(before, signed(after, SigningAlgorithm.ES256))).isTrue();
    assertThatThrownBy(() -> before.active(Purpose.ID_JAG).toPrivateJwk())
        .isInstanceOf(IllegalStateException.class);
    var masterKeyAlone = KeySafe.of(MasterKey.load(folder.resolve("master.key")));
    assertThatThrownBy(() -> ring(masterKeyAlone))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("keys.pkcs11");
  }

  @Test
  void rotate_and_are_destroyed_when_they_are_revoked() throws MalformedException {
    var ring = ring(safe);
    var first = ring.active(Purpose.ID_JAG);
    var rotation = new KeyRotation(database, safe, KeysConfig.DEFAULT, (_, _, _) -> {}, CLOCK);
    var next = rotation.rotate(key -> key.purpose() == Purpose.ID_JAG, "test").made().getFirst();
    rotation.revoke(first.keyId(), "test");
    database.changes().awaitCurrent(Duration.ofSeconds(10));
    assertThat(ring.active(Purpose.ID_JAG).keyId()).isEqualTo(next.keyId());
    assertThat(proves(ring, signed(ring, SigningAlgorithm.ES256))).isTrue();
    assertThatThrownBy(() -> vault(PIN).open(first.publicKey()))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("no key");
  }

  @Test
  void sign_for_many_requests_at_once() throws Exception {
    var ring = ring(safe);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var requests = new ArrayList<Callable<String>>();
      for (int i = 0; i < 200; i++) {
        requests.add(() -> signed(ring, SigningAlgorithm.ES256));
      }
      for (var request : threads.invokeAll(requests)) {
        assertThat(proves(ring, request.get())).isTrue();
      }
    }
  }

  @Test
  void are_refused_with_a_reason_when_the_token_does_not_open() {
    assertThatThrownBy(() ->
            Pkcs11Vault.open(
                new Pkcs11Config(folder.resolve("none.so"), OptionalLong.empty(), new Secret(PIN)),
                CLOCK))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("keys.pkcs11")
        .hasMessageNotContaining(PIN);
  }
}
