package dev.lanyard.server.gateway.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.gateway.task.KeptTask.Owner;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.revocation.Denial;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Incident;
import dev.lanyard.server.revocation.Signal;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What the store of tasks promises, on either database, with two nodes.
abstract class TaskStoreContract {
  private static final TaskId ID = new TaskId("t-1");
  private static final Owner ALICE = new Owner("alice", "a client", "s");
  private static final Owner BOB = new Owner("bob", "a client", "s");

  private static final Function<Instant, KeptTask.Begun> BEGUN =
      now -> new KeptTask.Begun(now.minusSeconds(7), Optional.of("https://idp.example"));

  private final DatabaseConfig config;
  private final TestClock clock = new TestClock();
  private Database database;
  private Database otherDatabase;
  private TaskStore store;
  private TaskStore other;

  TaskStoreContract(DatabaseConfig config) {
    this.config = config;
  }

  @BeforeEach
  void open() {
    database = Database.open(config, clock);
    otherDatabase = Database.open(config, clock);
    store = new JdbcTaskStore(database);
    other = new JdbcTaskStore(otherDatabase);
  }

  @AfterEach
  void close() {
    database.close();
    otherDatabase.close();
  }

  private KeptTask of(Owner owner, String tool) {
    var life = Duration.ofHours(2);
    var now = clock.instant();
    return new KeptTask(owner, tool, BEGUN.apply(now), life, now.plus(life));
  }

  @Test
  @DisplayName("a task is whoever's has it first, on every node, and is that of one tool")
  void owners() {
    assertThat(store.claim("linear", ID, of(ALICE, "a"))).isTrue();
    assertThat(other.claim("linear", ID, of(BOB, "a"))).isFalse();
    assertThat(other.claim("linear", ID, of(ALICE, "b"))).isFalse();
    assertThat(other.claim("linear", ID, of(new Owner("alice", "another", "s"), "a"))).isFalse();
    assertThat(other.claim("linear", ID, of(new Owner("alice", "a client", ""), "a"))).isFalse();
    assertThat(other.claim("linear", ID, of(ALICE, "a"))).as("the same again").isTrue();
    assertThat(other.claim("notion", ID, of(BOB, "a"))).isTrue();
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
                    () -> store.claim("linear", id, of(ALICE, "a")),
                    () -> other.claim("linear", id, of(BOB, "a"))));
        assertThat(both.get(0).get()).isNotEqualTo(both.get(1).get());
      }
    }
  }

  @Test
  @DisplayName("each process of a command gives ids for itself")
  void processes() {
    assertThat(store.claim("linear", ID.in("p"), of(ALICE, "a"))).isTrue();
    assertThat(other.claim("linear", ID.in("q"), of(BOB, "a"))).isTrue();
    assertThat(other.claim("linear", ID.in("r"), of(ALICE, "b"))).isTrue();
    assertThat(other.claim("linear", ID.in("p"), of(BOB, "a"))).isFalse();

    assertThat(other.find("linear", ID.in("p"), clock.instant())).contains(of(ALICE, "a"));
    assertThat(store.find("linear", ID.in("q"), clock.instant())).contains(of(BOB, "a"));
    assertThat(store.find("linear", ID, clock.instant())).isEmpty();
    assertThat(store.find("linear", ID.in("s"), clock.instant())).isEmpty();
  }

  @Test
  @DisplayName("it is kept for its time, which may be prolonged, and then nobody's")
  void time() {
    store.claim("linear", ID, of(ALICE, "a"));
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
    assertThat(store.claim("linear", ID, of(BOB, "a"))).as("until it is removed").isFalse();
  }

  @Test
  @DisplayName("whose time is over begins anew if its server gives the id again, for the same")
  void again() {
    store.claim("linear", ID, of(ALICE, "a"));
    clock.advance(Duration.ofHours(2));
    assertThat(other.claim("linear", ID, of(BOB, "a"))).isFalse();
    assertThat(other.claim("linear", ID, of(ALICE, "b"))).isFalse();
    assertThat(store.find("linear", ID, clock.instant())).isEmpty();

    assertThat(other.claim("linear", ID, of(ALICE, "a"))).isTrue();

    assertThat(store.find("linear", ID, clock.instant())).contains(of(ALICE, "a"));
  }

  @Test
  @DisplayName("of a task of an older program it is not known by whose word it was")
  void no_provider() {
    var begun = new KeptTask.Begun(clock.instant(), Optional.empty());
    var life = Duration.ofHours(1);
    var task = new KeptTask(ALICE, "a", begun, life, clock.instant().plus(life));
    assertThat(store.claim("linear", ID, task)).isTrue();
    assertThat(other.find("linear", ID, clock.instant())).contains(task);
  }

  @Test
  @DisplayName("one that is forgotten is nobody's, and anybody's who has it next")
  void forgotten() {
    store.claim("linear", ID, of(ALICE, "a"));
    other.forget("linear", ID, "bob");
    assertThat(store.find("linear", ID, clock.instant())).as("not his").isPresent();
    other.forget("linear", ID, "alice");
    assertThat(store.find("linear", ID, clock.instant())).isEmpty();
    assertThat(store.claim("linear", ID, of(BOB, "a"))).isTrue();
  }

  @Test
  void everything_of_one_person_at_one_connector() {
    store.claim("linear", ID, of(ALICE, "a"));
    store.claim("linear", new TaskId("t-2"), of(BOB, "a"));
    store.claim("notion", new TaskId("t-3"), of(ALICE, "a"));

    assertThat(other.of("linear", "alice", clock.instant()))
        .containsExactly(Map.entry(ID.hash(), of(ALICE, "a")));
    assertThat(other.count("linear", "alice", clock.instant())).isEqualTo(1);
  }

  @Test
  @DisplayName("a kill drops what the person has, in its own transaction, and nothing of others")
  void killed() {
    store.claim("linear", ID, of(ALICE, "a"));
    store.claim("notion", ID, of(ALICE, "a"));
    store.claim("linear", new TaskId("t-2"), of(BOB, "a"));

    kill(Denied.session("a session"));
    assertThat(other.find("linear", ID, clock.instant())).isPresent();
    kill(Denied.person("alice"));

    assertThat(other.find("linear", ID, clock.instant())).isEmpty();
    assertThat(other.find("notion", ID, clock.instant())).isEmpty();
    assertThat(other.find("linear", new TaskId("t-2"), clock.instant())).isPresent();
    kill(Denied.all());
    assertThat(other.find("linear", new TaskId("t-2"), clock.instant())).isEmpty();
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
    store.claim("linear", ID, of(new Owner("p", "a client", ""), "a"));
    store.claim("linear", new TaskId("t-2"), of(BOB, "a"));

    kill(Denied.organisation("acme"));

    assertThat(other.find("linear", ID, clock.instant())).isEmpty();
    assertThat(other.find("linear", new TaskId("t-2"), clock.instant())).isPresent();
  }

  private void kill(Denied denied) {
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
          new EndedTasks().tell(connection, List.of(incident));
          return true;
        });
  }

  private static Denial denial(Denied denied, Instant now) {
    return new Denial(denied, now, now.plus(Duration.ofHours(1)), 0);
  }
}
