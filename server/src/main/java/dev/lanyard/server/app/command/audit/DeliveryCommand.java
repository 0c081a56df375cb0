package dev.lanyard.server.app.command.audit;

import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.Output;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.node.FanOut;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.delivery.Letter;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.signals.outbound.RevocationCourier;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lanyard delivery`: messages to endpoints outside that have not arrived.
@Command(
    name = "delivery",
    description = "Lists messages that did not arrive outside, and has them tried again.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class DeliveryCommand {
  private static final Clock CLOCK = Clock.systemUTC();

  @Mixin private Output output = new Output();

  @Command(
      name = "list",
      description = "Lists dead letters: messages that were given up.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin ConfigurationOption configuration,
      @Option(names = "--waiting", description = "Also what is still tried.") boolean waiting,
      @Option(names = "--json", description = "One JSON object a line.") boolean json) {
    return with(
        configuration,
        outbox -> {
          var letters = new ArrayList<>(outbox.dead());
          if (waiting) {
            letters.addAll(outbox.waiting());
          }
          letters.forEach(letter -> output.say(json ? letter.toJson().toJson() : line(letter)));
          if (letters.isEmpty() && !json) {
            output.say(waiting ? "Everything has arrived." : "No message was given up.");
          }
          return 0;
        });
  }

  @Command(
      name = "retry",
      description = "Has dead letters tried again, by a server that is running.",
      mixinStandardHelpOptions = true)
  int retry(
      @Mixin ConfigurationOption configuration,
      @Parameters(paramLabel = "ID", arity = "0..*", description = "As `list` shows them.")
          @Nullable List<String> ids,
      @Option(
              names = "--all",
              description = "Every dead letter but those that ask to look there first.")
          boolean all) {
    if (all == (ids != null && !ids.isEmpty())) {
      throw CommandFailure.ofUsage("name the messages to retry, or --all; nothing was changed");
    }
    return with(
        configuration,
        outbox -> {
          var dead = outbox.dead();
          var chosen =
              all || ids == null
                  ? dead.stream()
                      .filter(letter -> !RevocationCourier.wantsALook(letter))
                      .map(Letter::id)
                      .toList()
                  : ids;
          for (var id : chosen) {
            var letter =
                outbox
                    .retry(id)
                    .orElseThrow(() ->
                        new CommandFailure(
                            "no dead letter is '" + id + "'; `lanyard delivery list` shows them"));
            output.say("%s to %s is tried again.".formatted(id, letter.delivery().destination()));
          }
          if (all) {
            dead.stream().filter(RevocationCourier::wantsALook).forEach(this::leave);
          }
          if (dead.isEmpty()) {
            output.say("No message was given up.");
          }
          return 0;
        });
  }

  private void leave(Letter letter) {
    output.say(
        "%s to %s is not: look there first, then name it."
            .formatted(letter.id(), letter.delivery().destination()));
  }

  private static int with(ConfigurationOption configuration, Function<Outbox, Integer> work) {
    try (var database = Database.open(configuration.read().database(), CLOCK)) {
      return work.apply(FanOut.retrying(database, CLOCK));
    }
  }

  private static String line(Letter letter) {
    return "%-22s  %-8s %s  %s to %s, %d attempts: %s"
        .formatted(
            letter.id(),
            letter.state().value(),
            letter.createdAt(),
            letter.delivery().kind(),
            letter.delivery().destination(),
            letter.attempts(),
            letter.answer().orElse("no answer yet"));
  }
}
