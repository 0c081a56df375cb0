package dev.lanyard.server.app.command.audit;

import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.app.command.Output;
import dev.lanyard.server.app.command.People;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.transparency.Holds;
import dev.lanyard.server.transparency.Holds.Hold;
import java.time.Clock;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lanyard audit hold`: what may neither be removed nor erased.
@Command(
    name = "hold",
    description = "Legal holds: records that are neither removed by retention nor erased.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class AuditHoldCommand {
  private static final Clock CLOCK = Clock.systemUTC();

  @Mixin private Output output = new Output();

  @Command(
      name = "place",
      description = {
        "Keeps the records about a person or an organisation.",
        "Without either, nothing at all is removed or erased."
      },
      mixinStandardHelpOptions = true)
  int place(
      @Mixin ConfigurationOption configuration,
      @Option(names = "--person", paramLabel = "USER", description = "About this person.")
          Optional<String> person,
      @Option(
              names = "--organisation",
              paramLabel = "NAME",
              description = "About people of this organisation.")
          Optional<String> organisation,
      @Option(
              names = "--reason",
              required = true,
              paramLabel = "TEXT",
              description = "Why, e.g. the number of a case.")
          String reason) {
    try (var office = Office.open(configuration.read(), CLOCK)) {
      var hold =
          new Hold(
              OpaqueToken.identifier(),
              person.map(named -> People.id(office, named, organisation)),
              organisation,
              reason,
              Office.operator().name(),
              CLOCK.instant());
      new Holds(office.database(), CLOCK).place(hold, office.correlationId());
      output.say("Placed: " + hold.id());
    }
    return 0;
  }

  @Command(
      name = "list",
      description = "Lists the holds that stand.",
      mixinStandardHelpOptions = true)
  int list(@Mixin ConfigurationOption configuration) {
    try (var office = Office.open(configuration.read(), CLOCK)) {
      var holds = new Holds(office.database(), CLOCK).standing();
      holds.forEach(hold -> output.say(line(hold)));
      if (holds.isEmpty()) {
        output.say("No hold stands.");
      }
    }
    return 0;
  }

  public static String line(Hold hold) {
    return "%s  %s%s: %s (by %s, %s)"
        .formatted(
            hold.id(),
            hold.person().map(id -> "person " + id).orElse("everybody"),
            hold.organisation().map(name -> " of " + name).orElse(""),
            hold.reason(),
            hold.by(),
            hold.at());
  }

  @Command(name = "lift", description = "Ends a hold.", mixinStandardHelpOptions = true)
  int lift(
      @Mixin ConfigurationOption configuration,
      @Parameters(paramLabel = "HOLD", description = "Its id, see 'list'.") String id) {
    try (var office = Office.open(configuration.read(), CLOCK)) {
      var by = Office.operator().name();
      if (!new Holds(office.database(), CLOCK).lift(id, by, office.correlationId())) {
        throw new CommandFailure("no hold '" + id + "' stands; see 'lanyard audit hold list'");
      }
      output.say("Lifted.");
    }
    return 0;
  }
}
