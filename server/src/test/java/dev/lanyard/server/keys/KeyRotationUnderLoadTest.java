package dev.lanyard.server.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.claims.TrustedIssuers;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.jwks.Refresh;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.resourceserver.Guard;
import dev.lanyard.resourceserver.GuardedRequest;
import dev.lanyard.resourceserver.MemoryDpopReplay;
import dev.lanyard.resourceserver.Requirement;
import dev.lanyard.resourceserver.TokenStatus;
import dev.lanyard.resourceserver.Verdict;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Meanwhile;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("KEY-2, KEY-3: while keys rotate on two nodes, no request is lost")
class KeyRotationUnderLoadTest {
  private static final KeysConfig CONFIG =
      new KeysConfig(Duration.ofDays(90), Duration.ofMinutes(15), Optional.empty());
  private static final int CLIENTS = 4;
  private static final int ROTATIONS = 4;

  /// The clock may not move within a flow: an assertion would expire in the middle of it.
  private final ReentrantReadWriteLock time = new ReentrantReadWriteLock();

  private final Set<String> signers = ConcurrentHashMap.newKeySet();
  private final Semaphore flows = new Semaphore(0);
  private final AtomicBoolean enough = new AtomicBoolean();

  @TempDir Path folder;

  /// It has so many requests answered, however long a busy machine takes for them.
  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void exchange_redemption_and_verification_by_a_cached_key_set() throws Exception {
    var setup = Setup.on(TestDatabases.postgres(), folder);
    // By the clock of PostgreSQL, which counts too, no rotation is in the future.
    setup.clock().set(Instant.parse("2020-11-23T09:00:00.250Z"));
    try (var one = Pair.start(setup, folder);
        var two = Pair.start(setup.beside(one), folder)) {
      one.person("alice", "engineering");
      two.awaitChanges();
      var idToken = new Desk(one).idToken("alice");
      var guard = guard(one);
      var running = new ArrayList<Meanwhile<?>>();
      for (int client = 0; client < CLIENTS; client++) {
        var here = client % 2 == 0 ? one : two;
        var there = client % 3 == 0 ? one : two;
        running.add(
            Meanwhile.does(() -> {
              while (!enough.get()) {
                flow(new Desk(here), new Desk(there), idToken, guard);
              }
              return true;
            }));
      }
      try {
        rotate(List.of(rotation(one), rotation(two)), one, running);
      } finally {
        enough.set(true);
      }
      for (var flow : running) {
        var _ = flow.outcome();
      }
      assertThat(signers)
          .as("every generation of ID-JAG and access token keys has signed")
          .hasSizeGreaterThanOrEqualTo(2 * (ROTATIONS + 1));
    }
  }

  private void rotate(List<KeyRotation> nodes, Pair pair, List<Meanwhile<?>> running)
      throws Exception {
    awaitFlows(running, 2);
    for (int turn = 0; turn < ROTATIONS; turn++) {
      nodes.get(turn % 2).rotate(_ -> true, "test");
      awaitFlows(running, 1);
      time.writeLock().lock();
      pair.clock.advance(CONFIG.publishAhead());
      time.writeLock().unlock();
      nodes.forEach(node -> node.step("test"));
      int generations = turn + 2;
      Meanwhile.until(running, () -> signers.size() >= 2 * generations);
      flows.drainPermits();
      awaitFlows(running, 2);
    }
  }

  /// So many more for each client.
  private void awaitFlows(List<Meanwhile<?>> running, int each) throws Exception {
    Meanwhile.until(running, () -> flows.tryAcquire(CLIENTS * each));
  }

  private void flow(Desk here, Desk there, String idToken, Guard guard) throws MalformedException {
    time.readLock().lock();
    try {
      var exchanged = here.exchange(idToken, World.LINEAR);
      assertThat(exchanged.status()).as(exchanged.body()).isEqualTo(200);
      var idJag = exchanged.text("access_token");
      var redeemed = there.redeem(idJag);
      assertThat(redeemed.status()).as(redeemed.body()).isEqualTo(200);
      var token = redeemed.text("access_token");
      assertThat(called(guard, token)).isInstanceOf(Verdict.Admitted.class);
      assertThat(here.introspect(token, "linear-server").body()).contains("\"active\":true");
      signers.add(UnverifiedJwt.parse(idJag).unverifiedKeyId().orElseThrow());
      signers.add(UnverifiedJwt.parse(token).unverifiedKeyId().orElseThrow());
    } finally {
      time.readLock().unlock();
      flows.release();
    }
  }

  private static Verdict called(Guard guard, String token) {
    var request =
        new GuardedRequest(
            "POST",
            URI.create(World.LINEAR.value()),
            Optional.empty(),
            List.of("Bearer " + token),
            List.of());
    return guard.judge(request, Requirement.scopes("issues.read"));
  }

  /// A resource server that keeps the key set for ten minutes and asks nobody.
  private static Guard guard(Pair pair) {
    var egress = new EgressClient(EgressPolicy.strict().exposingLoopback());
    var keys = new IssuerDiscovery(egress, pair.ras(), Refresh.DEFAULT, pair.clock).keys();
    var issuer = new TrustedIssuer(pair.ras(), keys, Set.of(SigningAlgorithm.ES256));
    return new Guard(
        new ProtectedResourceMetadata(World.LINEAR, pair.ras(), Scopes.of("issues.read")),
        TrustedIssuers.of(issuer),
        TokenStatus.trustedUntilExpiry(),
        new MemoryDpopReplay(pair.clock),
        pair.clock);
  }

  private KeyRotation rotation(Pair pair) {
    return new KeyRotation(
        pair.database,
        KeySafe.of(MasterKey.load(folder.resolve("master.key"))),
        CONFIG,
        (_, _, _) -> {},
        pair.clock);
  }

  @Test
  @DisplayName("What a revoked key signed is refused at once, also what was verified before")
  void a_revoked_key() {
    try (var pair = Pair.start(Setup.usual(folder), folder)) {
      pair.person("alice", "engineering");
      var desk = new Desk(pair);
      var idToken = desk.idToken("alice");
      var access = desk.redeem(desk.exchange(idToken, World.LINEAR).text("access_token"));
      var token = access.text("access_token");
      assertThat(desk.introspect(token, "linear-server").body()).contains("\"active\":true");

      var rotation = rotation(pair);
      for (var purpose : Set.of(Purpose.ID_TOKEN, Purpose.ACCESS_TOKEN)) {
        rotation.keys().stream()
            .filter(key -> key.purpose() == purpose && key.state() == KeyState.ACTIVE)
            .map(KeyEntry::keyId)
            .forEach(key -> rotation.revoke(key, "test"));
      }
      pair.awaitChanges();

      assertThat(desk.exchange(idToken, World.LINEAR).text("error")).isEqualTo("invalid_grant");
      assertThat(desk.introspect(token, "linear-server").body()).isEqualTo("{\"active\":false}");
      var again = desk.accessToken("alice", World.LINEAR);
      assertThat(desk.introspect(again, "linear-server").body()).contains("\"active\":true");
    }
  }
}
