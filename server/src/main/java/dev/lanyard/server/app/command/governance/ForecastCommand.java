package dev.lanyard.server.app.command.governance;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.Output;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.governance.forecast.Authorship;
import dev.lanyard.server.governance.forecast.Forecast;
import dev.lanyard.server.governance.forecast.Launch;
import dev.lanyard.server.governance.forecast.Outlook;
import dev.lanyard.server.governance.forecast.Probability;
import dev.lanyard.server.governance.forecast.Resolution;
import dev.lanyard.server.governance.forecast.Score;
import dev.lanyard.server.governance.forecast.TakenBack;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard forecast`: when connectors will have EMA, and how good such forecasts were.
@Command(
    name = "forecast",
    description = "When which connector will have EMA: says it, shows what follows, scores it.",
    mixinStandardHelpOptions = true,
    subcommands = {ForecastSetCommand.class, ForecastResolveCommand.class},
    synopsisSubcommandLabel = "COMMAND")
public final class ForecastCommand {
  private static final Clock CLOCK = Clock.systemUTC();

  @Mixin private Output output = new Output();

  @Spec private CommandSpec spec = CommandSpec.create();

  static String text(Forecast one) {
    return one.chances().launch().entrySet().stream()
        .map(entry -> "%s %s".formatted(entry.getKey(), percent(entry.getValue())))
        .collect(Collectors.joining(", "));
  }

  /// Who, and how that is known.
  static String author(Forecast one) {
    return switch (one.authorship()) {
      case Authorship.Signed _ -> one.forecaster() + " (signed)";
      case Authorship.Unsigned _ -> one.forecaster();
      case Authorship.Refused(var why) ->
          "somebody as %s (DOES NOT COUNT: %s)".formatted(one.forecaster(), why);
    };
  }

  private static String percent(Probability probability) {
    return probability.value().movePointRight(2).stripTrailingZeros().toPlainString() + "%";
  }

  @Command(
      name = "list",
      description =
          "Everything that was ever said, the oldest first, and what was recorded of launches.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin ConfigurationOption configuration,
      @Parameters(arity = "0..1", paramLabel = "CONNECTOR", description = "Only of this one.")
          Optional<String> connector,
      @Option(names = "--json", description = "As JSON.") boolean json) {
    var config = configuration.read();
    try (var database = Database.open(config.database(), CLOCK)) {
      var record = PlanningDesk.of(config, database, CLOCK).forecasts();
      var all =
          record.all().stream()
              .filter(one -> connector.isEmpty() || connector.get().equals(one.connector()))
              .toList();
      var resolutions =
          record.resolutions().stream()
              .filter(one -> connector.isEmpty() || connector.get().equals(one.connector()))
              .toList();
      if (json) {
        output.say(
            JsonObject.builder()
                .put("forecasts", all.stream().map(Forecast::toJson).toList())
                .put(
                    "launches",
                    resolutions.stream()
                        .filter(record.launches()::contains)
                        .map(Resolution::toJson)
                        .toList())
                .put("resolutions", resolutions.stream().map(Resolution::toJson).toList())
                .build()
                .toPrettyJson());
        return 0;
      }
      all.forEach(one ->
          output.say(
              "%s  %-16s %s, says %s: %s (%s)"
                  .formatted(
                      one.at(),
                      one.connector(),
                      text(one),
                      author(one),
                      one.reason(),
                      one.evidence())));
      resolutions.forEach(
          one -> output.say("%s  %-16s %s".formatted(one.at(), one.connector(), text(one))));
      if (all.isEmpty() && resolutions.isEmpty()) {
        output.say("Nobody has said anything.");
      }
    }
    return 0;
  }

  private static String text(Resolution one) {
    return switch (one) {
      case Launch(_, var on, var evidence, var by, _) ->
          "is there since %s, says %s (%s)".formatted(on, by, evidence);
      case TakenBack(_, var on, var evidence, var by, _) ->
          "is not there: %s takes back that it launched on %s (%s)".formatted(by, on, evidence);
    };
  }

  @Command(
      name = "show",
      description = {
        "The coverage that is to be expected at the end of each quarter, with its exact range.",
        "Connectors count by their own forecast that stands; launches are taken as independent."
      },
      mixinStandardHelpOptions = true)
  int show(
      @Mixin ConfigurationOption configuration,
      @Option(
              names = "--quarters",
              defaultValue = "4",
              paramLabel = "N",
              description = "How many, this one included (default: ${DEFAULT-VALUE}).")
          int quarters,
      @Option(names = "--by", paramLabel = "NAME", description = "By this forecaster alone.")
          Optional<String> by,
      @Option(names = "--json", description = "As JSON.") boolean json) {
    if (quarters < 1 || quarters > 40) {
      throw new CommandFailure("--quarters is 1 to 40");
    }
    var config = configuration.read();
    try (var database = Database.open(config.database(), CLOCK)) {
      var outlook = PlanningDesk.of(config, database, CLOCK).expectations().outlook(quarters, by);
      if (json) {
        output.say(outlook.toJson().toPrettyJson());
      } else {
        print(spec.commandLine().getOut(), outlook);
      }
    }
    return 0;
  }

  private static void print(PrintWriter out, Outlook outlook) {
    out.printf(
        "%d connectors, %,d seats. Expected at the end of the quarter, and in 8 of 10 cases:%n",
        outlook.connectors(), outlook.seats());
    for (var one : outlook.quarters()) {
      out.printf(
          "%s  connectors %7.1f  %d to %d   seats %,12.1f  %,d to %,d%s%n",
          one.quarter(),
          one.connectors().expected(),
          one.connectors().p10(),
          one.connectors().p90(),
          one.seats().expected(),
          one.seats().p10(),
          one.seats().p90(),
          one.seats().unit() == 1 ? "" : " (in units of " + one.seats().unit() + ")");
    }
    outlook
        .unknown()
        .forEach(one ->
            out.printf(
                "%s (%,d seats) counts as not there: %s%n",
                one.connector(), one.seats(), one.reason()));
    out.flush();
  }

  @Command(
      name = "score",
      description = {
        "How well everybody was right: Brier score (0 is perfect) and calibration.",
        "Judged is what somebody had said before a quarter began, when it is known how it ended."
      },
      mixinStandardHelpOptions = true)
  int score(
      @Mixin ConfigurationOption configuration,
      @Option(names = "--json", description = "As JSON.") boolean json) {
    var config = configuration.read();
    try (var database = Database.open(config.database(), CLOCK)) {
      var scores = PlanningDesk.of(config, database, CLOCK).expectations().scores();
      if (json) {
        var all = scores.stream().map(Score::toJson).toList();
        output.say(JsonObject.builder().put("scores", all).build().toPrettyJson());
        return 0;
      }
      scores.forEach(this::print);
      if (scores.isEmpty()) {
        output.say("Nobody has said anything.");
      }
    }
    return 0;
  }

  private void print(Score score) {
    output.say(
        "%-32s %3d judged  Brier %s (base rate %s)%s"
            .formatted(
                score.signed() ? score.forecaster() + " (signed)" : score.forecaster(),
                score.judged(),
                figure(score.brier()),
                figure(score.baseRate()),
                score.usedUp() == 0
                    ? ""
                    : "; %d quarters after a launch that was certain and did not come"
                        .formatted(score.usedUp())));
    score
        .calibration()
        .forEach(bin ->
            output.say(
                "    said about %3.0f%%, happened %3.0f%% of %d"
                    .formatted(bin.said() * 100, bin.happened() * 100, bin.statements())));
  }

  private static String figure(OptionalDouble value) {
    return value.isEmpty() ? "-" : "%.3f".formatted(value.getAsDouble());
  }
}
