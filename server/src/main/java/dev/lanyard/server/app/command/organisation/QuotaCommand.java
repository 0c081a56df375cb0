package dev.lanyard.server.app.command.organisation;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.app.command.Output;
import dev.lanyard.server.app.command.UserOption;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.sessions.IdJagUses;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lanyard quota`: how many ID-JAGs people have had.
@Command(
    name = "quota",
    description = {
      "How many ID-JAGs each person has had, by resource and calendar month (UTC).",
      "They are counted as long as broker.exchange.quota is in the configuration."
    },
    mixinStandardHelpOptions = true)
public final class QuotaCommand implements Callable<Integer> {
  private static final Clock CLOCK = Clock.systemUTC();

  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Option(
      names = "--month",
      paramLabel = "MONTH",
      description = "Of this month, such as 2026-11 (default: this one).")
  private Optional<String> month = Optional.empty();

  @ArgGroup(exclusive = false, heading = "Of this person only:%n")
  private UserOption user = new UserOption();

  @Option(
      names = "--at-least",
      paramLabel = "NUMBER",
      description = "Only from this number on (default: 1).")
  private int atLeast = 1;

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    var config = configuration.read();
    boolean counted =
        config.broker().flatMap(broker -> broker.config().exchange().quota()).isPresent();
    try (var office = Office.open(config, CLOCK)) {
      var wanted = user.find(office.directory()).map(person -> person.id().value());
      var counts =
          new IdJagUses(office.database())
              .counts(
                  month.map(QuotaCommand::month).orElse(IdJagUses.monthOf(CLOCK.instant())),
                  atLeast);
      counts.stream()
          .filter(count -> wanted.isEmpty() || wanted.get().equals(count.person()))
          .forEach(count -> output.say(json ? json(count, office) : line(count, office)));
      if (counts.isEmpty() && !json) {
        output.say(counted ? "None." : "None: broker.exchange.quota is not in the configuration.");
      }
    }
    return 0;
  }

  private static YearMonth month(String text) {
    try {
      return YearMonth.parse(text);
    } catch (DateTimeException e) {
      throw new CommandFailure("--month: '" + text + "' is not a month such as 2026-11", e);
    }
  }

  private static String name(IdJagUses.Count count, Office office) {
    return office
        .directory()
        .person(new PersonId(count.person()))
        .map(Person::userName)
        .orElse(count.person());
  }

  private static String line(IdJagUses.Count count, Office office) {
    return "%6d  %-32s %s".formatted(count.issued(), name(count, office), count.resource());
  }

  private static String json(IdJagUses.Count count, Office office) {
    return JsonObject.builder()
        .put("user", name(count, office))
        .put("person", count.person())
        .put("resource", count.resource())
        .put("issued", count.issued())
        .build()
        .toJson();
  }
}
