package dev.lanyard.benchmarks.kill;

import dev.lanyard.benchmarks.postgres.DurablePostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `benchmarks/kill`: from the arrival of a SCIM PATCH at one node until two nodes and a resource
/// server refuse, under load; many people at once; and whether any call of a killed person
/// succeeded when none may.
@Command(
    name = "kill",
    description =
        "Measures how long a kill takes until everybody refuses, and that nobody lives on.",
    mixinStandardHelpOptions = true)
public final class KillBenchmark implements Callable<Integer> {
  @Option(names = "--people", defaultValue = "100000", description = "People in the directory.")
  private int people = 100_000;

  @Option(names = "--tokens", defaultValue = "10", description = "Live access tokens of each.")
  private int tokens = 10;

  @Option(names = "--kills", defaultValue = "300", description = "Single kills to measure.")
  private int kills = 300;

  @Option(
      names = "--streams",
      defaultValue = "100",
      description = "People killed who hold streams open at the gateway.")
  private int streams = 100;

  @Option(names = "--batch", defaultValue = "10000", description = "People disabled at once.")
  private int batch = 10_000;

  @Option(names = "--import", defaultValue = "10000", description = "People created over SCIM.")
  private int imported = 10_000;

  @Option(names = "--connections", defaultValue = "10", description = "Of the SCIM provider.")
  private int connections = 10;

  @Option(names = "--clients", defaultValue = "4", description = "Clients of each node.")
  private int clients = 4;

  @Option(names = "--warm-up", defaultValue = "30", description = "Seconds before measuring.")
  private int warmUp = 30;

  @Option(names = "--seconds", defaultValue = "75", description = "How long single kills go on.")
  private int seconds = 75;

  @Option(names = "--share", defaultValue = "0.5", description = "Of the capacity, as load.")
  private double share = 0.5;

  @Option(
      names = "--library-rate",
      defaultValue = "12000",
      description = "Calls a second that the resource server judges.")
  private int libraryRate = 12_000;

  @Option(names = "--heap", defaultValue = "1g", description = "Heap of each node.")
  private String heap = "1g";

  @Option(names = "--java-options", defaultValue = "", description = "For nodes; %%n: which one.")
  private String javaOptions = "";

  @Option(names = "--statements", description = "Shows what the batch's statements cost.")
  private boolean statements;

  @Option(names = "--home", required = true, description = "Where the repository is.")
  private Path home = Path.of(".");

  private KillBenchmark() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new KillBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, SQLException, InterruptedException {
    var folder = home.resolve("benchmarks/target/kill");
    deleted(folder);
    var targets = new Targets(people, KillRun.WARM_UP_KILLS + kills + streams, batch);
    try (var postgres = DurablePostgres.start(folder.resolve("postgres"), settings())) {
      var files = ClusterFiles.write(folder.resolve("files"), postgres.create("kill"));
      try (var site = Site.prepare(files, postgres, people, tokens);
          var cluster = new Cluster(home, files, heap, javaOptions)) {
        var scimToken = cluster.scimToken();
        cluster.start();
        try (var server = new McpServer(files, cluster.ras(Place.NODE_2))) {
          server.awaitFresh();
          var run = new KillRun(site, cluster, server, targets, scimToken, postgres.pid());
          run.proveTokens(500);
          run.load(clients, libraryRate);
          run.warmUp(warmUp);
          run.capacity(share);
          boolean fast = run.singles(kills, seconds);
          fast &= streams == 0 || run.streams(streams);
          fast &= run.atOnce(connections, statements);
          run.endLoad();
          run.imports(imported, connections);
          return run.judge() && fast ? 0 : 1;
        }
      }
    }
  }

  private Map<String, String> settings() {
    return statements
        ? Map.of(
            "shared_preload_libraries",
            "pg_stat_statements",
            "pg_stat_statements.track_planning",
            "on")
        : Map.of();
  }

  private static void deleted(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (var all = Files.walk(folder)) {
        for (var one : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(one);
        }
      }
    }
    Files.createDirectories(folder);
  }
}
