package dev.lanyard.server.app.command.library;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.app.checkup.ConnectorProbe;
import dev.lanyard.server.app.checkup.ToldNameCheckup;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.node.LibraryPeople;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.BrokerRecord;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.LibraryCheck;
import dev.lanyard.server.library.LibraryFinding;
import dev.lanyard.server.library.LibraryFinding.Severity;
import dev.lanyard.server.library.Observation;
import dev.lanyard.server.library.Populace;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `lanyard library check`: for people before they publish, and for pipelines.
@Command(
    name = "check",
    description = "Finds what is wrong or doubtful in a role library, with file, line and remedy.",
    footer = "%nExit codes: 0 no error, 1 errors (with --strict also warnings), 2 wrong usage.",
    mixinStandardHelpOptions = true)
final class LibraryCheckCommand implements Callable<Integer> {
  @Mixin private LibraryOption library = new LibraryOption();

  @Option(names = "--strict", description = "Warnings are errors.")
  private boolean strict;

  @Option(
      names = "--people",
      description =
          "Also compares the groups of the roles, and what conditions ask for, with the directory.")
  private boolean people;

  @Option(
      names = "--probe",
      description =
          "Also fetches the metadata that each connector and its authorization server publish, and"
              + " compares it with the library.")
  private boolean probe;

  @Option(
      names = "--probe-seconds",
      defaultValue = "60",
      paramLabel = "N",
      description = "How long all probes together may take (default: ${DEFAULT-VALUE}).")
  private int probeSeconds = 60;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    var clock = Clock.systemUTC();
    var chosen = library.chosen();
    var source = chosen.files();
    var findings = LibraryCheck.of(source, people(clock), this::probed, clock.instant());
    long errors = count(findings, Severity.ERROR);
    long warnings = count(findings, Severity.WARNING);
    var out = spec.commandLine().getOut();
    if (json) {
      out.println(
          JsonObject.builder()
              .put("source", chosen.told())
              .put("in_force", chosen.isInForce())
              .put("version", source.version())
              .put("errors", errors)
              .put("warnings", warnings)
              .put("findings", findings.stream().map(LibraryFinding::toJson).toList())
              .build()
              .toPrettyJson());
    } else {
      findings.forEach(out::println);
      out.printf("Checked: %s%n", chosen.told());
      out.printf("%d errors, %d warnings in version %s%n", errors, warnings, source.version());
    }
    out.flush();
    return errors == 0 && (!strict || warnings == 0) ? 0 : 1;
  }

  private static long count(List<LibraryFinding> findings, Severity severity) {
    return findings.stream().filter(one -> one.severity() == severity).count();
  }

  private Map<String, List<Observation>> probed(Library read) {
    if (!probe) {
      return Map.of();
    }
    if (probeSeconds < 1 || probeSeconds > 3_600) {
      throw new CommandFailure("--probe-seconds is 1 to 3600, not " + probeSeconds);
    }
    return new ConnectorProbe(library.outbound(), Duration.ofSeconds(probeSeconds)).of(read);
  }

  private Optional<Populace> people(Clock clock) {
    if (!people) {
      return Optional.empty();
    }
    var config = library.configuration();
    try (var database = Database.open(config.database(), clock)) {
      var own = LibraryPeople.now(config, BrokerRecord.find(database));
      return Optional.of(ToldNameCheckup.populace(Directory.open(database, clock), own));
    }
  }
}
