package dev.lanyard.server.app.command.governance;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.InstantOfMinutes;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.governance.coverage.Coverage;
import dev.lanyard.server.governance.coverage.CoverageCsv;
import dev.lanyard.server.governance.coverage.CoveragePng;
import dev.lanyard.server.governance.coverage.CoverageSvg;
import dev.lanyard.server.governance.coverage.CoverageText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `lanyard coverage`: the coverage map.
@Command(
    name = "coverage",
    description = {
      "The coverage map: by category how many connectors are live, early, tracking or unknown, their"
          + " seats and use, the people whose whole role is silent, and the gaps with the reason and"
          + " the fallback.",
      "As of any time: the role library, the people, the catalogue and the probes of then."
    },
    mixinStandardHelpOptions = true)
public final class CoverageCommand implements Runnable {
  private static final Clock CLOCK = Clock.systemUTC();

  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Option(
      names = "--at",
      paramLabel = "INSTANT",
      converter = InstantOfMinutes.class,
      description = "When, such as 2026-10-03T09:14Z or with an offset (default: now).")
  private Optional<Instant> at = Optional.empty();

  @ArgGroup(exclusive = true)
  private Form form = new Form();

  @Spec private CommandSpec spec = CommandSpec.create();

  /// In which form.
  static final class Form {
    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Option(names = "--csv", description = "The connectors as CSV.")
    private boolean csv;

    @Option(names = "--svg", paramLabel = "FILE", description = "A picture for a slide.")
    private Optional<Path> svg = Optional.empty();

    @Option(names = "--png", paramLabel = "FILE", description = "The same, of pixels.")
    private Optional<Path> png = Optional.empty();
  }

  @Override
  public void run() {
    var config = configuration.read();
    if (at.filter(CLOCK.instant()::isBefore).isPresent()) {
      throw new CommandFailure(
          "nobody knows what will be; 'lanyard forecast' says what is expected");
    }
    try (var database = Database.open(config.database(), CLOCK)) {
      var map = PlanningDesk.map(config, database, CLOCK);
      print(at.map(map::at).orElseGet(map::now));
    }
  }

  private void print(Coverage coverage) {
    var out = spec.commandLine().getOut();
    if (form.svg.isPresent()) {
      write(form.svg.get(), CoverageSvg.of(coverage).getBytes(StandardCharsets.UTF_8));
    } else if (form.png.isPresent()) {
      write(form.png.get(), CoveragePng.of(coverage));
    } else if (form.json) {
      out.println(coverage.toJson().toPrettyJson());
    } else if (form.csv) {
      out.print(CoverageCsv.of(coverage));
    } else {
      CoverageText.of(coverage).forEach(out::println);
    }
    out.flush();
  }

  private void write(Path file, byte[] picture) {
    try {
      // What somebody else has put in its place is not written through.
      Files.write(file, picture, CREATE, WRITE, TRUNCATE_EXISTING, LinkOption.NOFOLLOW_LINKS);
      spec.commandLine().getOut().printf("%s is written%n", file);
    } catch (IOException e) {
      throw new CommandFailure("cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
