package dev.lanyard.server.app.command.revocation;

import dev.lanyard.protocol.securityevent.StreamEvent;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.Output;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.node.DeliveryAudit;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.signals.transmitter.AdministeredStreams;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lanyard stream`: the streams of security events that others have of us.
@Command(
    name = "stream",
    description = "Lists the streams of security events to others, pauses and disables them.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class StreamCommand {
  private static final Clock CLOCK = Clock.systemUTC();

  @Mixin private Output output = new Output();

  @Command(
      name = "list",
      description = "Lists the streams, by their receivers.",
      mixinStandardHelpOptions = true)
  int list(@Mixin ConfigurationOption configuration) {
    return with(
        configuration,
        streams -> {
          var all = streams.list();
          all.forEach(one -> output.say(line(one.stream())));
          if (all.isEmpty()) {
            output.say("Nobody has a stream.");
          }
          return 0;
        });
  }

  /// Whose stream is changed, and why.
  private static final class Change {
    @Parameters(paramLabel = "RECEIVER")
    private String receiver = "";

    @Option(names = "--reason", description = "For the receiver and the record.")
    private @Nullable String reason;
  }

  @Command(
      name = "pause",
      description = "Holds the events of a receiver back until it is enabled again.",
      mixinStandardHelpOptions = true)
  int pause(@Mixin ConfigurationOption configuration, @Mixin Change change) {
    return change(configuration, change, StreamEvent.Status.PAUSED);
  }

  @Command(
      name = "disable",
      description = "Drops the events of a receiver until it is enabled again.",
      mixinStandardHelpOptions = true)
  int disable(@Mixin ConfigurationOption configuration, @Mixin Change change) {
    return change(configuration, change, StreamEvent.Status.DISABLED);
  }

  @Command(
      name = "enable",
      description = "Sends what was held back, and everything from now on.",
      mixinStandardHelpOptions = true)
  int enable(@Mixin ConfigurationOption configuration, @Mixin Change change) {
    return change(configuration, change, StreamEvent.Status.ENABLED);
  }

  private int change(ConfigurationOption configuration, Change change, StreamEvent.Status status) {
    return with(
        configuration,
        streams -> {
          var changed =
              streams
                  .change(
                      change.receiver,
                      status,
                      Optional.ofNullable(change.reason),
                      "stream-" + OpaqueToken.identifier())
                  .orElseThrow(() ->
                      new CommandFailure(
                          "'%s' has no stream; `lanyard stream list` shows them"
                              .formatted(change.receiver)));
          output.say(line(changed));
          return 0;
        });
  }

  private static int with(ConfigurationOption option, Function<AdministeredStreams, Integer> work) {
    var configuration = option.read();
    var broker =
        configuration
            .broker()
            .orElseThrow(() -> new CommandFailure("there is no broker here, and no stream"));
    var receivers =
        configuration
            .signals()
            .transmitter()
            .orElseThrow(() -> new CommandFailure("signals.transmitter is not configured"))
            .receivers();
    try (var database = Database.open(configuration.database(), CLOCK)) {
      return work.apply(
          new AdministeredStreams(
              broker.config().issuer(),
              receivers,
              database,
              new Outbox(database, new DeliveryAudit(), CLOCK),
              CLOCK));
    }
  }

  private static String line(AdministeredStreams.Entry one) {
    return "%-24s %-8s %s%s"
        .formatted(
            one.receiver(),
            one.status().value(),
            one.stopped() ? "by an administrator" : "",
            one.reason().map(text -> ": " + text).orElse(""))
        .strip();
  }
}
