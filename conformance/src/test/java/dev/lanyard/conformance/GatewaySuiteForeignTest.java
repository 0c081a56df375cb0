package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The MCP conformance suite as the client of a server behind the gateway (CONF-4), which is a
/// server of the TypeScript SDK with what the scenarios ask for. Its tools are accepted as an
/// administrator does it, for the drift lock is on.
///
/// The suite has no tokens for servers, and the gateway has no door without one (decision 111): the
/// token is added on the way, or in the suite itself.
@Tag("foreign")
@DisplayName("CONF-4: the server scenarios of the MCP conformance suite, through the gateway")
class GatewaySuiteForeignTest {
  /// What the suite runs and finds unmet, by revision: all that it runs, whether it counts for the
  /// revision or not. Nothing else may be unmet, and none of these may be met. The scenario that is
  /// left checks nothing yet.
  private static final Map<String, Set<String>> UNMET =
      Map.of("2025-11-25", Set.of(), "2026-07-28", Set.of("tasks-status-notifications"));

  @TempDir private Path folder;

  /// How the token comes to the gateway.
  enum Way {
    /// A hop between suite and gateway adds it; they speak TLS.
    HOP,
    /// The suite's process adds it, and what it sends is what the gateway gets, over plain HTTP as
    /// behind a proxy: Node's HTTP would mend headers on the way.
    DIRECT;

    Installation before(URI server) throws Exception {
      return this == HOP
          ? Installation.startLockedBefore(server)
          : Installation.startLockedBehindProxy(server);
    }
  }

  @ParameterizedTest
  @CsvSource({"2025-11-25,HOP", "2025-11-25,DIRECT", "2026-07-28,HOP", "2026-07-28,DIRECT"})
  void everything_that_a_revision_demands_of_a_server(String revision, Way way) throws Exception {
    int port = Installation.freePort();
    try (var lanyard = way.before(URI.create("http://127.0.0.1:" + port + "/mcp"));
        var _ = server(lanyard, revision, port)) {
      lanyard.acceptTools();

      var run = run(lanyard, way, revision, token(lanyard), "--requirements", revision);

      var unmet = unmet();
      assertThat(unmet.keySet()).as("%s", unmet).isEqualTo(UNMET.get(revision));
      assertThat(run.exitCode()).as(run.output()).isZero();
    }
  }

  @Test
  @DisplayName("The door is really there: without a token that counts the suite sees nothing")
  void no_token() throws Exception {
    int port = Installation.freePort();
    try (var lanyard = Way.DIRECT.before(URI.create("http://127.0.0.1:" + port + "/mcp"));
        var _ = server(lanyard, "2026-07-28", port)) {
      lanyard.acceptTools();

      var run = run(lanyard, Way.DIRECT, "no token", "none", "--scenario", "tools-list");

      assertThat(unmet()).as(run.output()).containsKey("tools-list");
      assertThat(run.exitCode()).isNotZero();
    }
  }

  private static NodeServer server(Installation lanyard, String revision, int port) {
    return NodeServer.start(
        lanyard.certificates(),
        Map.of("PORT", Integer.toString(port)),
        "listening",
        revision.equals("2026-07-28") ? "suite-stateless-server.mjs" : "suite-server.mjs");
  }

  private static String token(Installation lanyard) throws Exception {
    var person = lanyard.engineer();
    return Tokens.of(lanyard, "claude-code", person, lanyard.gateway(), "everything.use");
  }

  private McpSuite.Run run(
      Installation lanyard, Way way, String what, String token, String... scenarios) {
    var suite = McpSuite.before("%s, %s".formatted(what, way), lanyard.certificates());
    return switch (way) {
      case HOP -> {
        try (var hop =
            NodeServer.start(
                lanyard.certificates(),
                Map.of("GATEWAY", lanyard.gateway(), "TOKEN", token),
                "",
                "hop.mjs")) {
          yield suite.run(arguments("http://127.0.0.1:" + hop.said().strip(), scenarios));
        }
      }
      case DIRECT -> {
        var target = "http://" + URI.create(lanyard.gateway()).getRawAuthority();
        yield suite
            .with("bearer.mjs", Map.of("TARGET", target, "TOKEN", "Bearer " + token))
            .run(arguments(target, scenarios));
      }
    };
  }

  private List<String> arguments(String origin, String... scenarios) {
    var arguments = new ArrayList<>(List.of("server", "--url", origin + "/mcp"));
    arguments.addAll(List.of(scenarios));
    arguments.addAll(List.of("--timeout", "60000", "--output-dir", folder.toString()));
    return arguments;
  }

  /// The checks that are not met, of every scenario that has one or in which nothing was checked.
  private SequencedMap<String, List<String>> unmet() throws Exception {
    var unmet = new TreeMap<String, List<String>>();
    try (var scenarios = Files.list(folder)) {
      for (var scenario : scenarios.toList()) {
        var found = unmet(scenario.resolve("checks.json"));
        if (!found.isEmpty()) {
          unmet.put(name(scenario), found);
        }
      }
    }
    return unmet;
  }

  /// `server-NAME-TIME`.
  private static String name(Path scenario) {
    return scenario
        .getFileName()
        .toString()
        .replaceFirst("^server-", "")
        .replaceFirst("-\\d{4}-\\d\\d-\\d\\dT.*$", "");
  }

  private static List<String> unmet(Path checks) throws IOException, MalformedException {
    var unmet = new ArrayList<String>();
    boolean met = false;
    for (var check :
        JsonObject.parse("{\"checks\":" + Files.readString(checks) + "}")
            .objects("checks")
            .orElseThrow()) {
      switch (check.nonEmptyString("status")) {
        case "SUCCESS" -> met = true;
        case "INFO" -> {}
        case String other ->
            unmet.add(
                "%s %s: %s"
                    .formatted(
                        other,
                        check.nonEmptyString("id"),
                        check.string("errorMessage").orElse("")));
      }
    }
    if (!met && unmet.isEmpty()) {
      unmet.add("nothing was checked");
    }
    return unmet;
  }
}
