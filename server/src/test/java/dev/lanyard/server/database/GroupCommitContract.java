package dev.lanyard.server.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What [GroupCommit] promises, on whichever database.
abstract class GroupCommitContract {
  static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));
  static final RowKind PROOF =
      RowKind.claim("dpop_proof", List.of("key_thumbprint", "proof_id"), "forget_after");
  static final RowKind FACT =
      RowKind.of("deny", "kind", "value", "before", "forget_after", "reason", "created_at");
  static final RowKind NOTE =
      RowKind.of("audit", "at", "type", "outcome", "correlation_id", "person", "evidence");

  final DatabaseConfig config;
  final Database database;

  GroupCommitContract(DatabaseConfig config) {
    this.config = config;
    this.database = Database.open(config, CLOCK);
  }

  @AfterEach
  void close() {
    database.close();
  }

  static Row proof(String id) {
    return new Row(PROOF, "key", id, CLOCK.instant());
  }

  static Row fact(String value) {
    return new Row(FACT, "token", value, 1L, 2L, "test", CLOCK.instant());
  }

  static Row note(String correlationId, Optional<String> person) {
    return new Row(NOTE, CLOCK.instant(), "test", "success", correlationId, person, "{}");
  }

  static Unit claiming(String id, Row ifFirst, Row ifTaken) {
    return new Unit(Optional.of(proof(id)), List.of(ifFirst), List.of(ifTaken));
  }

  long count(String table, String condition) {
    return count(database, table, condition);
  }

  static long count(Database database, String table, String condition) {
    return database.read(connection -> {
      try (var statement = connection.createStatement();
          var rows =
              statement.executeQuery("SELECT count(*) FROM " + table + " WHERE " + condition)) {
        rows.next();
        return rows.getLong(1);
      }
    });
  }

  static <T> List<T> together(List<? extends Callable<T>> work) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var results = new ArrayList<T>();
      for (var future : threads.invokeAll(work)) {
        results.add(future.get());
      }
      return results;
    }
  }

  @Nested
  @DisplayName("A claim is won by exactly one unit")
  class Claims {
    @Test
    void the_first_unit_wins_and_the_second_writes_its_other_rows() {
      var first = claiming("a", note("won", Optional.of("p")), note("lost", Optional.empty()));
      var second =
          claiming("a", note("won again", Optional.empty()), note("lost", Optional.of("p")));

      assertThat(database.groupCommit().commit(first)).isEqualTo(Outcome.FIRST);
      assertThat(database.groupCommit().commit(second)).isEqualTo(Outcome.TAKEN);

      assertThat(count("audit", "correlation_id = 'won' AND person = 'p'")).isEqualTo(1);
      assertThat(count("audit", "correlation_id = 'lost' AND person = 'p'")).isEqualTo(1);
      assertThat(count("audit", "1 = 1")).isEqualTo(2);
      assertThat(count("dpop_proof", "1 = 1")).isEqualTo(1);
    }

    @Test
    void of_many_units_at_once_one_wins_each_key() throws Exception {
      int keys = 40;
      int rivals = 5;
      var work =
          IntStream.range(0, keys * rivals)
              .mapToObj(i ->
                  claiming("k" + i % keys, fact("first" + i), note("taken" + i, Optional.empty())))
              .map(unit -> (Callable<Outcome>) () -> database.groupCommit().commit(unit))
              .toList();

      var outcomes = together(work);

      assertThat(outcomes).filteredOn(Outcome.FIRST::equals).hasSize(keys);
      assertThat(count("dpop_proof", "1 = 1")).isEqualTo(keys);
      assertThat(count("deny", "1 = 1")).isEqualTo(keys);
      assertThat(count("audit", "1 = 1")).isEqualTo(keys * (rivals - 1L));
    }

    @Test
    void the_very_same_unit_given_twice_wins_once() throws Exception {
      var unit = claiming("a", fact("f"), note("n", Optional.empty()));
      Callable<Outcome> commit = () -> database.groupCommit().commit(unit);

      assertThat(together(List.of(commit, commit)))
          .containsExactlyInAnyOrder(Outcome.FIRST, Outcome.TAKEN);
    }

    @Test
    void two_instances_on_one_database_have_one_winner_each_key() throws Exception {
      try (var other = Database.open(config, CLOCK)) {
        int keys = 100;
        var work =
            IntStream.range(0, keys * 2)
                .mapToObj(i ->
                    (Callable<Outcome>)
                        () ->
                            (i < keys ? database : other)
                                .groupCommit()
                                .commit(
                                    claiming(
                                        // Against each other's order, to provoke deadlocks.
                                        "k" + (i < keys ? i : 2 * keys - 1 - i),
                                        fact("first" + i),
                                        note("taken" + i, Optional.empty()))))
                .toList();

        var outcomes = together(work);

        assertThat(outcomes).filteredOn(Outcome.FIRST::equals).hasSize(keys);
        assertThat(count("deny", "1 = 1")).isEqualTo(keys);
      }
    }

    @Test
    void claims_of_different_tables_do_not_meet() {
      var assertion =
          RowKind.claim(
              "client_assertion", List.of("server", "client", "assertion_id"), "forget_after");
      var proof = new Row(PROOF, "x", "y", 1L);
      var other = new Row(assertion, "x", "y", "z", 1L);

      assertThat(database.groupCommit().commit(new Unit(Optional.of(proof), List.of(), List.of())))
          .isEqualTo(Outcome.FIRST);
      assertThat(database.groupCommit().commit(new Unit(Optional.of(other), List.of(), List.of())))
          .isEqualTo(Outcome.FIRST);
    }

    @Test
    void a_unit_without_a_claim_is_always_first() {
      assertThat(database.groupCommit().commit(Unit.of(List.of(fact("a")))))
          .isEqualTo(Outcome.FIRST);
    }
  }

  @Nested
  @DisplayName("A unit is written whole or not at all")
  class Whole {
    @Test
    void a_unit_that_the_database_refuses_leaves_nothing_and_gives_its_claim_back() {
      database.groupCommit().commit(Unit.of(List.of(fact("there already"))));
      var spoiled = claiming("a", fact("there already"), note("n", Optional.empty()));

      assertThatThrownBy(() -> database.groupCommit().commit(spoiled))
          .isInstanceOf(DatabaseException.class);

      assertThat(count("dpop_proof", "1 = 1")).isZero();
      assertThat(
              database
                  .groupCommit()
                  .commit(claiming("a", fact("new"), note("n", Optional.empty()))))
          .isEqualTo(Outcome.FIRST);
    }

    @Test
    void a_bad_unit_does_not_harm_its_neighbours() throws Exception {
      database.groupCommit().commit(Unit.of(List.of(fact("bad"))));
      var work = new ArrayList<Callable<String>>();
      for (int i = 0; i < 60; i++) {
        var row = fact(i % 10 == 0 ? "bad" : "good" + i);
        var unit = claiming("k" + i, row, note("n", Optional.empty()));
        work.add(() -> {
          try {
            return database.groupCommit().commit(unit).name();
          } catch (DatabaseException e) {
            return "refused";
          }
        });
      }

      var outcomes = together(work);

      assertThat(outcomes).filteredOn("refused"::equals).hasSize(6);
      assertThat(outcomes).filteredOn("FIRST"::equals).hasSize(54);
      assertThat(count("deny", "value LIKE 'good%'")).isEqualTo(54);
      assertThat(count("dpop_proof", "1 = 1")).isEqualTo(54);
    }

    @Test
    void more_rows_than_one_statement_takes_are_all_written() {
      for (int rows : List.of(1, 2, 15, 16, 17, 33, 100)) {
        var facts = IntStream.range(0, rows).mapToObj(i -> fact(rows + "-" + i)).toList();
        database.groupCommit().commit(Unit.of(facts));
        assertThat(count("deny", "value LIKE '" + rows + "-%'")).isEqualTo(rows);
      }
    }

    @Test
    void a_value_may_be_absent_in_one_row_and_present_in_the_next() {
      var rows =
          List.of(
              note("a", Optional.empty()),
              note("b", Optional.of("p")),
              note("c", Optional.empty()));
      database.groupCommit().commit(Unit.of(rows));
      database.groupCommit().commit(Unit.of(rows.reversed()));

      assertThat(count("audit", "person IS NULL")).isEqualTo(4);
      assertThat(count("audit", "correlation_id = 'b' AND person = 'p'")).isEqualTo(2);
    }
  }

  @Nested
  @DisplayName("Closing commits what is waiting")
  class Closing {
    @Test
    void every_unit_is_either_durable_or_told_that_it_is_not() throws Exception {
      List<Callable<Boolean>> work = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        var unit = Unit.of(List.of(fact("f" + i)));
        work.add(() -> {
          try {
            database.groupCommit().commit(unit);
            return true;
          } catch (DatabaseException e) {
            return false;
          }
        });
      }
      work.add(
          150,
          () -> {
            database.close();
            return false;
          });

      long acknowledged = together(work).stream().filter(durable -> durable).count();

      try (var reopened = Database.open(config, CLOCK)) {
        assertThat(count(reopened, "deny", "1 = 1")).isEqualTo(acknowledged);
      }
    }

    @Test
    void a_closed_group_commit_refuses() {
      database.close();

      assertThatThrownBy(() -> database.groupCommit().commit(Unit.of(List.of(fact("late")))))
          .isInstanceOf(DatabaseException.class);
    }
  }
}
