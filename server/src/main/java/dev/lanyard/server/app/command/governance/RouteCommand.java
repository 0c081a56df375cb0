package dev.lanyard.server.app.command.governance;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.governance.routing.Answer;
import dev.lanyard.server.governance.routing.Router;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard route`: where workloads go.
@Command(
    name = "route",
    description = {
      "Where declared workloads go: through the connector, the direct API or a local knowledge base,"
          + " with every rule that took part and its reason.",
      "Workloads and ways are declared in the file that 'routing.workloads' names. Exit code 1 if one"
          + " that was asked for goes nowhere."
    },
    mixinStandardHelpOptions = true)
public final class RouteCommand implements Callable<Integer> {
  private static final Clock CLOCK = Clock.systemUTC();

  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Parameters(arity = "0..1", paramLabel = "WORKLOAD", description = "One of them (default: all).")
  private Optional<String> workload = Optional.empty();

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    var config = configuration.read();
    if (config.governance().workloads().isEmpty()) {
      throw new CommandFailure(
          "no workloads are declared: name their file with 'routing.workloads' in the"
              + " configuration, see docs/routing.md");
    }
    try (var database = Database.open(config.database(), CLOCK)) {
      var router =
          new Router(
              PlanningDesk.library(config, database),
              config.governance()::declared,
              PlanningDesk.map(config, database, CLOCK));
      return print(workload.map(name -> List.of(one(router, name))).orElseGet(router::all));
    }
  }

  private static Answer one(Router router, String name) {
    return router
        .route(name)
        .orElseThrow(() -> new CommandFailure("no workload '" + name + "' is declared"));
  }

  private int print(List<Answer> answers) {
    var out = spec.commandLine().getOut();
    if (json) {
      out.println(
          JsonObject.builder()
              .put("workloads", answers.stream().map(Answer::toJson).toList())
              .build()
              .toPrettyJson());
    } else {
      answers.forEach(one -> one.text().forEach(out::println));
    }
    out.flush();
    return workload.isPresent() && answers.getFirst().chosen().isEmpty() ? 1 : 0;
  }
}
