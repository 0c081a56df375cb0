package dev.lanyard.server.app.command.organisation;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.ras.match.MatchReport;
import dev.lanyard.server.ras.match.PeopleExport;
import dev.lanyard.server.ras.match.PreFlight;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard organisation match`: who of a customer's people would come in.
@Command(
    name = "match",
    description =
        "Tells who of an export of people would be found, created or refused at their first"
            + " redemption, and why. Changes nothing.",
    mixinStandardHelpOptions = true)
final class OrganisationMatchCommand implements Runnable {
  private static final int MOST_SHOWN = 50;

  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Parameters(index = "0", paramLabel = "NAME")
  private String name = "";

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      description = "CSV with the columns sub and email, or JSON with one object a line.")
  private Path file = Path.of("");

  @Option(
      names = "--issuer",
      paramLabel = "ISSUER",
      description = "Through which issuer, if there are several.")
  private Optional<String> issuer = Optional.empty();

  @Option(names = "--all", description = "Show everybody who is refused, not the first 50.")
  private boolean all;

  @Option(names = "--json", description = "Answer in JSON.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    try (var counter = OrganisationCounter.open(configuration, spec.commandLine().getOut())) {
      var way = way(counter);
      var people = OrganisationCounter.read(() -> PeopleExport.read(text()));
      var report = new PreFlight(counter.desk().directory()).report(people, way);
      if (json) {
        counter.say(report.toJson().toJson());
      } else {
        show(counter, report, way);
      }
    }
  }

  private String text() {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new CommandFailure("cannot read " + file + " as UTF-8 text: " + e.getMessage(), e);
    }
  }

  private PreFlight.Way way(OrganisationCounter counter) {
    var ways =
        counter.ras().organisations().stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .map(PreFlight::ways)
            .orElseGet(() -> PreFlight.ways(counter.find(name)));
    var named = issuer.map(text -> OrganisationCounter.read(() -> Issuer.parse(text)));
    return PreFlight.choose(ways, named).orElseThrow(() -> new CommandFailure(choice(ways)));
  }

  private String choice(List<PreFlight.Way> ways) {
    return ways.isEmpty()
        ? name + " has named no issuer yet"
        : "name one of its issuers with --issuer: "
            + ways.stream()
                .map(one -> one.provider().issuer().value())
                .collect(Collectors.joining(" "));
  }

  private void show(OrganisationCounter counter, MatchReport report, PreFlight.Way way) {
    counter.say(
        "%d of %d people match at %s through %s: %d are known, %d are found, %d are created."
            .formatted(
                report.matching(),
                report.people(),
                way.organisation(),
                way.provider().issuer(),
                report.known(),
                report.linked(),
                report.created()));
    if (report.refused().isEmpty()) {
      return;
    }
    counter.say("These do not:");
    report.refused().stream()
        .limit(all ? Long.MAX_VALUE : MOST_SHOWN)
        .forEach(one ->
            counter.say(
                "  line %-6d sub %-28s %s: needed %s, found %s (%s)"
                    .formatted(
                        one.person().line(),
                        one.person().subject(),
                        one.why().check(),
                        one.why().expected(),
                        one.why().actual(),
                        one.why().requirement())));
    if (!all && report.refused().size() > MOST_SHOWN) {
      counter.say(
          "  and %d more; --all shows them".formatted(report.refused().size() - MOST_SHOWN));
    }
  }
}
