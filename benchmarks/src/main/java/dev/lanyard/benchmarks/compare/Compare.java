package dev.lanyard.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `benchmarks/compare`: the command line of the comparison.
@Command(
    name = "compare",
    description = "Loads Lanyard and its peer in turn and prints what a request costs.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false)
final class Compare implements Callable<Integer> {
  @Option(names = "--only", split = ",", description = "Operations: ${COMPLETION-CANDIDATES}")
  Set<Operation> only = EnumSet.allOf(Operation.class);

  @Option(names = "--seconds", description = "How long each operation is measured")
  int seconds = 10;

  @Option(names = "--warm-up", description = "Seconds of load before each measurement")
  int warmUp = 60;

  @Option(names = "--connections", description = "Concurrent connections")
  int connections = 8;

  @Option(names = "--crypto", description = "Lanyard's signatures: ${COMPLETION-CANDIDATES}")
  Crypto crypto = Crypto.ACCP;

  @Option(
      names = "--organisations",
      description =
          "Lanyard once more, with so many customers, each with an issuer that redemptions come from"
              + " in turn")
  int organisations;

  @Option(names = "--people", description = "People of these customers")
  int people;

  @Option(names = "--skip-peer", description = "Without the peer")
  boolean skipPeer;

  @Option(names = "--skip-floor", description = "Without the floor; there are no ratios then")
  boolean skipFloor;

  @Option(names = "--skip-lanyard", description = "Without Lanyard")
  boolean skipLanyard;

  @Option(names = "--java-options", description = "More options for Lanyard's JVM")
  String javaOptions = "";

  @Option(names = "--home", hidden = true, description = "The checkout")
  Path home = Path.of("").toAbsolutePath();

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Compare())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() throws IOException, SQLException {
    var missing = Wrk.missing();
    if (missing.isPresent()) {
      System.err.println("compare: " + missing.get());
      return 2;
    }
    var target = home.resolve("benchmarks/target");
    var wrk = new Wrk(target.resolve("load"), connections);
    var meter = new Meter(wrk, Duration.ofSeconds(warmUp), Duration.ofSeconds(seconds));
    var comparison = new Comparison(home, meter, only, crypto);
    var disk = Disk.promise(target.resolve("compare"));
    var results = new ArrayList<Result>();
    if (!skipFloor) {
      results.add(comparison.floor());
    }
    if (!skipLanyard) {
      var customers = new Population(organisations, people);
      results.add(comparison.lanyard(Population.NONE, javaOptions));
      if (customers.isSomebody()) {
        results.add(comparison.lanyard(customers, javaOptions));
      }
    }
    if (!skipPeer) {
      results.add(comparison.peer());
    }
    var report = new Report(setting(disk), results);
    var file = target.resolve("comparison.json");
    report.write(file);
    System.out.print(report.table());
    System.out.println("\n  written to " + home.relativize(file));
    return 0;
  }

  private Map<String, String> setting(String disk) {
    var setting = new LinkedHashMap<String, String>();
    setting.put("connections", Integer.toString(connections));
    setting.put("measured for", seconds + " s after " + warmUp + " s of warm-up");
    setting.put("crypto of Lanyard and floor", crypto.toString());
    if (organisations > 0) {
      setting.put("customers of Lanyard", organisations + " with " + people + " people");
    }
    setting.put("the disk promises a block in", disk);
    setting.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    setting.put("Java", Runtime.version().toString());
    return setting;
  }
}
