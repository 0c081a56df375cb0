package dev.lanyard.server.ras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Signer;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
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
        var answers =
            together(i -> {
              var node = i % 2 == 0 ? one : two;
              return Http.post(node.rasUrl("/token"), form, Desk.basic("desk-ras"));
            });
        assertThat(answers).extracting(Answer::status).containsOnlyOnce(200).containsOnly(200, 400);
      }
    }
  }

  @Test
  @DisplayName("AC-5: of many who redeem one code at once one wins, and what it won is revoked")
  void one_code_gives_one_set_of_tokens_and_its_reuse_takes_them_back()
      throws InterruptedException, ExecutionException {
    var setup = Setup.on(TestDatabases.postgres(), folder);
    try (var one = Pair.start(setup, folder);
        var two = Pair.start(setup.beside(one), folder)) {
      one.person("alice", "engineering");
      var desk = new Desk(one);
      var form = desk.codeRequest(desk.code("alice", "openid offline_access")).build();
      var answers = together(i -> Http.post(node(i, one, two), form, Desk.basic("desk")));
      assertThat(answers).extracting(Answer::status).containsOnlyOnce(200).containsOnly(200, 400);
      var won = answers.stream().filter(answer -> answer.status() == 200).findFirst().orElseThrow();
      assertThat(desk.exchange(won.text("id_token"), World.LINEAR).text("error"))
          .isEqualTo("invalid_grant");
    }
  }

  @Test
  @DisplayName("TOK-3: of many who use one client assertion at once exactly one is the client")
  void one_client_assertion_counts_once() throws InterruptedException, ExecutionException {
    var setup = Setup.on(TestDatabases.postgres(), folder);
    try (var one = Pair.start(setup, folder);
        var two = Pair.start(setup.beside(one), folder)) {
      var request = Form.builder().add("grant_type", "refresh_token").build();
      var form = Signer.authenticated(request, Signer.atBroker(one).assertion());
      var answers = together(i -> Http.post(node(i, one, two), form, Map.of()));
      assertThat(answers).extracting(Answer::status).containsOnlyOnce(400).containsOnly(400, 401);
    }
  }

  @Test
  @DisplayName("AC-17, D-12: of many rotations at once one is the successor; all are one family")
  void rotations_at_once_give_one_family_that_dies_together()
      throws InterruptedException, ExecutionException {
    var setup = Setup.on(TestDatabases.postgres(), folder);
    try (var one = Pair.start(setup, folder);
        var two = Pair.start(setup.beside(one), folder)) {
      one.person("alice", "engineering");
      var desk = new Desk(one, "phone", "none", "http://127.0.0.1:33418/callback");
      var code = desk.codeRequest(desk.code("alice", "openid offline_access"));
      var first = post(one, code).text("refresh_token");
      var answers = together(i -> Http.post(node(i, one, two), refresh(first).build(), Map.of()));
      // Whoever came second asked again within the grace, as a client that lost our answer.
      assertThat(answers).extracting(Answer::status).containsOnly(200);
      assertThat(answers)
          .extracting(answer -> answer.text("refresh_token"))
          .doesNotHaveDuplicates();
      assertThat(successors(one)).isEqualTo(1);

      setup.clock().advance(Duration.ofSeconds(31));
      assertThat(post(two, refresh(first)).text("error")).isEqualTo("invalid_grant");
      for (var answer : answers) {
        assertThat(post(two, refresh(answer.text("refresh_token"))).text("error"))
            .isEqualTo("invalid_grant");
      }
    }
  }

  @Test
  @DisplayName(
      "AC-17: of two answers to one token that are used at once at most one goes on, and not long")
  void two_branches_at_once_are_one_too_many() throws InterruptedException, ExecutionException {
    var setup = Setup.on(TestDatabases.postgres(), folder);
    try (var one = Pair.start(setup, folder);
        var two = Pair.start(setup.beside(one), folder)) {
      one.person("alice", "engineering");
      var desk = new Desk(one, "phone", "none", "http://127.0.0.1:33418/callback");
      var code = desk.codeRequest(desk.code("alice", "openid offline_access"));
      var first = post(one, code).text("refresh_token");
      var branches = List.of(post(one, refresh(first)), post(one, refresh(first)));
      var answers =
          together(i -> {
            var branch = branches.get(i % 2).text("refresh_token");
            return Http.post(node(i, one, two), refresh(branch).build(), Map.of());
          });
      // None, if the other is seen before the first is answered.
      assertThat(answers).extracting(Answer::status).contains(400).isSubsetOf(200, 400);
      var went = IntStream.range(0, AT_ONCE).filter(i -> answers.get(i).status() == 200);
      assertThat(went.map(i -> i % 2).distinct().count()).isLessThan(2);
      for (var answer : answers) {
        if (answer.status() == 200) {
          assertThat(post(two, refresh(answer.text("refresh_token"))).text("error"))
              .isEqualTo("invalid_grant");
        }
      }
    }
  }

  private static Answer post(Pair pair, Form.Builder form) {
    var request = form.build().has("client_id") ? form : form.add("client_id", "phone");
    return Http.post(pair.brokerUrl("/token"), request.build(), Map.of());
  }

  private static Form.Builder refresh(String token) {
    return Form.builder()
        .add("grant_type", "refresh_token")
        .add("refresh_token", token)
        .add("client_id", "phone");
  }

  private static int successors(Pair pair) {
    return pair.database.read(connection -> {
      try (var query =
              connection.prepareStatement(
                  "SELECT COUNT(*) FROM refresh_token WHERE replaces IS NOT NULL");
          var rows = query.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    });
  }

  private static URI node(int i, Pair one, Pair two) {
    return (i % 2 == 0 ? one : two).brokerUrl("/token");
  }

  private static List<Answer> together(IntFunction<Answer> call)
      throws InterruptedException, ExecutionException {
    var calls = new ArrayList<Callable<Answer>>();
    for (int i = 0; i < AT_ONCE; i++) {
      int number = i;
      calls.add(() -> call.apply(number));
    }
    try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
      var answers = new ArrayList<Answer>();
      for (var answer : threads.invokeAll(calls)) {
        answers.add(answer.get());
      }
      return answers;
    }
  }

  @Test
  void a_person_who_is_disabled_on_one_node_is_refused_on_the_other() {
    var setup = Setup.on(TestDatabases.postgres(), folder);
    try (var one = Pair.start(setup, folder);
        var two = Pair.start(setup.beside(one), folder)) {
      var alice = one.person("alice", "engineering");
      var token = new Desk(one).accessToken("alice", World.LINEAR);
      var there = new Desk(two);
      assertThat(there.introspect(token, "linear-server").text("client_id")).isEqualTo("desk-ras");
      one.happened(alice, Happening.DISABLED);
      Soon.until(
          () -> there.introspect(token, "linear-server").body().equals("{\"active\":false}"));
    }
  }
}
