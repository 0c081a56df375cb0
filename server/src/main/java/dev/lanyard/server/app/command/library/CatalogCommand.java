package dev.lanyard.server.app.command.library;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.catalog.KnownConnector;
import dev.lanyard.server.catalog.KnownProvider;
import dev.lanyard.server.catalog.KnownWorld;
import dev.lanyard.server.catalog.Statements;
import dev.lanyard.server.catalog.Statements.Status;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard catalog`: how far each vendor is.
@Command(
    name = "catalog",
    description = {
      "What is known of connectors and identity providers: live, early rollout or tracking, with the"
          + " date and the evidence of every statement.",
      "Without a configuration here it is what this release knows; 'catalog.folder' adds to it."
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class CatalogCommand {
  private static final Clock CLOCK = Clock.systemUTC();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(name = "list", description = "Every one in a line.", mixinStandardHelpOptions = true)
  int list(
      @Mixin ConfigurationOption configuration,
      @Option(names = "--json", description = "As JSON, with every statement.") boolean json) {
    var known = known(configuration);
    var day = LocalDate.ofInstant(CLOCK.instant(), ZoneOffset.UTC);
    var out = spec.commandLine().getOut();
    if (json) {
      out.println(toJson(known, day).toPrettyJson());
    } else {
      out.println("Connectors");
      known.connectors().forEach(one -> print(out, one.id(), one.category(), one.seen(), day));
      out.println("Identity providers");
      known.providers().forEach(one -> print(out, one.id(), "", one.seen(), day));
      printContradictions(out, known);
      out.printf("As of %s. 'lanyard probe' looks at the connectors themselves.%n", known.asOf());
    }
    out.flush();
    return 0;
  }

  @Command(
      name = "show",
      description = "Everything that was said of one, the oldest first.",
      mixinStandardHelpOptions = true)
  int show(
      @Mixin ConfigurationOption configuration,
      @Parameters(paramLabel = "ID", description = "A connector or identity provider.") String id,
      @Option(names = "--json", description = "As JSON.") boolean json) {
    var known = known(configuration);
    var day = LocalDate.ofInstant(CLOCK.instant(), ZoneOffset.UTC);
    var out = spec.commandLine().getOut();
    var connector = known.connector(id);
    var provider = known.provider(id);
    if (connector.isEmpty() && provider.isEmpty()) {
      throw new CommandFailure(
          "the catalogue has no '%s'; 'lanyard catalog list' shows what it has".formatted(id));
    }
    if (json) {
      var found = JsonObject.builder();
      connector.ifPresent(one -> found.put("connector", one.toJson(day)));
      provider.ifPresent(one -> found.put("identity_provider", one.toJson(day)));
      out.println(found.build().toPrettyJson());
    } else {
      connector.ifPresent(one -> print(out, one, day));
      provider.ifPresent(one -> print(out, one, day));
    }
    out.flush();
    return 0;
  }

  /// Whoever looks around needs no configuration.
  private static KnownWorld known(ConfigurationOption configuration) {
    return Files.exists(configuration.file())
        ? configuration.read().governance().known()
        : KnownWorld.builtIn();
  }

  private static JsonObject toJson(KnownWorld known, LocalDate day) {
    return JsonObject.builder()
        .put("as_of", known.asOf().toString())
        .put("connectors", known.connectors().stream().map(one -> one.toJson(day)).toList())
        .put("identity_providers", known.providers().stream().map(one -> one.toJson(day)).toList())
        .build();
  }

  private static void print(
      PrintWriter out, String id, String category, Statements seen, LocalDate day) {
    out.printf(
        "  %-17s %-9s %-22s %s%n",
        id,
        seen.status(day) instanceof Status.Known(var bucket, _) ? bucket.value() : "unknown",
        category,
        seen.latest(day).map(Object::toString).orElse(""));
  }

  private static void printContradictions(PrintWriter out, KnownWorld known) {
    Stream.concat(
            known.connectors().stream().map(KnownConnector::seen),
            known.providers().stream().map(KnownProvider::seen))
        .map(Statements::contradictions)
        .flatMap(List::stream)
        .forEach(text -> out.printf("CONTRADICTION %s%n", text));
  }

  private static void print(PrintWriter out, KnownConnector one, LocalDate day) {
    out.printf("%s, %s%n", one.name(), one.category());
    if (!one.products().isEmpty()) {
      out.printf("  products: %s%n", String.join(", ", one.products()));
    }
    one.address().ifPresent(address -> out.printf("  said to be at %s%n", address));
    print(out, one.seen(), day);
  }

  private static void print(PrintWriter out, KnownProvider one, LocalDate day) {
    out.printf("%s, identity provider%n", one.name());
    if (!one.products().isEmpty()) {
      out.printf("  products: %s%n", String.join(", ", one.products()));
    }
    print(out, one.seen(), day);
  }

  private static void print(PrintWriter out, Statements seen, LocalDate day) {
    switch (seen.status(day)) {
      case Status.Known(var bucket, var by) ->
          out.printf("  %s since what was said on %s%n", bucket.value(), by.on());
      case Status.Unknown(var reason) -> out.printf("  unknown: %s%n", reason);
    }
    for (var one : seen.all()) {
      out.printf("  %s%n", one);
      one.facts().entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(fact -> out.printf("    %s: %s%n", fact.getKey().value(), fact.getValue()));
      out.printf("    written at %s%n", one.origin());
    }
    seen.contradictions().forEach(text -> out.printf("  CONTRADICTION %s%n", text));
  }
}
