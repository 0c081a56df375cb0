package dev.lanyard.server.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.resourceserver.Verdict;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.Subscribed;
import dev.lanyard.server.pair.World;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A history of concurrent calls and kills: after the kill returned, no call succeeds")
class KillHistoryTest {
  private static final int PEOPLE = 8;
  private static final int CALLERS = 4;

  /// Two nodes, and the resource-server library that listens to the second.
  private static final int PLACES = 3;

  private static final int LIBRARY = 2;

  @TempDir Path folder;

  /// One call: when it began and ended by one clock, and whether it succeeded.
  private record Call(
      String person, int place, String what, long began, long ended, boolean succeeded) {}

  private record Held(Desk desk, String idToken, String accessToken) {}

  /// Everything that callers share.
  private record Site(
      Map<String, List<Held>> held, Subscribed library, Queue<Call> history, AtomicBoolean over) {}

  @Test
  void on_the_node_that_killed_at_once_elsewhere_as_soon_as_it_is_known_there() throws Exception {
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
      try (var library =
              new Subscribed(one, two.port("ras"), "linear-server", Duration.ofSeconds(30));
          var threads = Executors.newFixedThreadPool(CALLERS)) {
        assertThat(library.stream.awaitFresh(Duration.ofSeconds(60))).isTrue();
        var site = new Site(held, library, history, over);
        var callers = new ArrayList<Future<?>>();
        for (int caller = 0; caller < CALLERS; caller++) {
          var number = caller;
          callers.add(threads.submit(() -> call(site, number)));
        }
        try {
          // The last one is never killed.
          for (int i = 0; i < PEOPLE - 1; i++) {
            awaitCalls(history, (i + 1) * 40);
            one.happened(people.get(i), Happening.DISABLED);
            long here = System.nanoTime();
            two.awaitChanges();
            long there = System.nanoTime();
            var token = held.get("p" + i).getFirst().accessToken();
            Soon.until(() -> library.call(token) instanceof Verdict.Refused);
            killed.put("p" + i, new long[] {here, there, System.nanoTime()});
          }
          awaitCalls(history, history.size() + 80);
        } finally {
          // Whoever waits for the callers would wait for ever.
          over.set(true);
        }
        for (var caller : callers) {
          caller.get();
        }
      }
      judge(history, killed);
    }
  }

  private static void call(Site site, int number) {
    // The same choices at every run; when they meet a kill the machine decides.
    var random = new Random(number);
    while (!site.over().get()) {
      var person = "p" + random.nextInt(PEOPLE);
      int place = random.nextInt(PLACES);
      var with = site.held().get(person).get(place % 2);
      long began = System.nanoTime();
      var introspects = place == LIBRARY || random.nextBoolean();
      boolean succeeded;
      if (place == LIBRARY) {
        succeeded = site.library().call(with.accessToken()) instanceof Verdict.Admitted;
        // Otherwise nearly all calls would be these.
        LockSupport.parkNanos(1_000_000);
      } else if (introspects) {
        var answer = with.desk().introspect(with.accessToken(), "linear-server");
        succeeded = answer.body().contains("\"active\":true");
      } else {
        succeeded = with.desk().exchange(with.idToken(), World.LINEAR).status() == 200;
      }
      var what = introspects ? "call" : "exchange";
      site.history().add(new Call(person, place, what, began, System.nanoTime(), succeeded));
    }
  }

  private static void judge(Queue<Call> history, Map<String, long[]> killed) {
    int refused = 0;
    var firstRefusals = new HashMap<String, Long>();
    for (var call : history) {
      if (!call.succeeded()) {
        firstRefusals.merge(at(call), call.ended(), Math::min);
      }
    }
    for (var call : history) {
      var times = killed.get(call.person());
      if (times == null) {
        assertThat(call.succeeded()).as("nobody else is harmed: %s", call).isTrue();
      } else if (call.began() > times[call.place()]) {
        assertThat(call.succeeded()).as("after the kill: %s", call).isFalse();
        refused++;
      }
      if (call.began() > firstRefusals.getOrDefault(at(call), Long.MAX_VALUE)) {
        assertThat(call.succeeded()).as("nobody revives: %s", call).isFalse();
      }
    }
    assertThat(refused).as("the history proves something").isGreaterThan(20);
  }

  /// A broker and a resource authorization server of one node may learn of a kill one after the
  /// other.
  private static String at(Call call) {
    return call.person() + " " + call.place() + " " + call.what();
  }

  private static void awaitCalls(Queue<Call> history, int calls) {
    Soon.until(() -> history.size() >= calls);
  }
}
