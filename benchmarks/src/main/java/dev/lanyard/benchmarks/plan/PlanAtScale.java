package dev.lanyard.benchmarks.plan;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.publication.plan.Losses;
import dev.lanyard.server.publication.plan.PlanText;
import dev.lanyard.server.publication.plan.Planner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/// Fills a database with people and recorded exchanges, and times the plan for a version that takes
/// one scope of every tenth role away.
///
/// Arguments: people, exchanges, a folder for the database (kept, and used again).
public final class PlanAtScale {
  private PlanAtScale() {}

  public static void main(String[] arguments) throws IOException {
    int people = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
    int exchanges = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
    var folder =
        arguments.length > 2 ? Path.of(arguments[2]) : Files.createTempDirectory("lanyard-plan");
    Files.createDirectories(folder);
    var clock = Clock.systemUTC();
    var file = folder.resolve("plan-" + people + "-" + exchanges + ".db");
    boolean isNew = !Files.exists(file);
    try (var database = Database.open(DatabaseConfig.sqlite(file), clock)) {
      if (isNew) {
        LargeOrganisation.fill(database, people, exchanges, clock.millis());
      }
      measure(database, ClientRegistry.open(clients(folder)).all(), clock);
    }
  }

  private static Path clients(Path folder) throws IOException {
    return Files.writeString(
        folder.resolve("clients.yaml"),
        """
        clients:
          - id: code
            authentication: [none]
            grants: [refresh_token]
          - id: desk
            authentication: [none]
            grants: [refresh_token]
        """);
  }

  private static void measure(Database database, Collection<Client> clients, Clock clock) {
    long start = System.nanoTime();
    var directory = Directory.open(database, clock);
    System.out.printf("people loaded after %.1f s%n", seconds(start));
    var before = library(false);
    var after = library(true);
    start = System.nanoTime();
    var losses =
        new Losses(
            directory,
            database,
            new Issuer("https://broker.example"),
            () -> clients,
            () -> WhosePeople.EVERYBODY,
            clock);
    var planner =
        new Planner(directory, new AuditLog(database), clients, losses, System.out::println, clock);
    var plan = planner.plan(before, after, Duration.ofDays(30));
    PlanText.of(plan).stream().limit(3).forEach(System.out::println);
    System.out.printf(
        "plan of %,d people and %,d exchanges: %.1f s%n",
        plan.scene().people(), plan.replayed().total(), seconds(start));
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static Library library(boolean taken) {
    var text = LargeOrganisation.library(taken);
    return new LibrarySource(Path.of("generated"), new TreeMap<>(Map.of("a.yaml", text))).read();
  }
}
