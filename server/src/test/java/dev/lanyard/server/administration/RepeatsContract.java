package dev.lanyard.server.administration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.administration.Repeats.Keyed;
import dev.lanyard.server.administration.Repeats.Turn;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.transparency.Erasure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What keys of repetition keep, on either database.
abstract class RepeatsContract {
  private static final Keyed CALL = new Keyed("ana", new Secret("key-1"), "POST /a?\n{}");

  private final TestClock clock = new TestClock();
  private final DatabaseConfig config;
  private Database database;
  private Repeats here;
  private Repeats there;

  RepeatsContract(DatabaseConfig config) {
    this.config = config;
  }

  @BeforeEach
  void open() {
    database = Database.open(config, clock);
    here = new Repeats(database, clock);
    // Another node has nothing in common with this one but the record.
    there = new Repeats(database, clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Turn.Mine mine(Repeats repeats, Keyed call) {
    var turn = repeats.turn(call);
    assertThat(turn).isInstanceOf(Turn.Mine.class);
    return (Turn.Mine) turn;
  }

  /// Many at once on two nodes.
  private List<Turn> atOnce(Keyed call) throws Exception {
    try (var threads = Executors.newFixedThreadPool(8)) {
      Callable<Turn> one = () -> here.turn(call);
      Callable<Turn> other = () -> there.turn(call);
      var turns =
          threads.invokeAll(
              Stream.iterate(one, last -> last == one ? other : one).limit(16).toList());
      return turns.stream().map(turn -> turn.resultNow()).toList();
    }
  }

  @Test
  @DisplayName("The first does it, whoever comes meanwhile is told so, and later what came of it")
  void once() {
    var mine = mine(here, CALL);
    assertThat(there.turn(CALL)).isInstanceOf(Turn.UnderWay.class);
    here.answered(CALL, mine, 409, "{\"a\":1}");
    assertThat(there.turn(CALL)).isEqualTo(new Turn.Answered(409, "{\"a\":1}"));
  }

  @Test
  @DisplayName("AUD-5: of whoever is erased no answer is remembered; what was done stays done")
  void erased() {
    var mine = mine(here, CALL);
    here.answered(CALL, mine, 200, "{\"person\":{\"id\":\"p_1-x\",\"name\":\"Greta\"}}");
    var theirs = new Keyed("p_1-x", new Secret("key-2"), "POST /b?\n{}");
    here.answered(theirs, mine(here, theirs), 200, "{\"reason\":\"mine\"}");
    var others = new Keyed("ana", new Secret("key-3"), "POST /c?\n{}");
    here.answered(others, mine(here, others), 200, "{\"id\":\"p01-x\"}");
    var verdict =
        new Erasure(database, clock).erase("p_1-x", Optional.of("acme"), "ops", "test", _ -> true);
    assertThat(verdict).isEqualTo(new Erasure.Verdict.Erased());
    assertThat(there.turn(CALL)).isEqualTo(new Turn.Answered(200, "{}"));
    assertThat(there.turn(theirs)).isEqualTo(new Turn.Answered(200, "{}"));
    assertThat(there.turn(others)).isEqualTo(new Turn.Answered(200, "{\"id\":\"p01-x\"}"));
  }

  @Test
  @DisplayName("Another call with the key is refused; another caller's key is another key")
  void another() {
    var mine = mine(here, CALL);
    var other = new Keyed("ana", new Secret("key-1"), "POST /b?\n{}");
    assertThat(there.turn(other)).isInstanceOf(Turn.Another.class);
    here.answered(CALL, mine, 200, "");
    assertThat(there.turn(other)).isInstanceOf(Turn.Another.class);
    var _ = mine(there, new Keyed("ben", new Secret("key-1"), "POST /b?\n{}"));
  }

  @Test
  @DisplayName("Of many at once on two nodes one does it")
  void race() throws Exception {
    assertThat(atOnce(CALL)).filteredOn(Turn.Mine.class::isInstance).hasSize(1);
  }

  @Test
  @DisplayName("A node that dies on the way: after a minute one of those who ask again does it")
  void crash() throws Exception {
    var dead = mine(here, CALL);
    clock.advance(Repeats.LEASE.minusMillis(1));
    assertThat(there.turn(CALL)).isInstanceOf(Turn.UnderWay.class);
    clock.advance(Duration.ofMillis(1));
    var turns = atOnce(CALL);
    assertThat(turns).filteredOn(Turn.Mine.class::isInstance).hasSize(1);
    // It was only slow, and says now what came of it: nobody listens any more.
    here.answered(CALL, dead, 200, "late");
    here.givenBack(CALL, dead);
    assertThat(there.turn(CALL)).isInstanceOf(Turn.UnderWay.class);
  }

  @Test
  @DisplayName("What could not be done may be tried again at once")
  void given_back() {
    here.givenBack(CALL, mine(here, CALL));
    var _ = mine(there, CALL);
  }

  @Test
  @DisplayName("After a day the key is free, also for another call")
  void forgotten() {
    here.answered(CALL, mine(here, CALL), 200, "{}");
    clock.advance(Repeats.KEPT.minusMillis(1));
    assertThat(there.turn(CALL)).isInstanceOf(Turn.Answered.class);
    clock.advance(Duration.ofMillis(1));
    var _ = mine(there, new Keyed("ana", new Secret("key-1"), "POST /b?\n{}"));
  }
}
