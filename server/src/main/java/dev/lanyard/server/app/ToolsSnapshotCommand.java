package dev.lanyard.server.app;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.gateway.Front;
import dev.lanyard.server.tools.McpServer;
import dev.lanyard.server.tools.Sighting;
import dev.lanyard.server.tools.ToolChange;
import dev.lanyard.server.tools.ToolDefinition;
import dev.lanyard.server.tools.Visible;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `lanyard tools snapshot`.
@Command(
    name = "snapshot",
    description = {
      "Asks a server for all of its tools and records what is new, changed or gone.",
      "Exit code 1 if anything is."
    },
    mixinStandardHelpOptions = true)
final class ToolsSnapshotCommand implements Callable<Integer> {
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final int MOST_BYTES = 4 * 1024 * 1024;

  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Option(
      names = "--connector",
      required = true,
      paramLabel = "CONNECTOR",
      description = "Its id in the role library.")
  private String connector = "";

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "Where its MCP server is (default: the gateway's upstream of the connector, which may be"
              + " a command, or else its resource).")
  private Optional<URI> url = Optional.empty();

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "A file with a token for it, sent as a bearer token.")
  private Optional<Path> tokenFile = Optional.empty();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    try (var desk = ToolDesk.open(configuration)) {
      var resource = desk.connector(connector).resource();
      var behind = url.<Front.Server>map(Front.Server.At::new).or(() -> behind(desk));
      return switch (behind.orElseGet(() -> new Front.Server.At(URI.create(resource.value())))) {
        case Front.Server.At(var place) ->
            looked(
                desk,
                new McpServer(
                    new EgressClient(
                        desk.configuration().outbound().limitedTo(LONGEST, MOST_BYTES)),
                    place,
                    credentials()));
        case Front.Server.Command(var command) -> {
          if (tokenFile.isPresent()) {
            throw new CommandFailure("a server that is a command takes no token");
          }
          try (var talk = new CommandTalk(command, LONGEST, MOST_BYTES)) {
            yield looked(desk, new McpServer(talk, Map.of()));
          }
        }
      };
    }
  }

  private int looked(ToolDesk desk, McpServer server) {
    return switch (server.tools()) {
      case McpServer.Answer.Listed(var tools) -> record(desk, tools);
      case McpServer.Answer.Unauthorized() ->
          throw new CommandFailure(
              "the server wants other credentials; --token-file gives it a bearer token");
      case McpServer.Answer.Failed(var why) ->
          throw new CommandFailure(
              "the tools of '" + connector + "' were not read: " + Visible.line(why));
    };
  }

  /// Where the gateway finds it: what people see of the connector is the gateway itself.
  private Optional<Front.Server> behind(ToolDesk desk) {
    return desk.configuration().gateway().stream()
        .flatMap(served -> served.config().fronts().stream())
        .filter(front -> front.connector().equals(connector))
        .flatMap(front -> front.behind().stream())
        .findFirst();
  }

  private Map<String, Secret> credentials() {
    return tokenFile
        .map(file -> Map.of("Authorization", new Secret("Bearer " + read(file).strip())))
        .orElse(Map.of());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new CommandFailure("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private int record(ToolDesk desk, List<JsonObject> tools) {
    var definitions = new ArrayList<ToolDefinition>();
    for (var tool : tools) {
      try {
        definitions.add(ToolDefinition.read(tool));
      } catch (MalformedException e) {
        say("! a tool is left out: " + e.getMessage());
      }
    }
    var changes =
        desk.register()
            .observe(
                new Sighting(
                    connector, definitions, true, ToolDesk.operator(), Office.newCorrelationId()));
    changes.forEach(change -> say(line(change)));
    say("%d tools, %d changes".formatted(definitions.size(), changes.size()));
    return changes.isEmpty() ? 0 : 1;
  }

  private static String line(ToolChange change) {
    var kinds = change.suspicions().stream().map(one -> one.kind().value()).distinct().toList();
    return "%-13s %s  %s%s"
        .formatted(
            change.kind().event(),
            Visible.line(change.tool()),
            change.current().orElse(""),
            kinds.isEmpty() ? "" : "  suspicious: " + String.join(", ", kinds))
        .stripTrailing();
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
