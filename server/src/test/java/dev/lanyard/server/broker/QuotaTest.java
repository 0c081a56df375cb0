package dev.lanyard.server.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.sessions.IdJagUses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("ID-JAGs are counted by person, resource and calendar month")
class QuotaTest {
  private static final int LIMIT = 6;

  @TempDir Path folder;

  private Pair start(Setup setup, QuotaConfig quota) {
    return Pair.start(
        setup, folder, _ -> new ExchangeConfig(List.of(), List.of(), Optional.of(quota)));
  }

  private static QuotaConfig limit(int limit) {
    return new QuotaConfig(OptionalInt.empty(), OptionalInt.of(limit));
  }

  private DatabaseConfig database(String kind) {
    return kind.equals("sqlite") ? TestDatabases.sqlite(folder) : TestDatabases.postgres();
  }

  private static List<IdJagUses.Count> counts(Pair pair) {
    var uses = new IdJagUses(pair.database);
    return uses.counts(IdJagUses.monthOf(pair.clock.instant()), 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "postgres"})
  void without_a_limit_they_are_counted(String kind) {
    var counted = new QuotaConfig(OptionalInt.of(2), OptionalInt.empty());
    try (var pair = start(Setup.on(database(kind), folder), counted)) {
      var alice = pair.person("alice", "engineering");
      var desk = new Desk(pair);
      var idToken = desk.idToken("alice");
      for (int i = 0; i < 3; i++) {
        assertThat(desk.exchange(idToken, World.LINEAR).status()).isEqualTo(200);
      }
      var two = desk.exchangeRequest(idToken, World.LINEAR);
      assertThat(desk.token(two.add("resource", World.VAULT.value()).build()).status())
          .isEqualTo(200);
      assertThat(desk.exchange(idToken, World.NOTION).status()).as("refused").isEqualTo(400);
      assertThat(counts(pair))
          .containsExactly(
              new IdJagUses.Count(alice.id().value(), World.LINEAR.value(), 4),
              new IdJagUses.Count(alice.id().value(), World.VAULT.value(), 1));
      assertThat(new IdJagUses(pair.database).counts(IdJagUses.monthOf(pair.clock.instant()), 2))
          .hasSize(1);
    }
  }

  @Test
  @DisplayName("At the limit comes 503, because on 4xx clients throw the sign-in away")
  void at_the_limit() {
    try (var pair = start(Setup.usual(folder), limit(2))) {
      pair.person("alice", "engineering");
      pair.person("bob", "engineering");
      var desk = new Desk(pair);
      var idToken = desk.idToken("alice");
      assertThat(desk.exchange(idToken, World.LINEAR).status()).isEqualTo(200);
      assertThat(desk.exchange(idToken, World.LINEAR).status()).isEqualTo(200);
      var over = desk.exchange(idToken, World.LINEAR);
      assertThat(over.status()).isEqualTo(503);
      assertThat(over.text("error")).isEqualTo("temporarily_unavailable");
      assertThat(over.header("Retry-After")).isPresent();
      assertThat(pair.audit(over.text("correlation_id"))).contains("2 ID-JAGs of the month");
      assertThat(desk.exchange(new Desk(pair).idToken("bob"), World.LINEAR).status())
          .as("somebody else")
          .isEqualTo(200);
      pair.clock.advance(Duration.ofDays(8));
      assertThat(desk.exchange(new Desk(pair).idToken("alice"), World.LINEAR).status())
          .as("the next month")
          .isEqualTo(200);
    }
  }

  @ParameterizedTest
  @DisplayName("Two nodes issue exactly as many as the limit allows, however many ask at once")
  @ValueSource(strings = {"sqlite", "postgres"})
  void exact_on_two_nodes(String kind) throws Exception {
    var setup = Setup.on(database(kind), folder);
    try (var one = start(setup, limit(LIMIT));
        var two = start(kind.equals("sqlite") ? setup : setup.beside(one), limit(LIMIT));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      one.person("alice", "engineering");
      two.awaitChanges();
      var nodes = kind.equals("sqlite") ? List.of(one) : List.of(one, two);
      var idToken = new Desk(one).idToken("alice");
      var asking = new ArrayList<Callable<Integer>>();
      for (int i = 0; i < 2 * LIMIT; i++) {
        var desk = new Desk(nodes.get(i % nodes.size()));
        asking.add(() -> desk.exchange(idToken, World.LINEAR).status());
      }
      var answers = new ArrayList<Integer>();
      for (var answer : threads.invokeAll(asking)) {
        answers.add(answer.get());
      }
      assertThat(answers.stream().filter(status -> status == 200)).hasSize(LIMIT);
      assertThat(answers.stream().filter(status -> status == 503)).hasSize(LIMIT);
      assertThat(counts(one)).extracting(IdJagUses.Count::issued).containsExactly(LIMIT);
    }
  }

  @Test
  void a_warning_that_nobody_would_hear_is_a_fault() {
    assertThatThrownBy(() -> new QuotaConfig(OptionalInt.of(9), OptionalInt.of(3)))
        .hasMessageContaining("warn_at");
    assertThatThrownBy(() -> limit(0)).hasMessageContaining("1 at least");
  }
}
