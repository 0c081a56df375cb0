package dev.lanyard.benchmarks.audit;

import dev.lanyard.benchmarks.plan.LargeOrganisation;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.governance.TimeMachine;
import dev.lanyard.server.library.LibraryReadings;
import dev.lanyard.server.transparency.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/// Reads what [LoadRecord] has loaded, by the clock: what people did, what they could reach and who
/// could reach a connector, and verifies all of it.
///
/// Arguments: a folder; how often it is verified; whom to begin with, so that a second run asks
/// about others, whose records are in no memory yet.
public final class ReadRecord {
  /// Of each question.
  private static final int PEOPLE = 100;

  private static final int CONNECTORS = 10;
  private static final int PAGE = 100;

  private final LargeRecord record;
  private final AuditLog audit;

  /// Counted once: the questions are timed.
  private final long people;

  private ReadRecord(LargeRecord record) {
    this.record = record;
    this.audit = new AuditLog(record.database());
    this.people = record.people();
  }

  public static void main(String[] arguments) throws IOException {
    int rounds = Integer.parseInt(arguments[1]);
    int begin = Integer.parseInt(arguments[2]);
    try (var record = LargeRecord.open(Path.of(arguments[0]), Map.of())) {
      var reading = new ReadRecord(record);
      System.out.printf("%,d records of %,d people%n", record.last(), reading.people);
      reading.timelines(begin);
      reading.past(begin);
      reading.verify(rounds);
    }
  }

  private void timelines(int begin) {
    time("the newest 100 of a person", PEOPLE, i -> newest(person(begin + i), 100));
    time("the newest 100 of the same again", PEOPLE, i -> newest(person(begin + i), 100));
    time("all of another person", PEOPLE, i -> newest(person(begin + PEOPLE + i), 5_000));
    record
        .texts(
            "EXPLAIN (ANALYZE, BUFFERS) SELECT seq, at, type, outcome, correlation_id,"
                + " organisation, person, client, evidence FROM audit WHERE person = '"
                + person(begin + 2 * PEOPLE)
                + "' ORDER BY seq DESC LIMIT 100")
        .forEach(System.out::println);
  }

  private int newest(String person, int most) {
    return audit.query(AuditQuery.newest(most).ofPerson(person)).size();
  }

  /// Far from each other.
  private String person(int number) {
    return "person" + number * 7_907L % people;
  }

  private void past(int begin) {
    var clock = Clock.systemUTC();
    var directory = Directory.open(record.database(), clock);
    var at = LargeRecord.BEGIN.plusMillis(record.last() * LargeRecord.MILLIS_EACH * 3 / 4);
    long start = System.nanoTime();
    var machine =
        TimeMachine.at(at, record.database(), directory, Optional.empty(), new LibraryReadings());
    System.out.printf("the time machine is at %s after %.0f ms%n", at, millis(start));
    time(
        "what a person could reach",
        PEOPLE,
        i -> machine.of(found(directory, begin + 300 + i)).size());
    var connectors = machine.connectors();
    time(
        "who could reach a connector, a page of 100 people",
        CONNECTORS,
        i ->
            machine
                .standing(connectors.get((begin + i) % connectors.size()), _ -> true)
                .limit(PAGE)
                .mapToInt(ways -> ways.stream().map(machine::withUse).toList().size())
                .sum());
    time(
        "who could reach a connector, everybody",
        2,
        i -> machine.at(connectors.get((begin + CONNECTORS + i) % connectors.size())).size());
  }

  private Person found(Directory directory, int number) {
    return directory.findByUserName(LargeOrganisation.NAME, person(number)).orElseThrow();
  }

  private void verify(int rounds) throws IOException {
    try (var log = record.log()) {
      var trust = new Verification.Trust(List.of(record.kept()), List.of(), List.of());
      for (int i = 0; i < rounds; i++) {
        record.stopwatch().time("verified", record.last(), () -> check(log.verify(trust)));
      }
    }
  }

  private void check(Verification.Report report) {
    if (!report.isGood() || report.verified() != record.last()) {
      throw new IllegalStateException(report.toString());
    }
  }

  /// @param question its answer is how many lines there are
  private static void time(String what, int times, IntUnaryOperator question) {
    var took = new double[times];
    long lines = 0;
    for (int i = 0; i < times; i++) {
      long start = System.nanoTime();
      lines += question.applyAsInt(i);
      took[i] = millis(start);
    }
    double first = took[0];
    Arrays.sort(took);
    System.out.printf(
        "%s: %,d lines each; ms: first %.1f, median %.1f, 95 of 100 within %.1f, longest %.1f%n",
        what, lines / times, first, took[times / 2], took[(times * 95 - 1) / 100], took[times - 1]);
  }

  private static double millis(long start) {
    return (System.nanoTime() - start) / 1e6;
  }
}
