package dev.lanyard.server.app.command.governance;

import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.app.command.SignerOption;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.governance.forecast.Chances;
import dev.lanyard.server.governance.forecast.Forecast;
import dev.lanyard.server.governance.forecast.ForecastFile;
import dev.lanyard.server.governance.forecast.Saying;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard forecast set`: somebody says when connectors will have EMA.
@Command(
    name = "set",
    description = {
      "Says when a connector will have EMA, or many of them in a file.",
      "Earlier statements stay in the record."
    },
    mixinStandardHelpOptions = true)
final class ForecastSetCommand implements Runnable {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final String NOTHING = "; nothing was done";

  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Parameters(
      arity = "0..1",
      paramLabel = "CONNECTOR",
      description = "Its name in the role library or the catalogue.")
  private Optional<String> connector = Optional.empty();

  @Option(
      names = "--in",
      paramLabel = "QUARTER=P",
      description = "The probability that it is in this quarter, such as 2027-Q1=0.2 or =20%%.")
  private Map<String, String> in = new LinkedHashMap<>();

  @Option(
      names = "--by",
      paramLabel = "QUARTER=P",
      description = "The probability that it is by the end of this quarter.")
  private Map<String, String> by = new LinkedHashMap<>();

  @Option(
      names = {"-m", "--reason"},
      paramLabel = "TEXT",
      description = "Why.")
  private String reason = "";

  @Option(names = "--evidence", paramLabel = "TEXT", description = "What you know it from.")
  private String evidence = "";

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Forecasts of many connectors instead, see docs/forecast.md.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = "Whose forecast it is (default: the user of this machine).")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description =
          "Your private key, made by 'lanyard approver key': signs the forecast, which whoever has"
              + " the right 'forecast' in the approvers file must.")
  private Optional<Path> key = Optional.empty();

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "The passphrase of the key in its first line (default: asked for, if needed).")
  private Optional<Path> passphraseFile = Optional.empty();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    if (file.isPresent() == connector.isPresent()) {
      throw CommandFailure.ofUsage("name a connector or a --file, and not both" + NOTHING);
    }
    var config = configuration.read();
    try (var database = Database.open(config.database(), CLOCK)) {
      var planning = PlanningDesk.of(config, database, CLOCK);
      var forecasters = planning.forecasters();
      var signing = key.map(file -> SignerOption.loaded(file, passphraseFile));
      var said =
          said(planning.expectations()::isKnown).stream()
              .map(one -> signing.map(with -> forecasters.signed(one, with)).orElse(one))
              .toList();
      var id = Office.newCorrelationId();
      switch (planning.forecasts().say(said, Office.operator().name(), id)) {
        case Saying.Kept(var kept) -> print(kept);
        case Saying.Refused(var why) ->
            throw new CommandFailure(
                "%s; sign with --as NAME --key FILE, or see docs/forecast.md%s"
                    .formatted(why, NOTHING));
      }
    }
  }

  private void print(List<Forecast> kept) {
    var out = spec.commandLine().getOut();
    kept.forEach(one ->
        out.printf(
            "%s: %s, says %s%n",
            one.connector(), ForecastCommand.text(one), ForecastCommand.author(one)));
    out.flush();
  }

  private List<Forecast> said(Predicate<String> isKnown) {
    var forecaster = name.orElse(Office.operator().name());
    if (file.isPresent()) {
      return ForecastFile.read(file.get(), isKnown, forecaster, CLOCK.instant());
    }
    var named = connector.orElseThrow();
    if (!isKnown.test(named)) {
      throw new CommandFailure(
          "'%s' is neither in the role library nor in the catalogue%s".formatted(named, NOTHING));
    }
    if (reason.isBlank() || evidence.isBlank()) {
      throw CommandFailure.ofUsage(
          "-m says why, and --evidence what you know it from: both are needed" + NOTHING);
    }
    if (in.isEmpty() == by.isEmpty()) {
      throw CommandFailure.ofUsage(
          "name quarters with --in or with --by, and not with both" + NOTHING);
    }
    try {
      return List.of(
          new Forecast(named, Chances.said(in, by), forecaster, reason, evidence, CLOCK.instant()));
    } catch (IllegalArgumentException e) {
      // The constructors have no other way to refuse.
      throw new CommandFailure(e.getMessage() + NOTHING, e);
    }
  }
}
