package dev.lanyard.server.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.gateway.admission.Begun;
import dev.lanyard.server.gateway.session.McpSessionStore.Held;
import dev.lanyard.server.gateway.session.McpSessionStore.Owner;
import dev.lanyard.server.pair.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What the store of sessions promises, on either database.
abstract class McpSessionStoreContract {
  private static final Owner ALICE = new Owner("alice", "a client");
  private static final Owner BOB = new Owner("bob", "a client");

  private final DatabaseConfig config;
  private final TestClock clock = new TestClock();
  private final AtomicLong nanos = new AtomicLong();
  private Database database;
  private Database otherDatabase;
  private McpSessionStore store;
  private McpSessionStore other;

  McpSessionStoreContract(DatabaseConfig config) {
    this.config = config;
  }

  @BeforeEach
  void open() {
    database = Database.open(config, clock);
    otherDatabase = Database.open(config, clock);
    store = new McpSessionStore(database, nanos::get);
    other = new McpSessionStore(otherDatabase, nanos::get);
  }

  @AfterEach
  void close() {
    database.close();
    otherDatabase.close();
  }

  private Instant later() {
    return clock.instant().plus(Duration.ofDays(1));
  }

  private Owner claim(McpSessionStore node, String connector, String session, Owner owner) {
    var held = new Held(owner, new Begun(clock.instant(), Optional.empty()));
    return node.claim(connector, session, held, Optional.empty(), later());
  }

  private static Optional<Owner> owner(McpSessionStore node, String connector, String session) {
    return node.held(connector, session).map(Held::owner);
  }

  @Test
  @DisplayName("a session is whoever's has it first, on every node, until it has ended")
  void owners() {
    assertThat(claim(store, "linear", "s", ALICE)).isEqualTo(ALICE);
    assertThat(claim(other, "linear", "s", BOB)).isEqualTo(ALICE);
    assertThat(owner(other, "linear", "s")).contains(ALICE);
    assertThat(owner(other, "notion", "s")).isEmpty();
    other.end("linear", "s");
    assertThat(owner(other, "linear", "s")).isEmpty();
  }

  @Test
  @DisplayName("one that has ended on one node is over on the others five seconds later")
  void ended_elsewhere() {
    claim(store, "linear", "s", ALICE);
    assertThat(owner(other, "linear", "s")).contains(ALICE);

    store.end("linear", "s");

    assertThat(owner(store, "linear", "s")).isEmpty();
    pass(Duration.ofSeconds(5));
    assertThat(owner(other, "linear", "s")).isEmpty();
    assertThat(claim(other, "linear", "s", BOB)).isEqualTo(BOB);
  }

  @Test
  @DisplayName("the oldest of one person and client at one connector end when there are too many")
  void too_many() {
    claims("linear", ALICE, "a", McpSessionStore.MOST_SESSIONS);
    store.subscribe("linear", "a0", "part", "file:///x");
    claims("notion", ALICE, "n", 1);
    claims("linear", BOB, "b", 1);
    assertThat(owner(other, "linear", "a0")).contains(ALICE);

    claim(store, "linear", "one more", ALICE);

    assertThat(owner(store, "linear", "a0")).isEmpty();
    assertThat(store.subscriptions("linear", "a0", "part")).isEmpty();
    pass(Duration.ofSeconds(5));
    for (var node : List.of(store, other)) {
      assertThat(owner(node, "linear", "a0")).isEmpty();
      assertThat(owner(node, "linear", "a1")).contains(ALICE);
      assertThat(owner(node, "linear", "one more")).contains(ALICE);
      assertThat(owner(node, "notion", "n0")).contains(ALICE);
      assertThat(owner(node, "linear", "b0")).contains(BOB);
    }
  }

  @Test
  @DisplayName("of too many the one ends that was not used for longest, as far as this node knows")
  void in_use() {
    claims("linear", ALICE, "a", McpSessionStore.MOST_SESSIONS);
    store.used("linear", "a0", later());
    clock.advance(Duration.ofSeconds(1));

    claim(store, "linear", "one more", ALICE);

    assertThat(owner(store, "linear", "a0")).contains(ALICE);
    assertThat(owner(store, "linear", "a1")).isEmpty();
    assertThat(owner(store, "linear", "a2")).contains(ALICE);
  }

  @Test
  @DisplayName("who makes room for another is told which of those were opened here")
  void room() {
    assertThat(store.makeRoom("linear", ALICE)).isEmpty();
    claims("linear", ALICE, "a", McpSessionStore.MOST_SESSIONS);
    clock.advance(Duration.ofSeconds(1));
    claim(other, "linear", "there", ALICE);
    assertThat(owner(store, "linear", "a0")).as("remembered for a moment").contains(ALICE);
    assertThat(store.makeRoom("linear", ALICE)).containsExactly("a1");
    assertThat(store.makeRoom("linear", ALICE)).isEmpty();
    assertThat(owner(store, "linear", "a1")).isEmpty();
  }

  private void claims(String connector, Owner owner, String name, int many) {
    for (int i = 0; i < many; i++) {
      clock.advance(Duration.ofSeconds(1));
      claim(store, connector, name + i, owner);
    }
  }

  @Test
  @DisplayName("it is over there as well if it is asked for again and again")
  void ended_elsewhere_in_use() {
    claim(store, "linear", "s", ALICE);
    assertThat(owner(other, "linear", "s")).contains(ALICE);
    store.end("linear", "s");
    for (int i = 0; i < 5; i++) {
      var _ = owner(other, "linear", "s");
      pass(Duration.ofSeconds(1));
    }
    assertThat(owner(other, "linear", "s")).isEmpty();
  }

  @Test
  @DisplayName("whoever has to know it now knows it at once, and from then on")
  void ended_elsewhere_now() {
    claim(store, "linear", "s", ALICE);
    assertThat(owner(other, "linear", "s")).contains(ALICE);
    assertThat(other.heldNow("linear", "s").map(Held::owner)).contains(ALICE);

    store.end("linear", "s");

    assertThat(owner(other, "linear", "s")).as("what it remembers").contains(ALICE);
    assertThat(other.heldNow("linear", "s")).isEmpty();
    assertThat(owner(other, "linear", "s")).isEmpty();
  }

  @Test
  @DisplayName("one that has ended can be somebody else's, on the same node")
  void anew() {
    claim(store, "linear", "s", ALICE);
    store.end("linear", "s");
    assertThat(owner(store, "linear", "s")).isEmpty();
    assertThat(claim(store, "linear", "s", BOB)).isEqualTo(BOB);
    assertThat(owner(store, "linear", "s")).contains(BOB);
    store.end("linear", "s");
    assertThat(claim(other, "linear", "s", ALICE)).isEqualTo(ALICE);
    assertThat(owner(store, "linear", "s")).contains(ALICE);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  @DisplayName("the last level counts, on every node, as long as somebody has the session")
  void log_levels() {
    claim(store, "linear", "s", ALICE);
    assertThat(store.logLevel("linear", "s")).isEmpty();

    store.setLogLevel("linear", "s", "debug");
    other.setLogLevel("linear", "s", "error");
    store.setLogLevel("linear", "nobody's", "info");

    assertThat(store.logLevel("linear", "s")).contains("error");
    assertThat(store.logLevel("notion", "s")).isEmpty();
    assertThat(store.logLevel("linear", "nobody's")).isEmpty();
    store.end("linear", "s");
    assertThat(other.logLevel("linear", "s")).isEmpty();
    claim(store, "linear", "s", ALICE);
    assertThat(other.logLevel("linear", "s")).isEmpty();
  }

  @Test
  @DisplayName(
      "what a client wants to hear of is known to every node, as long as it has the session")
  void subscriptions() {
    claim(store, "all", "s", ALICE);
    assertThat(store.subscribe("all", "s", "linear", "docs://a")).isTrue();
    assertThat(other.subscribe("all", "s", "linear", "docs://a")).as("kept already").isFalse();
    assertThat(other.subscribe("all", "s", "linear", "docs://" + "ä".repeat(2_000))).isTrue();
    assertThat(store.subscribe("all", "s", "notion", "docs://a")).isTrue();
    assertThat(store.subscribe("all", "nobody's", "linear", "docs://a")).isFalse();

    assertThat(other.subscriptions("all", "s", "linear"))
        .containsExactlyInAnyOrder("docs://a", "docs://" + "ä".repeat(2_000));
    assertThat(store.subscriptions("all", "nobody's", "linear")).isEmpty();
    store.unsubscribe("all", "s", "linear", "docs://a");
    assertThat(other.subscriptions("all", "s", "linear")).hasSize(1);
    assertThat(other.subscriptions("all", "s", "notion")).containsExactly("docs://a");

    store.end("all", "s");
    assertThat(other.subscriptions("all", "s", "notion")).isEmpty();
    claim(store, "all", "s", ALICE);
    assertThat(other.subscriptions("all", "s", "linear")).isEmpty();
  }

  @Test
  @DisplayName("of too much that a client wants to hear of no more is kept")
  void many_subscriptions() {
    claim(store, "all", "s", ALICE);
    for (int i = 0; i < McpSessionStore.MOST_SUBSCRIPTIONS; i++) {
      assertThat(store.subscribe("all", "s", "linear", "docs://" + i)).isTrue();
    }
    assertThat(store.subscribe("all", "s", "linear", "docs://more")).isFalse();
    assertThat(store.subscribe("all", "s", "notion", "docs://more")).isTrue();
    store.unsubscribe("all", "s", "linear", "docs://0");
    assertThat(store.subscribe("all", "s", "linear", "docs://more")).isTrue();
  }
}
