package dev.lanyard.server.publication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.publication.plan.Losses;
import dev.lanyard.server.publication.plan.Losses.Loss;
import dev.lanyard.server.schedule.Jobs;
import dev.lanyard.server.yaml.Reload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every database must do for [ExceptionEnds].
abstract class ExceptionEndsContract {
  private static final Duration LATENESS = Duration.ofSeconds(70);

  @TempDir Path folder;
  private Pair pair;
  private Desk desk;
  private Instant end;
  private final List<String> occasions = new CopyOnWriteArrayList<>();

  abstract DatabaseConfig config(Path folder);

  @BeforeEach
  void start() throws IOException {
    pair = Pair.start(Setup.on(config(folder), folder), folder);
    desk = new Desk(pair);
    pair.person("alice", "engineering");
    pair.person("eve", "sales");
    end = pair.clock.instant().plus(Duration.ofMinutes(10));
    library(end);
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  /// Alice has Notion for a while; Eve has it by her role and by the exception.
  private void library(Instant until) throws IOException {
    library(until, "[pages.read]");
  }

  private void library(Instant until, String atNotion) throws IOException {
    Files.writeString(
        folder.resolve("library/more.yaml"),
        """
        exceptions:
          visit:
            owner: Ana
            reason: A visit.
            people: [Alice]
            groups: [sales]
            until: %s
            connectors: {notion: %s}
        """
            .formatted(until, atNotion));
    pair.library.poll();
    assertThat(pair.library.poll()).isInstanceOf(Reload.Loaded.class);
  }

  private ExceptionEnds ends() {
    var clients = ClientRegistry.open(folder.resolve("broker-clients.yaml"));
    var losses =
        new Losses(
            pair.directory,
            pair.database,
            pair.broker(),
            clients::all,
            () -> WhosePeople.of(World.ORGANISATION),
            pair.clock);
    return new ExceptionEnds(
        pair.database, pair.library::current, losses, this::end, LATENESS, pair.clock);
  }

  private void end(Loss loss, String id) {
    occasions.add(id);
    new PolicyKill(pair.revocation, pair.clock).on(loss, id);
  }

  private void settle() {
    try (var ends = ends()) {
      ends.settle();
    }
  }

  private String idJag(String person) {
    var mine = new Desk(pair);
    return mine.exchange(mine.idToken(person), World.NOTION).text("access_token");
  }

  private String token(String person) {
    return desk.redeem(idJag(person)).text("access_token");
  }

  private boolean lives(String token) {
    try {
      return desk.introspect(token, "notion-server").json().bool("active").orElseThrow();
    } catch (dev.lanyard.protocol.json.MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private List<AuditRecord> recorded() {
    return new AuditLog(pair.database)
        .query(AuditQuery.newest(9).ofType("library.exception-ended"));
  }

  @Test
  void tokens_end_with_the_exception_and_only_those_that_nothing_else_gives() {
    var ofAlice = token("alice");
    var ofEve = token("eve");
    var notRedeemed = idJag("alice");

    pair.clock.set(end.minusMillis(1));
    settle();
    assertThat(lives(ofAlice)).isTrue();
    assertThat(occasions).isEmpty();

    pair.clock.set(end);
    settle();
    assertThat(lives(ofAlice)).isFalse();
    assertThat(lives(ofEve)).isTrue();
    assertThat(desk.redeem(notRedeemed).text("error")).isEqualTo("invalid_grant");
    assertThat(recorded()).hasSize(1);
    assertThat(recorded().getFirst().event().evidence().toJson())
        .contains("\"exception\":\"visit\"", "\"people_who_lost\":1", "\"grants_ended\":1");
  }

  @Test
  @DisplayName("what it gave on a condition ends likewise, by the sign-in that it was given on")
  void under_a_condition() throws IOException {
    var condition = "{only: {when: \"'pwd' in auth.amr && now < timestamp('%s')\"}}";
    library(end, "{scopes: [pages.read], conditions: " + condition.formatted(end) + "}");
    var ofAlice = token("alice");
    var ofEve = token("eve");
    var notRedeemed = idJag("alice");

    pair.clock.set(end);
    settle();

    assertThat(lives(ofAlice)).isFalse();
    assertThat(lives(ofEve)).isTrue();
    assertThat(desk.redeem(notRedeemed).text("error")).isEqualTo("invalid_grant");
    assertThat(recorded().getFirst().event().evidence().toJson())
        .contains("\"people_who_lost\":1", "\"grants_ended\":1");
  }

  @Test
  void what_a_node_with_a_slow_clock_gave_ends_once_none_can_be_left() {
    pair.clock.set(end);
    settle();
    // This node's clock is behind: for it the exception goes on.
    pair.clock.set(end.minusSeconds(5));
    var late = token("alice");
    pair.clock.set(end.plus(LATENESS).minusMillis(1));
    settle();
    assertThat(lives(late)).isTrue();

    pair.clock.set(end.plus(LATENESS));
    settle();

    assertThat(lives(late)).isFalse();
    occasions.clear();
    settle();
    assertThat(occasions).isEmpty();
    assertThat(recorded()).hasSize(2);
  }

  @Test
  @DisplayName("What a node whose clock is ahead takes for the end is not, and the end still comes")
  void a_clock_that_is_ahead() throws Exception {
    var now = InstantSource.system().instant().truncatedTo(ChronoUnit.MILLIS);
    // Far, as long as the other clock is asked.
    end = now.plus(Duration.ofHours(1));
    pair.clock.set(now);
    library(end);
    pair.clock.set(end.plus(Duration.ofDays(1)));
    settle();
    pair.clock.set(now);
    if (pair.database.time().isPresent()) {
      assertThat(occasions).as("by the clock of the database").isEmpty();
      end = pair.database.time().orElseThrow().plusSeconds(2).truncatedTo(ChronoUnit.MILLIS);
      library(end);
      var token = token("alice");
      Soon.until(() -> !pair.database.time().orElseThrow().isBefore(end));
      pair.clock.set(end);
      settle();
      assertThat(lives(token)).isFalse();
    } else {
      assertThat(occasions).hasSize(1);
      settle();
      assertThat(occasions).as("it goes on").hasSize(1);
      pair.clock.set(end);
      settle();
      pair.clock.set(end.plus(LATENESS));
      settle();
      settle();
      assertThat(occasions).as("each by a name of its own, and once").hasSize(3);
      assertThat(Set.copyOf(occasions)).hasSize(3);
    }
  }

  @Test
  void a_start_does_what_fell_due_while_nothing_ran() {
    var token = token("alice");
    pair.clock.set(end.plus(Duration.ofMinutes(3)));

    settle();

    assertThat(lives(token)).isFalse();
    assertThat(recorded()).hasSize(1);
  }

  @Test
  void a_process_that_died_after_the_kill_and_before_it_was_marked_does_it_again_in_vain() {
    var token = token("alice");
    pair.clock.set(end);
    settle();
    pair.database.write(connection -> {
      try (var forget = connection.prepareStatement("DELETE FROM exception_end")) {
        return forget.executeUpdate();
      }
    });
    var denials = denials();

    settle();

    assertThat(lives(token)).isFalse();
    assertThat(occasions).hasSize(2);
    assertThat(denials()).isEqualTo(denials);
  }

  private int denials() {
    return pair.database.read(connection -> {
      try (var count = connection.prepareStatement("SELECT COUNT(*) FROM deny");
          var rows = count.executeQuery()) {
        return rows.next() ? rows.getInt(1) : 0;
      }
    });
  }

  @Test
  void two_nodes_at_once_have_one_effect() throws Exception {
    var token = token("alice");
    pair.clock.set(end);

    AtOnce.run(2, this::settle);

    assertThat(lives(token)).isFalse();
    assertThat(recorded()).hasSize(1);
  }

  @Test
  void an_exception_that_was_prolonged_in_time_takes_nothing_and_ends_later() throws Exception {
    var token = token("alice");
    var later = end.plus(Duration.ofMinutes(10));
    library(later);

    pair.clock.set(end);
    settle();
    assertThat(lives(token)).isTrue();
    pair.clock.set(later);
    settle();

    assertThat(lives(token)).isFalse();
  }

  @Test
  void a_running_node_does_it_by_itself_at_that_instant() {
    var token = token("alice");
    try (var _ = ends().start(new Jobs())) {
      pair.clock.set(end);
      Soon.until(() -> !lives(token));
    }
  }
}
