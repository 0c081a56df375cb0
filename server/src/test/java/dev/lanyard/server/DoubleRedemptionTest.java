package dev.lanyard.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Two nodes on one PostgreSQL (RAS-8, AC-5)")
class DoubleRedemptionTest {
  private static final int AT_ONCE = 8;

  @TempDir Path folder;

  @Test
  void of_many_who_redeem_one_id_jag_at_once_exactly_one_gets_a_token()
      throws InterruptedException, ExecutionException {
    var setup = Setup.on(TestDatabases.postgres(), folder);
    try (var one = Pair.start(setup, folder);
        var two = Pair.start(setup.beside(one), folder)) {
      one.person("alice", "engineering");
      var desk = new Desk(one);
      var idToken = desk.idToken("alice");
      for (int round = 0; round < 3; round++) {
        var form =
            desk.redemption(desk.exchange(idToken, World.LINEAR).text("access_token")).build();
        var statuses = new ArrayList<Callable<Integer>>();
        for (int i = 0; i < AT_ONCE; i++) {
          var node = i % 2 == 0 ? one : two;
          statuses.add(
              () -> Http.post(node.rasUrl("/token"), form, Desk.basic("desk-ras")).status());
        }
        assertThat(together(statuses)).containsOnlyOnce(200).containsOnly(200, 400);
      }
    }
  }

  @Test
  void a_person_who_is_disabled_on_one_node_is_refused_on_the_other() throws InterruptedException {
    var setup = Setup.on(TestDatabases.postgres(), folder);
    try (var one = Pair.start(setup, folder);
        var two = Pair.start(setup.beside(one), folder)) {
      var alice = one.person("alice", "engineering");
      var token = new Desk(one).accessToken("alice", World.LINEAR);
      var there = new Desk(two);
      assertThat(there.introspect(token, "linear-server").text("client_id")).isEqualTo("desk-ras");
      one.happened(alice, Happening.DISABLED);
      var deadline = System.nanoTime() + 2_000_000_000L;
      while (!there.introspect(token, "linear-server").body().equals("{\"active\":false}")) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        Thread.sleep(5);
      }
    }
  }

  private static ArrayList<Integer> together(ArrayList<Callable<Integer>> calls)
      throws InterruptedException, ExecutionException {
    try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
      var statuses = new ArrayList<Integer>();
      for (Future<Integer> status : threads.invokeAll(calls)) {
        statuses.add(status.get());
      }
      return statuses;
    }
  }
}
