package dev.lanyard.server.app.command.audit;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.Database;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard alarms`.
@Command(
    name = "alarms",
    description = "Shows what somebody must look at. Exit code 1 if there is anything.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "[COMMAND]")
public final class AlarmsCommand implements Callable<Integer> {
  private static final Clock CLOCK = Clock.systemUTC();

  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    var out = spec.commandLine().getOut();
    try (var database = Database.open(configuration.read().database(), CLOCK)) {
      var standing = new Alarms(database).standing();
      for (var one : standing) {
        var alarm = one.alarm();
        out.println(
            json
                ? JsonObject.builder()
                    .put("kind", alarm.kind())
                    .put("subject", alarm.subject())
                    .put("detail", alarm.detail())
                    .put("since", one.since().toString())
                    .put("last", alarm.at().toString())
                    .put("times", one.times())
                    .build()
                    .toJson()
                : "%s  %s \"%s\", %d times since %s%n    %s"
                    .formatted(
                        alarm.at(),
                        alarm.kind(),
                        alarm.subject(),
                        one.times(),
                        one.since(),
                        alarm.detail()));
      }
      if (standing.isEmpty() && !json) {
        out.println("Nothing to look at.");
      }
      out.flush();
      return standing.isEmpty() ? 0 : 1;
    }
  }

  @Command(
      name = "resolve",
      description = "Says that somebody has dealt with an alarm.",
      mixinStandardHelpOptions = true)
  int resolve(
      @Mixin ConfigurationOption where,
      @Parameters(paramLabel = "KIND") String kind,
      @Parameters(paramLabel = "SUBJECT") String subject) {
    var now = CLOCK.instant();
    var what =
        JsonObject.builder()
            .put("kind", kind)
            .put("subject", subject)
            .put("by", Office.operator().name())
            .build();
    var event =
        AuditEvent.of("alarm.resolved", Outcome.SUCCESS, now, Office.newCorrelationId(), what);
    try (var database = Database.open(where.read().database(), CLOCK)) {
      boolean stood =
          database.write(connection -> {
            boolean done = Alarms.resolve(connection, kind, subject, now);
            if (done) {
              AuditLog.append(connection, event);
            }
            return done;
          });
      if (!stood) {
        throw new CommandFailure("no such alarm stands");
      }
      spec.commandLine().getOut().println("Resolved.");
      spec.commandLine().getOut().flush();
    }
    return 0;
  }
}
