package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The MCP conformance suite: every client scenario of the two newest revisions of MCP and of the
/// authorization extensions against our client library, and its authorization server scenarios
/// against broker and resource authorization server (CONF-1, CONF-2, CONF-3).
@Tag("foreign")
@DisplayName("MCP conformance suite 0.2.0-alpha.12")
class McpSuiteForeignTest {
  @AutoClose private static Installation lanyard;

  @BeforeAll
  static void start() throws Exception {
    lanyard = Installation.start();
  }

  @Nested
  @DisplayName("client")
  class ClientScenarios {
    /// The suite starts them all at once; most wait for their turn.
    private static final String PATIENCE_MILLIS = "240000";

    @TempDir private Path folder;

    @ParameterizedTest
    @DisplayName("CONF-1: everything that a revision of MCP demands of a client")
    @ValueSource(strings = {"2025-11-25", "2026-07-28"})
    void requirements(String revision) throws Exception {
      assertPasses("--requirements", revision);
    }

    @Test
    @DisplayName("CONF-2: EMA, DPoP, client credentials, workload identity")
    void extensions() throws Exception {
      var output = assertPasses("--suite", "extensions");

      assertThat(output)
          .contains("✓ auth/enterprise-managed-authorization")
          .contains("✓ auth/dpop:")
          .contains("✓ auth/dpop-nonce")
          .contains("✓ auth/client-credentials-jwt")
          .contains("✓ auth/client-credentials-basic")
          .contains("✓ auth/wif-jwt-bearer");
    }

    private String assertPasses(String... scenarios) throws Exception {
      var arguments = new ArrayList<>(List.of("client", "--command", command().toString()));
      arguments.addAll(List.of(scenarios));
      arguments.addAll(List.of("--timeout", PATIENCE_MILLIS));
      var run = McpSuite.run(lanyard.certificates(), arguments.toArray(String[]::new));

      assertThat(run.output()).contains(" 0 failed, 0 warnings").doesNotContain("✗");
      assertThat(run.exitCode()).as(run.output()).isZero();
      return run.output();
    }

    /// A few at a time: with dozens of starts at once nobody answers for seconds, and the suite's
    /// servers close connections that are about to be used.
    private Path command() throws IOException {
      var command = folder.resolve("client.sh");
      Files.writeString(
          command,
          """
          #!/bin/sh
          exec flock "$0.$(($$ %% 3))" '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m -cp '%s' %s "$@"
          """
              .formatted(
                  Path.of(System.getProperty("java.home"), "bin", "java"),
                  System.getProperty("java.class.path"),
                  SuiteClient.class.getName()));
      Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
      return command;
    }
  }

  @Nested
  @DisplayName("authorization, scenario authorization-server-metadata-endpoint")
  class MetadataScenario {
    @Test
    void the_resource_authorization_server_passes() {
      assertPasses(lanyard.ras());
    }

    @Test
    void the_broker_passes() {
      assertPasses(lanyard.broker());
    }

    private void assertPasses(String issuer) {
      var run =
          McpSuite.run(
              lanyard.certificates(),
              "authorization",
              "--url",
              issuer,
              "--scenario",
              "authorization-server-metadata-endpoint",
              "--verbose");

      assertThat(run.output()).doesNotContain("\"FAILURE\"").contains("\"status\": \"SUCCESS\"");
      assertThat(run.exitCode()).as(run.output()).isZero();
    }
  }

  @Nested
  @DisplayName("CONF-3: authorization, both scenarios, with a person at Chromium")
  class CodeGrantScenario {
    @Test
    @DisplayName("authorization-code-grant at the broker")
    void the_broker_passes() throws Exception {
      var person = lanyard.engineer();
      assertPasses(
          lanyard.broker(),
          visitor -> visitor.signIn(person.userName(), person.password()),
          List.of());
    }

    @ParameterizedTest
    @DisplayName("authorization-code-grant at the resource authorization server, with consent")
    @ValueSource(strings = {"2025-11-25", "2026-07-28"})
    void the_resource_authorization_server_passes(String revision) throws Exception {
      var person = lanyard.guest();
      assertPasses(
          lanyard.ras(),
          visitor -> {
            visitor.signIn(person.userName(), person.password());
            visitor.allow();
          },
          List.of("--resource", lanyard.resource(), "--spec-version", revision));
    }

    private void assertPasses(String issuer, Consumer<Chromium.Visitor> person, List<String> more)
        throws Exception {
      var address = new CompletableFuture<String>();
      var arguments =
          new ArrayList<>(
              List.of(
                  "authorization",
                  "--url",
                  issuer,
                  "--client-id",
                  "conformance-suite",
                  "--port",
                  Integer.toString(Installation.freePort()),
                  "--verbose"));
      arguments.addAll(more);
      var suite =
          CompletableFuture.supplyAsync(() ->
              McpSuite.run(
                  lanyard.certificates(),
                  line -> {
                    if (line.startsWith(issuer)) {
                      address.complete(line);
                    }
                  },
                  arguments.toArray(String[]::new)));
      try (var chromium = Chromium.start();
          var visitor = chromium.visitor()) {
        visitor.open(address.get(60, TimeUnit.SECONDS));
        person.accept(visitor);

        var run = suite.get(60, TimeUnit.SECONDS);

        assertThat(run.output())
            .contains("authorization-code-grant")
            .doesNotContain("\"FAILURE\"")
            .doesNotContain("\"SKIPPED\"");
        assertThat(run.exitCode()).as(run.output()).isZero();
      }
    }
  }
}
