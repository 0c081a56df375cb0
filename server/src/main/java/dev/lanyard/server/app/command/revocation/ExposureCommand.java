package dev.lanyard.server.app.command.revocation;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.LibraryDesk;
import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.app.command.UserOption;
import dev.lanyard.server.app.node.Enforcement;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.revocation.Exposure;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `lanyard exposure`.
@Command(
    name = "exposure",
    description =
        "Shows which access is out there, and until when it would live if it were cut now.",
    mixinStandardHelpOptions = true)
public final class ExposureCommand implements Runnable {
  private static final Clock CLOCK = Clock.systemUTC();

  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Whose whose = new Whose();

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  /// Of one person or of all.
  private static final class Whose {
    @ArgGroup(exclusive = false)
    private UserOption user = new UserOption();

    /// One of the two must be said; which is known from the other.
    @Option(names = "--all", description = "Everybody.")
    @SuppressWarnings("UnusedVariable")
    private boolean all;
  }

  @Override
  public void run() {
    var config = configuration.read();
    var out = spec.commandLine().getOut();
    try (var office = Office.open(config, CLOCK)) {
      var library = LibraryDesk.read(office.database(), config);
      var person = whose.user.find(office.directory());
      var exposure =
          Enforcement.exposure(
              config,
              office.database(),
              office.revocation().denied(),
              () -> library,
              Enforcement.lazily(config.governance()::known),
              CLOCK);
      print(out, person, exposure.of(person.map(Person::id)));
    }
  }

  private void print(PrintWriter out, Optional<Person> person, List<Exposure.Access> all) {
    if (json) {
      out.println(
          JsonObject.builder()
              .put("at", CLOCK.instant().toString())
              .putIfPresent("person", person.map(one -> one.id().value()))
              .put("connectors", all.size())
              .put("access", all.stream().map(Exposure.Access::toJson).toList())
              .build()
              .toJson());
    } else {
      all.forEach(access ->
          out.printf(
              "%-20s %5d people %s%6d tokens, until %s; if cut now: %s%n",
              access.connector(),
              access.people(),
              access.agents() == 0 ? "" : "%3d agents ".formatted(access.agents()),
              access.tokens(),
              access
                  .endsByItself()
                  .or(() -> access.atMost().map(Exposure.AtMost::until))
                  .map(Instant::toString)
                  .orElse("nobody here knows when"),
              access.ifCutNow()));
      if (all.isEmpty()) {
        out.println("No access is out there.");
      }
    }
    out.flush();
  }
}
