package dev.lanyard.server.app.command.people;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.app.command.Output;
import dev.lanyard.server.app.command.UserParameter;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.authorization.Consents;
import java.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lanyard consent`: what people have agreed to at the resource authorization server. A running
/// server learns of every change at once.
@Command(
    name = "consent",
    description = "Lists what people have consented to, and takes it back.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class ConsentCommand {
  private static final Clock CLOCK = Clock.systemUTC();

  @Mixin private Output output = new Output();

  @Command(
      name = "list",
      description = "Lists what a person has consented to.",
      mixinStandardHelpOptions = true)
  int list(@Mixin ConfigurationOption configuration, @Mixin UserParameter user) {
    try (var office = Office.open(configuration.read(), CLOCK)) {
      var person = user.find(office);
      var all = consents(office).of(person.id());
      all.forEach(one ->
          output.say(
              "%-24s %-40s %s, since %s"
                  .formatted(
                      one.client(),
                      one.resource(),
                      one.scopes().isEmpty() ? "(no scopes)" : one.scopes(),
                      one.agreedAt())));
      if (all.isEmpty()) {
        output.say("%s has consented to nothing.".formatted(person.userName()));
      }
    }
    return 0;
  }

  @Command(
      name = "withdraw",
      description =
          "Takes back what a person has consented to with a client. What it gave ends at once; the"
              + " next time the person is asked again.",
      mixinStandardHelpOptions = true)
  int withdraw(
      @Mixin ConfigurationOption configuration,
      @Mixin UserParameter user,
      @Option(names = "--client", paramLabel = "ID", required = true, description = "The client.")
          ClientId client) {
    try (var office = Office.open(configuration.read(), CLOCK)) {
      var person = user.find(office);
      boolean done =
          consents(office).withdraw(person, client, Office.operator(), office.correlationId());
      output.say(
          done
              ? "Taken back: %s has no access for %s by consent any more."
                  .formatted(client, person.userName())
              : "%s has consented to nothing with %s.".formatted(person.userName(), client));
    }
    return 0;
  }

  private static Consents consents(Office office) {
    var ras =
        office
            .configuration()
            .ras()
            .orElseThrow(() ->
                new CommandFailure(
                    "people consent where the resource authorization server is configured"));
    return new Consents(
        ras.config().issuer(), office.database(), office.revocation(), office.clock());
  }
}
