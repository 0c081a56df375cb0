package dev.lanyard.server.app.command.tools;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.app.command.Output;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.node.OwnAccess;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.tools.Sighting;
import dev.lanyard.server.tools.ToolChange;
import dev.lanyard.server.tools.ToolDefinition;
import dev.lanyard.server.tools.ToolsClient;
import dev.lanyard.server.tools.Visible;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
      description =
          "A file with a token for it, sent as a bearer token (default: what upstream_credentials"
              + " has for everybody, at the gateway's upstream alone).")
  private Optional<Path> tokenFile = Optional.empty();

  @Option(
      names = "--removals",
      description =
          "What is not shown is gone. Without this, that is so only for what the gateway's own"
              + " credentials are shown: a token may see fewer tools.")
  private boolean removals;

  @Mixin private Output output = new Output();

  /// How a server is asked.
  ///
  /// @param isWhole whether what it shows is what it has
  private record Approach(Front.Server server, Map<String, Secret> headers, boolean isWhole) {}

  @Override
  public Integer call() {
    try (var desk = ToolDesk.open(configuration)) {
      var approach = approach(desk);
      return switch (approach.server()) {
        case Front.Server.At(var place) ->
            looked(
                desk,
                new ToolsClient(
                    new EgressClient(
                        desk.configuration().outbound().limitedTo(LONGEST, MOST_BYTES)),
                    place,
                    approach.headers()),
                approach.isWhole());
        case Front.Server.Command(var command) -> {
          if (tokenFile.isPresent()) {
            throw new CommandFailure("a server that is a command takes no token");
          }
          try (var talk = new CommandTalk(command, LONGEST, MOST_BYTES)) {
            yield looked(desk, new ToolsClient(talk, Map.of()), approach.isWhole());
          }
        }
      };
    }
  }

  /// What the gateway has for a server is for that server: another address gets nothing of it.
  private Approach approach(ToolDesk desk) {
    var resource = desk.connector(connector).resource();
    var front = front(desk);
    var configured = front.flatMap(Front::behind);
    var server =
        url.<Front.Server>map(Front.Server.At::new)
            .or(() -> configured)
            .orElseGet(() -> new Front.Server.At(URI.create(resource.value())));
    boolean isOurs = configured.filter(server::equals).isPresent();
    var own =
        front
            .filter(_ -> isOurs)
            .map(one ->
                OwnAccess.at(one, desk.configuration().upstreamCredentials(), ToolDesk.CLOCK))
            .orElse(new OwnAccess(Map.of(), false));
    var headers = new HashMap<>(own.headers());
    tokenFile.ifPresent(file -> {
      // However the configuration writes it: two of them are for the server to choose from.
      headers.keySet().removeIf("Authorization"::equalsIgnoreCase);
      headers.put("Authorization", new Secret("Bearer " + read(file).strip()));
    });
    return new Approach(server, headers, own.isWhole() && tokenFile.isEmpty());
  }

  private int looked(ToolDesk desk, ToolsClient server, boolean isWhole) {
    return switch (server.tools()) {
      case ToolsClient.Answer.Listed(var tools, var more) -> {
        more.ifPresent(why ->
            output.say("! these may not be all, and others stay refused: " + Visible.line(why)));
        // A server that has just started may show nothing yet.
        boolean all = removals || (isWhole && !tools.isEmpty());
        yield record(desk, tools, more.isEmpty() && all);
      }
      case ToolsClient.Answer.Unauthorized() ->
          throw new CommandFailure(
              "the server wants other credentials; --token-file gives it a bearer token");
      case ToolsClient.Answer.Failed(var why) ->
          throw new CommandFailure(
              "the tools of '" + connector + "' were not read: " + Visible.line(why));
    };
  }

  /// What the gateway knows of it: what people see of the connector is the gateway itself.
  private Optional<Front> front(ToolDesk desk) {
    return desk.configuration().gateway().stream()
        .flatMap(served -> served.config().fronts().stream())
        .filter(front -> front.connector().equals(connector))
        .findFirst();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new CommandFailure("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private int record(ToolDesk desk, List<JsonObject> tools, boolean complete) {
    var definitions = new ArrayList<ToolDefinition>();
    for (var tool : tools) {
      try {
        definitions.add(ToolDefinition.read(tool));
      } catch (MalformedException e) {
        output.say("! a tool is left out: " + e.getMessage());
      }
    }
    var sighting =
        new Sighting(
            connector, definitions, complete, ToolDesk.operator(), Office.newCorrelationId());
    var changes = desk.register().observe(sighting);
    changes.forEach(change -> output.say(line(change)));
    output.say("%d tools, %d changes".formatted(definitions.size(), changes.size()));
    if (!complete) {
      sayUnseen(desk.register().missing(sighting).size());
    }
    return changes.isEmpty() ? 0 : 1;
  }

  private void sayUnseen(int unseen) {
    if (unseen > 0) {
      output.say(
          "%d known tools were not shown and are left as they are; --removals says they are gone"
              .formatted(unseen));
    }
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
}
