package dev.lanyard.server.app.command.governance;

import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.node.Planning;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.governance.forecast.Forecasts;
import dev.lanyard.server.governance.forecast.Launch;
import dev.lanyard.server.governance.forecast.TakenBack;
import java.io.PrintWriter;
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
      "A later record of the same connector takes the place of an earlier one; --not-launched takes"
          + " back one that was a mistake. Nothing of the record is changed."
    },
    mixinStandardHelpOptions = true)
final class ForecastResolveCommand implements Runnable {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final String NOTHING = "; nothing was done";

  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Parameters(arity = "0..1", paramLabel = "CONNECTOR", description = "Which.")
  private Optional<String> connector = Optional.empty();

  @Option(names = "--launched", paramLabel = "DAY", description = "Since when, such as 2027-02-11.")
  private Optional<LocalDate> launched = Optional.empty();

  @Option(
      names = "--not-launched",
      description = "It was recorded by mistake: the connector is not there.")
  private boolean notLaunched;

  @Option(names = "--evidence", paramLabel = "TEXT", description = "What you know it from.")
  private String evidence = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    if (notLaunched && (connector.isEmpty() || launched.isPresent())) {
      throw new CommandFailure(
          "--not-launched is about one connector, and without --launched" + NOTHING);
    }
    var config = configuration.read();
    try (var database = Database.open(config.database(), CLOCK)) {
      var planning = PlanningDesk.of(config, database, CLOCK);
      var out = spec.commandLine().getOut();
      if (notLaunched) {
        var taken = takeBack(planning.forecasts());
        out.printf(
            "%s is not there: that it launched on %s is taken back (%s)%n",
            taken.connector(), taken.launchedOn(), taken.evidence());
      } else {
        print(out, launches(planning));
      }
      out.flush();
    }
  }

  private List<Launch> launches(Planning planning) {
    var expectations = planning.expectations();
    var id = Office.newCorrelationId();
    return connector.isPresent()
        ? planning.forecasts().launched(List.of(launch(expectations::isKnown)), id)
        : expectations.resolve(id);
  }

  private static void print(PrintWriter out, List<Launch> launches) {
    launches.forEach(one ->
        out.printf("%s is there since %s (%s)%n", one.connector(), one.on(), one.evidence()));
    if (launches.isEmpty()) {
      out.println("Nothing new.");
    }
  }

  private TakenBack takeBack(Forecasts forecasts) {
    var named = connector.orElseThrow();
    if (evidence.isBlank()) {
      throw new CommandFailure("--evidence says what you know the mistake from" + NOTHING);
    }
    return forecasts
        .takeBack(
            named, evidence, Office.operator().name(), CLOCK.instant(), Office.newCorrelationId())
        .orElseThrow(() ->
            new CommandFailure(
                "no launch of '%s' stands that could be taken back; see 'lanyard forecast list %s'%s"
                    .formatted(named, named, NOTHING)));
  }

  private Launch launch(Predicate<String> isKnown) {
    var named = connector.orElseThrow();
    if (!isKnown.test(named)) {
      throw new CommandFailure(
          "'%s' is neither in the role library nor in the catalogue%s".formatted(named, NOTHING));
    }
    var now = CLOCK.instant();
    var today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    if (launched.isEmpty() || launched.get().isAfter(today) || evidence.isBlank()) {
      throw new CommandFailure(
          "--launched is a day that has come, and --evidence says what you know it from" + NOTHING);
    }
    return new Launch(named, launched.get(), evidence, Office.operator().name(), now);
  }
}
