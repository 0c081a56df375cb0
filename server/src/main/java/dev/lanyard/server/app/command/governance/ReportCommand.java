package dev.lanyard.server.app.command.governance;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.EventClass;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.governance.DayOne;
import dev.lanyard.server.governance.Kept;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `lanyard report`: figures from the audit record.
@Command(
    name = "report",
    description = "Figures from the audit record.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class ReportCommand {
  private static final Clock CLOCK = Clock.systemUTC();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(
      name = "day-one",
      description = {
        "Consent screens and tickets that nobody had to deal with, per connector and month.",
        "A consent screen counts once for a person, a client and a connector, a ticket once for a"
            + " person and a connector: at the first identity assertion issued, as far as the"
            + " record goes back. Renewals count nothing. That each first time stands for a screen"
            + " and a ticket is assumed."
      },
      mixinStandardHelpOptions = true)
  int dayOne(
      @Mixin ConfigurationOption configuration,
      @Option(
              names = "--months",
              defaultValue = "12",
              paramLabel = "N",
              description = "How many months, this one included (default: ${DEFAULT-VALUE}).")
          int months,
      @Option(names = "--json", description = "As JSON.") boolean json) {
    if (months < 1) {
      throw new CommandFailure("--months is at least 1");
    }
    try (var database = Database.open(configuration.read().database(), CLOCK)) {
      var from = YearMonth.now(CLOCK.withZone(ZoneOffset.UTC)).minusMonths(months - 1L);
      var audit = new AuditLog(database);
      var removed =
          Kept.removedSince(
              from.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant(),
              Set.of(EventClass.ISSUANCE),
              audit);
      var lines = DayOne.count(audit, from);
      var out = spec.commandLine().getOut();
      if (json) {
        var all = lines.stream().map(DayOne.Line::toJson).toList();
        out.println(
            JsonObject.builder()
                .put("months", all)
                .putIfPresent("removed_before", removed.map(Instant::toString))
                .build()
                .toPrettyJson());
      } else {
        print(out, lines, removed.isPresent());
        removed.ifPresent(until ->
            out.printf(
                "Retention has removed the records from before %s: until then this is not complete,"
                    + " and whoever was served before counts as new.%n",
                until));
      }
      out.flush();
    }
    return 0;
  }

  private static void print(PrintWriter out, List<DayOne.Line> lines, boolean isPart) {
    if (lines.isEmpty()) {
      out.println(
          isPart
              ? "No identity assertion was issued in what is left of these months."
              : "No identity assertion was issued in these months.");
      return;
    }
    out.printf(
        "%-8s %-24s %16s %10s %18s%n",
        "Month", "Connector", "Consent screens", "Tickets", "Silent exchanges");
    for (var line : lines) {
      out.printf(
          "%-8s %-24s %,16d %,10d %,18d%n",
          line.month(),
          line.connector(),
          line.consentScreensAvoided(),
          line.ticketsAvoided(),
          line.silentExchanges());
    }
    out.printf(
        "%-8s %-24s %,16d %,10d %,18d%n",
        "",
        "in all",
        lines.stream().mapToLong(DayOne.Line::consentScreensAvoided).sum(),
        lines.stream().mapToLong(DayOne.Line::ticketsAvoided).sum(),
        lines.stream().mapToLong(DayOne.Line::silentExchanges).sum());
  }
}
