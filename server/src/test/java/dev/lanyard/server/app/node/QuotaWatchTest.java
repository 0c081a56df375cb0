package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.broker.QuotaConfig;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.metrics.Metrics;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.sessions.IdJagUses;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("broker.exchange.quota: somebody is told before people run out of ID-JAGs")
class QuotaWatchTest {
  private static final ResourceIndicator LINEAR =
      new ResourceIndicator("https://linear.example/mcp");
  private static final ResourceIndicator NOTION =
      new ResourceIndicator("https://notion.example/mcp");

  private final TestClock clock = new TestClock();
  private final Metrics metrics = new Metrics();
  private Database database;
  private int issued;

  @BeforeEach
  void open(@TempDir Path folder) {
    database = Database.open(TestDatabases.sqlite(folder), clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private QuotaWatch watch(OptionalInt warnAt, OptionalInt limit) {
    var watch = new QuotaWatch(new QuotaConfig(warnAt, limit), database, clock);
    watch.figures(metrics);
    return watch;
  }

  /// One without figures, of which there can be one in a process.
  private QuotaWatch quiet() {
    return new QuotaWatch(new QuotaConfig(OptionalInt.of(3), OptionalInt.empty()), database, clock);
  }

  private void has(String person, ResourceIndicator resource, int times) {
    var uses = new IdJagUses(database);
    for (int i = 0; i < times; i++) {
      var use =
          new IdJagUses.Use(
              person, clock.instant(), "jti-" + issued++, List.of(resource), new ClientId("desk"));
      database.write(connection -> {
        uses.fact(use).insert(connection);
        return use;
      });
    }
  }

  private List<Alarms.Standing> alarms() {
    return new Alarms(database)
        .standing().stream().filter(one -> one.alarm().kind().equals("quota")).toList();
  }

  private String figures() {
    return new String(metrics.text(), StandardCharsets.UTF_8);
  }

  @Test
  void is_silent_as_long_as_nobody_is_near() {
    has("alice", LINEAR, 2);
    watch(OptionalInt.of(3), OptionalInt.of(5)).look();
    assertThat(alarms()).isEmpty();
    assertThat(figures()).contains("lanyard_quota_near 0", "lanyard_quota_exhausted 0");
  }

  @Test
  @DisplayName("counts by person and resource: two halves of a quota are no warning")
  void counts_each_resource_for_itself() {
    has("alice", LINEAR, 2);
    has("alice", NOTION, 2);
    has("bob", LINEAR, 2);
    watch(OptionalInt.of(3), OptionalInt.empty()).look();
    assertThat(alarms()).isEmpty();
  }

  @Test
  @DisplayName("one alarm a month, which grows with those whom it is about")
  void warns_once_and_again_when_it_gets_worse() {
    var watch = watch(OptionalInt.of(3), OptionalInt.of(5));
    has("alice", LINEAR, 3);
    watch.look();
    watch.look();
    assertThat(alarms())
        .hasSize(1)
        .first()
        .satisfies(one -> {
          assertThat(one.times()).isEqualTo(1);
          assertThat(one.alarm().toString()).contains("1 times a person has had 3", "0 times all");
        });

    has("bob", LINEAR, 5);
    watch.look();
    assertThat(alarms()).hasSize(1).first().satisfies(one -> assertThat(one.times()).isEqualTo(2));
    assertThat(figures()).contains("lanyard_quota_near 2", "lanyard_quota_exhausted 1");
  }

  @Test
  void begins_anew_with_the_month() {
    var watch = watch(OptionalInt.of(1), OptionalInt.empty());
    has("alice", LINEAR, 1);
    watch.look();
    clock.advance(Duration.ofDays(31));
    watch.look();
    assertThat(figures()).contains("lanyard_quota_near 0");
    has("alice", LINEAR, 1);
    watch.look();
    assertThat(alarms())
        .as("that of the former month is over")
        .singleElement()
        .satisfies(one ->
            assertThat(one.alarm().subject())
                .isEqualTo(IdJagUses.monthOf(clock.instant()).toString()));
  }

  @Test
  @DisplayName("one that was resolved stands again only when it gets worse, also after a restart")
  void resolved() {
    has("alice", LINEAR, 3);
    quiet().look();
    var month = IdJagUses.monthOf(clock.instant()).toString();
    assertThat(new Alarms(database).resolve("quota", month, clock.instant())).isTrue();

    var restarted = quiet();
    restarted.look();
    assertThat(alarms()).isEmpty();
    has("bob", LINEAR, 3);
    restarted.look();
    quiet().look();
    assertThat(alarms()).singleElement().satisfies(one -> assertThat(one.times()).isEqualTo(2));
  }

  @Test
  @DisplayName("keeps a year and a month of counts")
  void forgets() {
    has("alice", LINEAR, 1);
    var month = IdJagUses.monthOf(clock.instant());
    var watch = watch(OptionalInt.of(9), OptionalInt.empty());
    clock.advance(Duration.ofDays(365));
    watch.look();
    assertThat(new IdJagUses(database).counts(month, 1)).hasSize(1);
    clock.advance(Duration.ofDays(70));
    watch.look();
    assertThat(new IdJagUses(database).counts(month, 1)).isEmpty();
  }
}
