package dev.lanyard.server.app.command.governance;

import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.governance.value.ValueReport;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `lanyard value`: what a month was worth.
@Command(
    name = "value",
    description = {
      "What a month was worth: screens and tickets avoided, time to first use, kill latencies,"
          + " residual exposure.",
      "Each figure says whether it was measured or rests on an assumption, and whose."
    },
    mixinStandardHelpOptions = true)
public final class ValueCommand implements Runnable {
  private static final Clock CLOCK = Clock.systemUTC();

  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Option(
      names = "--month",
      paramLabel = "MONTH",
      description = "Such as 2026-10, in UTC (default: the last one that is over).")
  private Optional<String> month = Optional.empty();

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    var config = configuration.read();
    var wanted =
        month
            .map(ValueCommand::month)
            .orElseGet(() -> YearMonth.now(CLOCK.withZone(ZoneOffset.UTC)).minusMonths(1));
    try (var database = Database.open(config.database(), CLOCK)) {
      var report = PlanningDesk.of(config, database, CLOCK).value(wanted);
      var out = spec.commandLine().getOut();
      if (json) {
        out.println(report.toJson().toPrettyJson());
      } else {
        print(out, report);
      }
      out.flush();
    }
  }

  private static YearMonth month(String text) {
    try {
      return YearMonth.parse(text);
    } catch (DateTimeException e) {
      throw new CommandFailure("--month: '" + text + "' is not a month such as 2026-10", e);
    }
  }

  private static void print(PrintWriter out, ValueReport report) {
    out.printf("%s%n", report.month());
    for (var one : report.figures()) {
      out.printf(
          "%-48s %,14d %-12s %-8s %s%n",
          one.title(), one.value(), one.unit(), one.basis().value(), one.source());
    }
    report.missing().forEach(one -> out.printf("Not told: %s%n", one));
  }
}
