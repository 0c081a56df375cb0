package dev.lanyard.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A history of concurrent calls and kills: after the kill returned, no call succeeds")
class KillHistoryTest {
  private static final int PEOPLE = 6;
  private static final int CALLERS = 4;

  @TempDir Path folder;

  /// One call: when it began and ended, and whether it succeeded.
  private record Call(String person, int node, String what, long began, boolean succeeded) {}

  private record Held(Desk desk, String idToken, String accessToken) {}

  @Test
  void on_the_node_that_killed_at_once_on_the_other_as_soon_as_it_has_the_change()
      throws Exception {
    var setup = Setup.on(TestDatabases.postgres(), folder);
    try (var one = Pair.start(setup, folder);
        var two = Pair.start(setup.beside(one), folder)) {
      var people = new ArrayList<Person>();
      var held = new HashMap<String, List<Held>>();
      for (int i = 0; i < PEOPLE; i++) {
        var person = one.person("p" + i, "engineering");
        people.add(person);
        var here = new Desk(one);
        var there = new Desk(two);
        var idToken = here.idToken("p" + i);
        var token = here.redeem(here.exchange(idToken, World.LINEAR).text("access_token"));
        var access = token.text("access_token");
        held.put(
            "p" + i, List.of(new Held(here, idToken, access), new Held(there, idToken, access)));
      }
      var history = new ConcurrentLinkedQueue<Call>();
      var killed = new HashMap<String, long[]>();
      var over = new AtomicBoolean();
      try (var threads = Executors.newFixedThreadPool(CALLERS)) {
        var callers = new ArrayList<Future<?>>();
        for (int caller = 0; caller < CALLERS; caller++) {
          var number = caller;
          callers.add(threads.submit(() -> call(held, history, over, number)));
        }
        // The last one is never killed.
        for (int i = 0; i < PEOPLE - 1; i++) {
          awaitCalls(history, (i + 1) * 40);
          one.happened(people.get(i), Happening.DISABLED);
          long here = System.nanoTime();
          two.awaitChanges();
          killed.put("p" + i, new long[] {here, System.nanoTime()});
        }
        awaitCalls(history, history.size() + 80);
        over.set(true);
        for (var caller : callers) {
          caller.get();
        }
      }
      judge(history, killed);
    }
  }

  private static void call(
      Map<String, List<Held>> held, Queue<Call> history, AtomicBoolean over, int number) {
    for (int n = number; !over.get(); n++) {
      var person = "p" + n % PEOPLE;
      int node = (n / PEOPLE) % 2;
      var with = held.get(person).get(node);
      var introspects = (n / (2 * PEOPLE)) % 2 == 0;
      long began = System.nanoTime();
      var succeeded =
          introspects
              ? with.desk()
                  .introspect(with.accessToken(), "linear-server")
                  .body()
                  .contains("\"active\":true")
              : with.desk().exchange(with.idToken(), World.LINEAR).status() == 200;
      history.add(new Call(person, node, introspects ? "call" : "exchange", began, succeeded));
    }
  }

  private static void judge(Queue<Call> history, Map<String, long[]> killed) {
    int refused = 0;
    for (var call : history) {
      var times = killed.get(call.person());
      if (times == null) {
        assertThat(call.succeeded()).as("nobody else is harmed: %s", call).isTrue();
      } else if (call.began() > times[call.node()]) {
        assertThat(call.succeeded()).as("after the kill: %s", call).isFalse();
        refused++;
      }
    }
    assertThat(refused).as("the history proves something").isGreaterThan(20);
  }

  private static void awaitCalls(Queue<Call> history, int calls) {
    await(() -> history.size() >= calls);
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }
}
