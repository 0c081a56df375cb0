package dev.lanyard.server.gateway.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.gateway.admission.Begun;
import dev.lanyard.server.gateway.task.KeptTask.Owner;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.revocation.Denial;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Incident;
import dev.lanyard.server.revocation.Signal;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What the store of tasks promises, on either database, with two nodes.
abstract class TaskStoreContract {
  static final TaskId ID = new TaskId("t-1");
  static final Owner ALICE = new Owner("alice", "a client", "s");
  private static final Owner BOB = new Owner("bob", "a client", "s");

  private static final Function<Instant, Begun> BEGUN =
      now -> new Begun(now.minusSeconds(7), Optional.of("https://idp.example"));

  static final Secret ADDRESS = new Secret("t-1 there");

  private final DatabaseConfig config;
  private final TestClock clock = new TestClock();
  private Database database;
  private Database otherDatabase;
  private TaskStore store;
  TaskStore other;

  TaskStoreContract(DatabaseConfig config) {
    this.config = config;
  }

  @BeforeEach
  void open() {
    database = Database.open(config, clock);
    otherDatabase = Database.open(config, clock);
    store = new TaskStore(database, new TestSeal());
    other = new TaskStore(otherDatabase, new TestSeal());
  }

  @AfterEach
  void close() {
    database.close();
    otherDatabase.close();
  }

  KeptTask of(Owner owner, String tool) {
    var life = Duration.ofHours(2);
    var now = clock.instant();
    return new KeptTask(owner, tool, BEGUN.apply(now), life, now.plus(life));
  }

  @Test
  @DisplayName("a task is whoever's has it first, on every node, and is that of one tool")
  void owners() {
    assertThat(store.claim("linear", ID, of(ALICE, "a"), Optional.of(ADDRESS))).isTrue();
    assertThat(other.claim("linear", ID, of(BOB, "a"), Optional.of(ADDRESS))).isFalse();
    assertThat(other.claim("linear", ID, of(ALICE, "b"), Optional.of(ADDRESS))).isFalse();
    assertThat(
            other.claim(
                "linear", ID, of(new Owner("alice", "another", "s"), "a"), Optional.of(ADDRESS)))
        .isFalse();
    assertThat(
            other.claim(
                "linear", ID, of(new Owner("alice", "a client", ""), "a"), Optional.of(ADDRESS)))
        .isFalse();
    assertThat(other.claim("linear", ID, of(ALICE, "a"), Optional.of(ADDRESS)))
        .as("the same again")
        .isTrue();
    assertThat(other.claim("notion", ID, of(BOB, "a"), Optional.of(ADDRESS))).isTrue();
    assertThat(other.find("linear", ID, clock.instant())).contains(of(ALICE, "a"));
    assertThat(other.find("linear", new TaskId("t-2"), clock.instant())).isEmpty();
  }

  @Test
  @DisplayName("of two nodes that are given the same id at once one has it")
  void at_once() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        var id = new TaskId("t-" + i);
        var both =
            threads.invokeAll(
                List.<Callable<Boolean>>of(
                    () -> store.claim("linear", id, of(ALICE, "a"), Optional.of(ADDRESS)),
                    () -> other.claim("linear", id, of(BOB, "a"), Optional.of(ADDRESS))));
        assertThat(both.get(0).get()).isNotEqualTo(both.get(1).get());
      }
    }
  }

  @Test
  @DisplayName("each process of a command gives ids for itself")
  void processes() {
    assertThat(store.claim("linear", ID.in("p"), of(ALICE, "a"), Optional.of(ADDRESS))).isTrue();
    assertThat(other.claim("linear", ID.in("q"), of(BOB, "a"), Optional.of(ADDRESS))).isTrue();
    assertThat(other.claim("linear", ID.in("r"), of(ALICE, "b"), Optional.of(ADDRESS))).isTrue();
    assertThat(other.claim("linear", ID.in("p"), of(BOB, "a"), Optional.of(ADDRESS))).isFalse();

    assertThat(other.find("linear", ID.in("p"), clock.instant())).contains(of(ALICE, "a"));
    assertThat(store.find("linear", ID.in("q"), clock.instant())).contains(of(BOB, "a"));
    assertThat(store.find("linear", ID, clock.instant())).isEmpty();
    assertThat(store.find("linear", ID.in("s"), clock.instant())).isEmpty();
  }

  @Test
  @DisplayName("it is kept for its time, which may be prolonged, and then nobody's")
  void time() {
    store.claim("linear", ID, of(ALICE, "a"), Optional.of(ADDRESS));
    var now = clock.instant();
    assertThat(store.find("linear", ID, now).orElseThrow().isForgottenSoon(now)).isFalse();
    assertThat(
            store
                .find("linear", ID, now)
                .orElseThrow()
                .isForgottenSoon(now.plus(Duration.ofMinutes(61))))
        .isTrue();

    other.prolong("linear", ID, now.plus(Duration.ofHours(5)));

    assertThat(store.find("linear", ID, now.plus(Duration.ofHours(4)))).isPresent();
    var late = now.plus(Duration.ofHours(5));
    assertThat(store.find("linear", ID, late)).isEmpty();
    assertThat(store.of("linear", "alice", late)).isEmpty();
    assertThat(store.count("linear", "alice", late)).isZero();
    assertThat(store.claim("linear", ID, of(BOB, "a"), Optional.of(ADDRESS)))
        .as("until it is removed")
        .isFalse();
  }

  @Test
  @DisplayName("whose time is over begins anew if its server gives the id again, for the same")
  void again() {
    store.claim("linear", ID, of(ALICE, "a"), Optional.of(ADDRESS));
    clock.advance(Duration.ofHours(2));
    assertThat(other.claim("linear", ID, of(BOB, "a"), Optional.of(ADDRESS))).isFalse();
    assertThat(other.claim("linear", ID, of(ALICE, "b"), Optional.of(ADDRESS))).isFalse();
    assertThat(store.find("linear", ID, clock.instant())).isEmpty();

    assertThat(other.claim("linear", ID, of(ALICE, "a"), Optional.of(ADDRESS))).isTrue();

    assertThat(store.find("linear", ID, clock.instant())).contains(of(ALICE, "a"));
  }

  @Test
  @DisplayName("of a task of an older program it is not known by whose word it was")
  void no_provider() {
    var begun = new Begun(clock.instant(), Optional.empty());
    var life = Duration.ofHours(1);
    var task = new KeptTask(ALICE, "a", begun, life, clock.instant().plus(life));
    assertThat(store.claim("linear", ID, task, Optional.of(ADDRESS))).isTrue();
    assertThat(other.find("linear", ID, clock.instant())).contains(task);
  }

  @Test
  @DisplayName("a dead one that no kill has found is dropped as a kill does it: its server is told")
  void dropped() {
    store.claim("linear", ID, of(ALICE, "a"), Optional.of(ADDRESS));
    other.drop("linear", ID, "bob", "test", clock.instant());
    assertThat(store.find("linear", ID, clock.instant())).as("not his").isPresent();

    other.drop("linear", ID, "alice", "test", clock.instant());
    store.drop("linear", ID, "alice", "again", clock.instant());

    assertThat(store.find("linear", ID, clock.instant())).isEmpty();
    assertThat(due(store, Duration.ofSeconds(29))).isEmpty();
    assertThat(due(store, Duration.ofSeconds(30)))
        .containsExactly(new OpenEnd(ID.hash(), "alice", "a client", "a", "test", ADDRESS));
    assertThat(store.claim("linear", ID, of(BOB, "a"), Optional.of(ADDRESS))).isTrue();
  }

  @Test
  void everything_of_one_person_at_one_connector() {
    store.claim("linear", ID, of(ALICE, "a"), Optional.of(ADDRESS));
    store.claim("linear", new TaskId("t-2"), of(BOB, "a"), Optional.of(ADDRESS));
    store.claim("notion", new TaskId("t-3"), of(ALICE, "a"), Optional.of(ADDRESS));

    assertThat(other.of("linear", "alice", clock.instant()))
        .containsExactly(Map.entry(ID.hash(), of(ALICE, "a")));
    assertThat(other.count("linear", "alice", clock.instant())).isEqualTo(1);
  }

  @Test
  @DisplayName("a kill drops what the person has, in its own transaction, and nothing of others")
  void killed() {
    store.claim("linear", ID, of(ALICE, "a"), Optional.of(ADDRESS));
    store.claim("notion", ID, of(ALICE, "a"), Optional.of(ADDRESS));
    store.claim("linear", new TaskId("t-2"), of(BOB, "a"), Optional.of(ADDRESS));

    kill(Denied.session("a session"));
    assertThat(other.find("linear", ID, clock.instant())).isPresent();
    kill(Denied.person("alice"));

    assertThat(other.find("linear", ID, clock.instant())).isEmpty();
    assertThat(other.find("notion", ID, clock.instant())).isEmpty();
    assertThat(other.find("linear", new TaskId("t-2"), clock.instant())).isPresent();
    kill(Denied.all());
    assertThat(other.find("linear", new TaskId("t-2"), clock.instant())).isEmpty();
  }

  private List<OpenEnd> due(TaskStore at, Duration later) {
    var now = clock.instant().plus(later);
    return at.due("linear", now, now.plusSeconds(60));
  }

  @Test
  @DisplayName("what a kill has dropped is to be told its server, by one node at a time")
  void open_end() {
    store.claim("linear", ID, of(ALICE, "a"), Optional.of(ADDRESS));
    store.claim("linear", new TaskId("t-2"), of(BOB, "a"), Optional.of(ADDRESS));
    store.claim("notion", ID, of(ALICE, "a"), Optional.of(ADDRESS));
    kill(Denied.person("alice"));

    assertThat(due(other, Duration.ofSeconds(29))).as("the node that knows it may").isEmpty();
    assertThat(due(other, Duration.ofSeconds(30)))
        .containsExactly(new OpenEnd(ID.hash(), "alice", "a client", "a", "test", ADDRESS));
    assertThat(due(store, Duration.ofSeconds(89))).as("another one does").isEmpty();
    assertThat(due(store, Duration.ofSeconds(90))).as("it has died over it").hasSize(1);
    other.told("linear", ID.hash());
    assertThat(due(store, Duration.ofMinutes(10))).isEmpty();
  }

  @Test
  @DisplayName("for an hour, and not if it has ended by itself or nobody has to be told")
  void no_open_end() {
    store.claim("linear", ID, of(ALICE, "a"), Optional.of(ADDRESS));
    store.claim("linear", new TaskId("t-2"), of(ALICE, "a"), Optional.of(ADDRESS));
    other.over("linear", new TaskId("t-2"));
    store.claim("linear", new TaskId("t-3"), of(ALICE, "a"), Optional.empty());
    new TaskStore(database, TaskSeal.NONE)
        .claim("linear", new TaskId("t-4"), of(ALICE, "a"), Optional.of(ADDRESS));
    kill(Denied.all());

    assertThat(due(new TaskStore(database, TaskSeal.NONE), Duration.ofMinutes(1)))
        .as("a node without the key leaves it to others")
        .isEmpty();
    assertThat(due(other, Duration.ofMinutes(59))).hasSize(1);
    assertThat(due(other, Duration.ofMinutes(61))).isEmpty();
  }

  @Test
  @DisplayName("an id that its server gives anew is another task's, and is not ended")
  void given_anew() {
    store.claim("linear", ID, of(ALICE, "a"), Optional.of(ADDRESS));
    kill(Denied.person("alice"));
    assertThat(other.claim("linear", ID, of(BOB, "a"), Optional.of(ADDRESS))).isTrue();

    assertThat(due(store, Duration.ofMinutes(1))).isEmpty();
  }

  @Test
  @DisplayName("of two nodes that look at once one tells, and takes no more than it can tell")
  void due_at_once() throws Exception {
    for (int i = 0; i < 20; i++) {
      store.claim("linear", new TaskId("t-" + i), of(ALICE, "a"), Optional.of(ADDRESS));
    }
    kill(Denied.person("alice"));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<OpenEnd>();
      for (int round = 0; round < 20 && all.size() < 20; round++) {
        var both =
            threads.invokeAll(
                List.<Callable<List<OpenEnd>>>of(
                    () -> due(store, Duration.ofMinutes(1)),
                    () -> due(other, Duration.ofMinutes(1))));
        for (var some : both) {
          assertThat(some.get()).hasSizeLessThanOrEqualTo(TaskStore.MOST_DUE);
          all.addAll(some.get());
        }
      }
      assertThat(all).hasSize(20).doesNotHaveDuplicates();
    }
  }

  @Test
  @DisplayName("nothing in the record names a task, neither before its end nor after")
  void sealed() {
    store.claim("linear", ID, of(ALICE, "a"), Optional.of(ADDRESS));
    var before = sealedIn("mcp_task");
    kill(Denied.organisation("nobody's"));
    kill(Denied.person("alice"));
    assertThat(before).hasSize(1).allMatch(one -> !one.contains("t-1"));
    assertThat(sealedIn("mcp_task_end")).isEqualTo(before);
    assertThat(sealedIn("mcp_task")).isEmpty();
  }

  List<String> sealedIn(String table) {
    return database.read(connection ->
        new Statements(connection).list("SELECT sealed FROM " + table, row -> row.getString(1)));
  }

  @Test
  @DisplayName("the kill of an organisation drops what its people have")
  void killed_organisation() {
    var _ =
        database.write(connection ->
            new Statements(connection)
                .update(
                    "INSERT INTO person (id, organisation, user_name, user_name_key, display_name,"
                        + " active, created_at, updated_at)"
                        + " VALUES ('p', 'acme', 'p', 'p', 'p', 1, 0, 0)"));
    store.claim("linear", ID, of(new Owner("p", "a client", ""), "a"), Optional.of(ADDRESS));
    store.claim("linear", new TaskId("t-2"), of(BOB, "a"), Optional.of(ADDRESS));

    kill(Denied.organisation("acme"));
    assertThat(due(other, Duration.ofMinutes(1))).hasSize(1);

    assertThat(other.find("linear", ID, clock.instant())).isEmpty();
    assertThat(other.find("linear", new TaskId("t-2"), clock.instant())).isPresent();
  }

  private void kill(Denied denied) {
    kill(denied, connection -> connection);
  }

  /// @param over what the kill sees of its connection
  void kill(Denied denied, UnaryOperator<Connection> over) {
    var now = clock.instant();
    var signal =
        new Signal(
            Source.of(Source.Kind.ADMIN),
            "1",
            new Subject.Person(new PersonId("alice")),
            Happening.DISABLED,
            now,
            "a test",
            "test");
    var denial = denial(denied, now);
    var incident = new Incident("i", signal, Optional.empty(), List.of(denial), now);
    var _ =
        database.write(connection -> {
          new EndedTasks().tell(over.apply(connection), List.of(incident));
          return true;
        });
  }

  private static Denial denial(Denied denied, Instant now) {
    return new Denial(denied, now, now.plus(Duration.ofHours(1)), 0);
  }
}
