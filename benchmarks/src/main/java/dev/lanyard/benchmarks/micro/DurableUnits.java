package dev.lanyard.benchmarks.micro;

import dev.lanyard.benchmarks.postgres.DurablePostgres;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Outcome;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/// What a redemption makes durable, by eight requests at a time: the claim on the assertion, the
/// grant and the audit record.
@State(Scope.Benchmark)
@BenchmarkMode({Mode.Throughput, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Threads(8)
@Fork(1)
public class DurableUnits {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final RowKind CLAIM =
      RowKind.claim(
          "redemption",
          List.of("issuer", "assertion_id"),
          "client",
          "assertion_hash",
          "grant_id",
          "redeemed_at",
          "forget_after");
  private static final RowKind GRANT =
      RowKind.of(
          "ras_grant",
          "id",
          "organisation",
          "issuer",
          "assertion_id",
          "person",
          "client",
          "resources",
          "scopes",
          "issued_at",
          "expires_at");

  @Param({"sqlite", "postgresql"})
  String engine = "sqlite";

  private @Nullable DurablePostgres postgres;
  private @Nullable Database database;

  @Setup
  public void open() throws IOException, SQLException {
    var folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "units");
    if (engine.equals("sqlite")) {
      database = Database.open(DatabaseConfig.sqlite(folder.resolve("db")), InstantSource.system());
      return;
    }
    var started = DurablePostgres.start(folder);
    postgres = started;
    var config =
        DatabaseConfig.of(started.create("units"))
            .withCredentials(DurablePostgres.USER, new Secret("none"));
    database = Database.open(config, InstantSource.system());
  }

  @TearDown
  public void close() {
    if (database != null) {
      database.close();
    }
    if (postgres != null) {
      postgres.close();
    }
  }

  @Benchmark
  public Outcome commit() {
    if (database == null) {
      throw new IllegalStateException("not opened");
    }
    var outcome = database.groupCommit().commit(unit(UUID.randomUUID().toString()));
    if (outcome != Outcome.FIRST) {
      throw new IllegalStateException("a fresh claim was taken");
    }
    return outcome;
  }

  private static Unit unit(String id) {
    var issuer = "https://idp.example.com";
    var claim =
        new Row(
            CLAIM, issuer, id, "claude-code-ras", "h".repeat(43), id, NOW, NOW.plusSeconds(330));
    var grant =
        new Row(
            GRANT,
            id,
            "acme",
            issuer,
            id,
            "7f3c1b52",
            "claude-code-ras",
            "https://mcp.example.com/mcp",
            "issues.read issues.write",
            NOW,
            NOW.plusSeconds(2700));
    var evidence =
        JsonObject.builder()
            .put("issuer", issuer)
            .put("jti", id)
            .put("resource", "https://mcp.example.com/mcp")
            .put("scope", "issues.read issues.write")
            .build();
    var event =
        AuditEvent.of("token.redeem", dev.lanyard.server.audit.Outcome.SUCCESS, NOW, id, evidence);
    return new Unit(Optional.of(claim), List.of(grant, AuditLog.row(event)), List.of());
  }
}
