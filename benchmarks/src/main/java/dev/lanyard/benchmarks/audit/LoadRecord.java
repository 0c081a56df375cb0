package dev.lanyard.benchmarks.audit;

import dev.lanyard.benchmarks.plan.LargeOrganisation;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.publication.ApproverPeople;
import dev.lanyard.server.publication.Approvers;
import dev.lanyard.server.publication.FolderLibrary;
import dev.lanyard.server.publication.Publications;
import dev.lanyard.server.publication.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/// Loads a record of many events and keeps it, for [ReadRecord]. Whatever ends it, the next run
/// goes on where it was; one that is asked for more adds what is missing.
///
/// The records are made by the database itself, in pieces of which each is a transaction, and the
/// indexes afterwards: by far the fastest way. They are as large as those of calls of tools, every
/// tenth is of an exchange, and everybody has as many as the others, scattered over all of the
/// table, so that nearly every record of a timeline is on a page of its own.
///
/// Arguments: how many thousand records; a folder.
public final class LoadRecord {
  private static final long PIECE = 250_000;

  /// Of each person.
  private static final long EACH = 340;

  private static final int FEWEST_PEOPLE = 1_000;

  /// An index that is made in one transaction need not be in the log of changes.
  private static final Map<String, String> SETTINGS =
      Map.of("wal_level", "minimal", "max_wal_senders", "0", "checkpoint_timeout", "30min");

  /// Indexes are sorted in memory, as an administrator would have it who loads so much.
  private static final String FOR_SORTING = "SET maintenance_work_mem = '1GB'; ";

  private final LargeRecord record;

  private LoadRecord(LargeRecord record) {
    this.record = record;
  }

  public static void main(String[] arguments) throws IOException {
    long records = Long.parseLong(arguments[0]) * 1_000;
    try (var record = LargeRecord.open(Path.of(arguments[1]), SETTINGS)) {
      new LoadRecord(record).load(records);
    }
  }

  private void load(long records) throws IOException {
    if (record.number("SELECT COUNT(*) FROM library_publication") == 0) {
      organisation((int) Math.max(FEWEST_PEOPLE, records / EACH));
    }
    if (record.last() < records) {
      make(records);
    }
    indexes();
    try (var log = record.log();
        var _ = Progress.of("taken into the log", records, log::covered)) {
      long before = record.number("SELECT COALESCE(MAX(size), 0) FROM audit_tree");
      record.stopwatch().time("taken into the log", records - before, log::takeIn);
      record.keep(log.key());
    }
    record
        .texts(
            "SELECT relname || ': ' || pg_size_pretty(pg_total_relation_size(oid)) FROM pg_class"
                + " WHERE relname IN ('audit', 'audit_tile')")
        .forEach(System.out::println);
  }

  /// People and a library, as they were before the first event. The library comes last: if it is
  /// there, everything is.
  private void organisation(int people) throws IOException {
    record.execute("TRUNCATE person_standing, person_membership, person_group, person CASCADE");
    long since = LargeRecord.BEGIN.minus(Duration.ofDays(1)).toEpochMilli();
    LargeOrganisation.fill(record.database(), people, 0, since);
    record.execute(
        """
        INSERT INTO person_standing (person, since, standing) SELECT id, created_at, 'active' FROM person;
        INSERT INTO person_membership (person, group_name, since)
        SELECT person, group_name, %d FROM person_group;
        ANALYZE
        """
            .formatted(since));
    Files.createDirectories(record.library());
    Files.writeString(record.library().resolve("library.yaml"), LargeOrganisation.library(false));
    var trust = new Trust("bench", () -> new Approvers(List.of()));
    var clock = Clock.fixed(LargeRecord.BEGIN, ZoneOffset.UTC);
    var _ =
        FolderLibrary.open(
            record.library(),
            new Publications(
                record.database(), trust, ApproverPeople.UNKNOWN, Duration.ofDays(1), clock));
  }

  /// With no index but that of the numbers. Which others there were is written down in the
  /// transaction that drops them.
  private void make(long records) {
    record.execute(
        """
        CREATE TABLE IF NOT EXISTS index_to_make AS SELECT indexname, indexdef FROM pg_indexes
          WHERE tablename = 'audit' AND indexname NOT LIKE '%pkey';
        DO $$ DECLARE one TEXT; BEGIN
          FOR one IN SELECT indexname FROM index_to_make LOOP
            EXECUTE 'DROP INDEX IF EXISTS ' || one;
          END LOOP;
        END $$;
        ALTER TABLE audit SET (autovacuum_enabled = off)
        """);
    long begun = record.last();
    long people = record.people();
    // A piece that was cut off has used numbers.
    record.execute("SELECT setval(pg_get_serial_sequence('audit', 'seq'), " + begun + ")");
    try (var _ = Progress.of("made", records, record::last)) {
      record
          .stopwatch()
          .time(
              "made in the database",
              records - begun,
              () -> {
                for (long from = begun; from < records; from += PIECE) {
                  piece(from + 1, Math.min(from + PIECE, records), people);
                }
              });
    }
  }

  private void piece(long first, long last, long people) {
    var _ =
        record
            .database()
            .<Integer>write(connection ->
                new Statements(connection)
                    .update(
                        """
                        INSERT INTO audit (at, type, outcome, correlation_id, organisation, person, client, evidence)
                        SELECT ? + n * ?, CASE WHEN n % 10 = 0 THEN 'token.exchange' ELSE 'tool.call' END, 'success',
                          md5(n::text), 'acme', 'person' || n * 7919 % ?, 'code',
                          '{"connectors":["c' || n % 200
                            || '"],"tool":"read_file","decision":"permit","rule":"engineers","library":"591785b794601e21","n":'
                            || n || '}'
                        FROM generate_series(?, ?) n
                        """,
                        LargeRecord.BEGIN.toEpochMilli(),
                        LargeRecord.MILLIS_EACH,
                        people,
                        first,
                        last));
  }

  private void indexes() {
    long records = record.last();
    record.execute("CREATE TABLE IF NOT EXISTS index_to_make (indexname TEXT, indexdef TEXT)");
    record
        .texts(
            "SELECT indexdef FROM index_to_make WHERE indexname NOT IN"
                + " (SELECT indexname FROM pg_indexes WHERE tablename = 'audit')")
        .forEach(index ->
            record.stopwatch().time(index, records, () -> record.execute(FOR_SORTING + index)));
    // Which the database does by itself, some time.
    record.stopwatch().time("vacuumed", records, () -> record.execute("VACUUM ANALYZE audit"));
    record.execute("DROP TABLE index_to_make; ALTER TABLE audit RESET (autovacuum_enabled)");
  }
}
