package dev.lanyard.server.ras;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Visit;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The ordinary flow on two nodes of one PostgreSQL (AC-5, AC-17, AC-19, DPR-1)")
class ConsentOnTwoNodesTest {
  private static final String SCOPE = "issues.read";

  @TempDir Path folder;
  private Pair one;
  private Pair two;

  @BeforeEach
  void start() {
    var setup = Setup.on(TestDatabases.postgres(), folder).ordinary();
    one = Pair.start(setup, folder);
    two = Pair.start(setup.beside(one), folder);
    one.guest("gina");
    two.awaitChanges();
  }

  @AfterEach
  void stop() {
    two.close();
    one.close();
  }

  @Test
  void a_question_of_one_node_is_answered_at_the_other_and_its_code_redeemed_at_the_first() {
    var visit = Visit.pocket(one);
    var page = visit.question("gina", visit.authorization(World.LINEAR, SCOPE).build());
    var code = visit.at(two).decide(page, "allow").parameter("code");
    var tokens = visit.token(visit.codeRequest(code).build());
    assertThat(visit.at(two).isActive(tokens.text("access_token"), "linear-server")).isTrue();
    var renewed = visit.at(two).token(Visit.refresh(tokens.text("refresh_token")).build());
    assertThat(renewed.status()).isEqualTo(200);
    var again = visit.at(two).authorize(visit.authorization(World.LINEAR, SCOPE).build());
    assertThat(again.parameter("code")).as("AC-19: not asked again").isNotEmpty();
  }

  @Test
  void what_is_taken_back_at_one_node_is_dead_at_the_other() {
    var visit = Visit.pocket(one);
    var tokens = visit.tokens("gina", World.LINEAR, SCOPE);
    var page = visit.browse(one.rasUrl("/consents"));
    visit.submit("/consents", Visit.form(page).build());
    two.awaitChanges();
    var there = visit.at(two);
    assertThat(there.isActive(tokens.text("access_token"), "linear-server")).isFalse();
    assertThat(there.token(Visit.refresh(tokens.text("refresh_token")).build()).text("error"))
        .isEqualTo("invalid_grant");
  }

  @Test
  @DisplayName("AC-5: of many who redeem one code at once one wins, and what it won is revoked")
  void one_code_at_once() throws Exception {
    var visit = Visit.pocket(one);
    var code = visit.code("gina", visit.authorization(World.LINEAR, SCOPE).build());
    var form = visit.codeRequest(code).build();
    var tries =
        IntStream.range(0, 8)
            .<Callable<Answer>>mapToObj(i -> () -> visit.at(i % 2 == 0 ? one : two).token(form))
            .toList();
    var answers = new ArrayList<Answer>();
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (var answer : threads.invokeAll(tries)) {
        answers.add(answer.get());
      }
    }
    assertThat(answers).extracting(Answer::status).containsOnlyOnce(200).containsOnly(200, 400);
    var won = answers.stream().filter(answer -> answer.status() == 200).findFirst().orElseThrow();
    one.awaitChanges();
    two.awaitChanges();
    for (var node : new Pair[] {one, two}) {
      assertThat(visit.at(node).isActive(won.text("access_token"), "linear-server")).isFalse();
    }
  }

  @Test
  void whoever_is_disabled_at_one_node_has_nothing_at_the_other() {
    var visit = Visit.pocket(one);
    var tokens = visit.tokens("gina", World.LINEAR, SCOPE);
    one.happened(one.guest("gina"), Happening.DISABLED);
    two.awaitChanges();
    var there = visit.at(two);
    assertThat(there.isActive(tokens.text("access_token"), "linear-server")).isFalse();
    assertThat(there.token(Visit.refresh(tokens.text("refresh_token")).build()).text("error"))
        .isEqualTo("invalid_grant");
    one.clock.advance(Duration.ofSeconds(2));
    assertThat(there.authorize(visit.authorization(World.LINEAR, SCOPE).build()).status())
        .as("no session either")
        .isEqualTo(200);
  }
}
