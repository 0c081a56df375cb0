package dev.lanyard.server.app.command.governance;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.InstantOfMinutes;
import dev.lanyard.server.app.command.UserOption;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.governance.PastAccess;
import dev.lanyard.server.governance.TimeMachine;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.LibraryReadings;
import dev.lanyard.server.policy.Rule;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `lanyard access`: the time machine.
@Command(
    name = "access",
    description = {
      "Who could reach what at a time: through which rule, who approved it, and what was used.",
      "Answered by the version of the role library that was in force then, and by what people were"
          + " then; conditions about a sign-in are shown and not decided."
    },
    mixinStandardHelpOptions = true)
public final class AccessCommand implements Runnable {
  private static final Clock CLOCK = Clock.systemUTC();

  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @ArgGroup(multiplicity = "1")
  private Subject subject = new Subject();

  @Option(
      names = "--at",
      paramLabel = "INSTANT",
      converter = InstantOfMinutes.class,
      description = "When, such as 2026-10-03T09:14Z or with an offset (default: now).")
  private Optional<Instant> at = Optional.empty();

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  /// What is asked about.
  static final class Subject {
    @ArgGroup(exclusive = false)
    private UserOption user = new UserOption();

    @Option(
        names = "--connector",
        paramLabel = "CONNECTOR",
        description = "Who could reach this connector: its name in the role library of that time.")
    private Optional<String> connector = Optional.empty();
  }

  @Override
  public void run() {
    var config = configuration.read();
    var now = CLOCK.instant();
    var when = at.orElse(now);
    if (when.isAfter(now)) {
      throw new CommandFailure("nobody knows what will be; `lanyard explain --at` decides by now");
    }
    try (var database = Database.open(config.database(), CLOCK)) {
      var directory = Directory.open(database, CLOCK);
      var machine =
          TimeMachine.at(
              when,
              database,
              directory,
              config.broker().map(one -> one.config().issuer()),
              new LibraryReadings());
      machine
          .unknownBefore()
          .ifPresent(begins -> {
            throw new CommandFailure(
                "who people were before %s was not written down; ask for a time from then on"
                    .formatted(begins));
          });
      var out = spec.commandLine().getOut();
      var person = subject.user.find(directory);
      if (person.isPresent()) {
        print(out, machine, when, person.get());
      } else {
        print(out, machine, when, connector(machine));
      }
      if (!json && config.ras().flatMap(served -> served.config().flow()).isPresent()) {
        out.printf(
            "%nNot among this is what people have agreed to themselves (ordinary flow): `lanyard consent list`.%n");
      }
      out.flush();
    }
  }

  private Connector connector(TimeMachine machine) {
    var named = subject.connector.orElseThrow();
    return machine.connectors().stream()
        .filter(one -> one.id().equals(named))
        .findFirst()
        .orElseThrow(() ->
            new CommandFailure(
                "the role library of that time had no connector '%s'. It had: %s"
                    .formatted(
                        named,
                        String.join(
                            ", ", machine.connectors().stream().map(Connector::id).toList()))));
  }

  private void print(PrintWriter out, TimeMachine machine, Instant when, Person person) {
    var access = machine.of(person);
    if (json) {
      printJson(out, machine, access);
      return;
    }
    var past = machine.past(person);
    out.printf("%s at %s%n", person.userName(), when);
    if (past.isEmpty()) {
      out.println("was not here yet.");
      return;
    }
    out.printf(
        "was %s, in the groups: %s%n",
        past.get().standing().value(),
        String.join(", ", past.get().groups().stream().sorted().toList()));
    var uncounted = machine.uncounted(person, past.get());
    if (!uncounted.isEmpty()) {
      out.printf(
          "of which did not count, as the library meant the people of another organisation: %s%n",
          String.join(", ", uncounted));
    }
    printLibrary(out, machine);
    access.forEach(one -> print(out, one.connector().id(), one));
    if (access.isEmpty()) {
      out.printf("%nNo rule gave anything.%n");
    }
  }

  private void print(PrintWriter out, TimeMachine machine, Instant when, Connector connector) {
    var access = machine.at(connector);
    if (json) {
      printJson(out, machine, access);
      return;
    }
    out.printf("%s at %s%n", connector.name(), when);
    printLibrary(out, machine);
    access.forEach(one -> print(out, one.person().userName(), one));
    if (access.isEmpty()) {
      out.printf("%nNo rule gave it to anybody.%n");
    }
  }

  private static void printJson(PrintWriter out, TimeMachine machine, List<PastAccess> access) {
    out.println(
        JsonObject.builder()
            .putAll(machine.toJson())
            .put("access", access.stream().map(PastAccess::toJson).toList())
            .build()
            .toPrettyJson());
  }

  private static void printLibrary(PrintWriter out, TimeMachine machine) {
    machine
        .inForce()
        .ifPresentOrElse(
            one -> {
              var publication = one.publication();
              out.printf(
                  "library version %.12s, publication %d of %s, by %s: %s%n",
                  publication.version(),
                  publication.number(),
                  publication.said().at(),
                  publication.said().by(),
                  publication.said().rationale());
            },
            () -> out.println("no version of the role library was in force: nothing was given"));
    machine
        .approved()
        .ifPresent(said ->
            out.printf("approved by %s at %s: %s%n", said.by(), said.at(), said.rationale()));
    if (!machine.stopped().isEmpty()) {
      out.printf("stopped by administrators: %s%n", String.join(", ", machine.stopped()));
    }
  }

  private static void print(PrintWriter out, String name, PastAccess access) {
    out.printf(
        "%n%-24s %s%s%n",
        name,
        access.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' '),
        access.scopes().isEmpty() ? "" : ": " + access.scopes());
    for (var rule : access.rules()) {
      out.printf(
          "    %s %s%s — %s%s%n",
          rule.kind().value(),
          rule.name(),
          rule.groups().isEmpty() ? "" : " (group " + String.join(", ", rule.groups()) + ")",
          rule.effect().value(),
          conditions(rule));
    }
    out.printf("    through %s%n", String.join(", ", access.clients()));
    out.printf(
        "    used %d times in the 30 days before%s%n",
        access.used().times(), access.used().last().map(last -> ", last at " + last).orElse(""));
    access
        .used()
        .unknownBefore()
        .ifPresent(
            before -> out.printf("    what was used before %s is not recorded any more%n", before));
  }

  private static String conditions(Rule rule) {
    return rule.conditions().isEmpty() ? "" : ": " + String.join(", ", rule.conditions());
  }
}
