package dev.lanyard.server.app.command.people;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.LibraryDesk;
import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.app.command.Output;
import dev.lanyard.server.app.command.UserOption;
import dev.lanyard.server.app.node.Accounts;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.credentials.Credentials;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.revocation.DenySet;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `lanyard accounts`: who has connected an account at which vendor, and the end of that.
@Command(
    name = "accounts",
    description = "The accounts at vendors that people have connected (the legacy bridge).",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class AccountsCommand implements Runnable {
  private static final Clock CLOCK = Clock.systemUTC();

  @Mixin private Output output = new Output();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "list",
      description = "Lists whose accounts are connected where.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin ConfigurationOption configuration,
      @ArgGroup(exclusive = false, heading = "Of this person only:%n") @Nullable UserOption user,
      @Option(names = "--json", description = "One JSON object a line.") boolean json) {
    try (var office = Office.open(configuration.read(), CLOCK)) {
      var person = Optional.ofNullable(user).flatMap(one -> one.find(office.directory()));
      var accounts = credentials(office).accounts(person.map(Person::id));
      accounts.forEach(account -> output.say(json ? json(office, account) : line(office, account)));
      if (accounts.isEmpty() && !json) {
        output.say("None.");
      }
    }
    return 0;
  }

  @Command(
      name = "end",
      description = {
        "Ends a person's connection to vendors: here for every call from now on, and there as soon"
            + " as the vendor has heard of it. What is under way ends by itself.",
        "The person may connect again; 'lanyard disable' ends more than that."
      },
      mixinStandardHelpOptions = true)
  int end(
      @Mixin ConfigurationOption configuration,
      @ArgGroup(exclusive = false, multiplicity = "1") UserOption user,
      @Option(
              names = "--connector",
              paramLabel = "CONNECTOR",
              description = "Of this connector only.")
          Optional<String> connector) {
    try (var office = Office.open(configuration.read(), CLOCK)) {
      var person = user.find(office.directory()).orElseThrow();
      int ended = credentials(office).end(person.id(), connector, office.correlationId());
      output.say("%d ended.".formatted(ended));
    }
    return 0;
  }

  private static Credentials credentials(Office office) {
    var config = office.configuration();
    return Accounts.open(
        config,
        office.database(),
        office.directory(),
        DenySet.following(office.database()),
        Optional.empty(),
        () -> LibraryDesk.read(office.database(), config),
        () ->
            config
                .broker()
                .map(served -> ClientRegistry.open(served.clients()).all())
                .orElse(List.of()),
        CLOCK);
  }

  private static String line(Office office, Credentials.Account account) {
    return "%-24s %-16s %s since %s"
        .formatted(
            name(office, account), account.connector(), account.issuer(), account.grantedAt());
  }

  private static String json(Office office, Credentials.Account account) {
    return JsonObject.builder()
        .put("person", account.person().value())
        .put("user", name(office, account))
        .put("connector", account.connector())
        .put("issuer", account.issuer())
        .put("granted_at", account.grantedAt().toString())
        .build()
        .toJson();
  }

  private static String name(Office office, Credentials.Account account) {
    return office
        .directory()
        .person(account.person())
        .map(Person::userName)
        .orElse(account.person().value());
  }
}
