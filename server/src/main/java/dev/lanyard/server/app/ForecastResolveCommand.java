package dev.lanyard.server.app;

import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.governance.forecast.Launch;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard forecast resolve`: reality has arrived.
@Command(
    name = "resolve",
    description = {
      "Records that a connector has EMA since a day; without a connector, whatever the catalogue"
          + " and the probes have found, which a running server does every hour by itself.",
      "A later record of the same connector takes the place of an earlier one."
    },
    mixinStandardHelpOptions = true)
final class ForecastResolveCommand implements Runnable {
  private static final Clock CLOCK = Clock.systemUTC();

  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Parameters(arity = "0..1", paramLabel = "CONNECTOR", description = "Which.")
  private Optional<String> connector = Optional.empty();

  @Option(names = "--launched", paramLabel = "DAY", description = "Since when, such as 2027-02-11.")
  private Optional<LocalDate> launched = Optional.empty();

  @Option(names = "--evidence", paramLabel = "TEXT", description = "What you know it from.")
  private String evidence = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    var config = configuration.read();
    try (var database = Database.open(config.database(), CLOCK)) {
      var planning = PlanningDesk.of(config, database, CLOCK);
      var expectations = planning.expectations();
      var id = Office.newCorrelationId();
      var launches =
          connector.isPresent()
              ? planning.forecasts().launched(List.of(launch(expectations::isKnown)), id)
              : expectations.resolve(id);
      var out = spec.commandLine().getOut();
      launches.forEach(one ->
          out.printf("%s is there since %s (%s)%n", one.connector(), one.on(), one.evidence()));
      if (launches.isEmpty()) {
        out.println("Nothing new.");
      }
      out.flush();
    }
  }

  private Launch launch(Predicate<String> isKnown) {
    var named = connector.orElseThrow();
    if (!isKnown.test(named)) {
      throw new CommandFailure(
          "'%s' is neither in the role library nor in the catalogue".formatted(named));
    }
    var now = CLOCK.instant();
    var today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    if (launched.isEmpty() || launched.get().isAfter(today) || evidence.isBlank()) {
      throw new CommandFailure(
          "--launched is a day that has come, and --evidence says what you know it from; nothing"
              + " was done");
    }
    return new Launch(named, launched.get(), evidence, Office.operator().name(), now);
  }
}
