package dev.lanyard.server.app;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.catalog.KnownConnector;
import dev.lanyard.server.catalog.KnownConnectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `lanyard catalog`: how far each vendor is.
@Command(
    name = "catalog",
    description =
        "Prints the connectors that Lanyard knows of: live, early rollout or tracking, with the date"
            + " and the evidence.",
    mixinStandardHelpOptions = true)
final class CatalogCommand implements Runnable {
  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    var known = KnownConnectors.builtIn();
    var out = spec.commandLine().getOut();
    if (json) {
      out.println(
          JsonObject.builder()
              .put("as_of", known.asOf().toString())
              .put("connectors", known.all().stream().map(CatalogCommand::toJson).toList())
              .build()
              .toPrettyJson());
    } else {
      for (var one : known.all()) {
        out.printf(
            "%-17s %-9s %-20s %s: %s (%s)%n",
            one.id(),
            one.bucket().value(),
            one.category(),
            one.latest().on(),
            one.latest().what(),
            one.latest().evidence());
      }
      out.printf("As of %s. Nothing of this was probed from here.%n", known.asOf());
    }
    out.flush();
  }

  private static JsonObject toJson(KnownConnector one) {
    return JsonObject.builder()
        .put("id", one.id())
        .put("name", one.name())
        .put("products", one.products())
        .put("category", one.category())
        .put("bucket", one.bucket().value())
        .putIfPresent("address", one.address().map(Object::toString))
        .put("seen", one.seen().stream().map(CatalogCommand::toJson).toList())
        .build();
  }

  private static JsonObject toJson(KnownConnector.Seen seen) {
    return JsonObject.builder()
        .put("on", seen.on().toString())
        .put("what", seen.what())
        .put("evidence", seen.evidence())
        .build();
  }
}
