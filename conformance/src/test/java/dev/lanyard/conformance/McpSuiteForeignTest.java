package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The MCP conformance suite: its client scenario for this extension against our client library,
/// and its authorization server scenarios against broker and resource authorization server (CONF-2,
/// CONF-3).
@Tag("foreign")
@DisplayName("MCP conformance suite 0.2.0-alpha.12")
class McpSuiteForeignTest {
  @AutoClose private static Installation lanyard;

  @BeforeAll
  static void start() throws Exception {
    lanyard = Installation.start();
  }

  @Nested
  @DisplayName("client, scenario auth/enterprise-managed-authorization")
  class ClientScenario {
    @Test
    void our_client_library_passes_every_check(@TempDir Path folder) throws Exception {
      var command = folder.resolve("client.sh");
      Files.writeString(
          command,
          """
          #!/bin/sh
          exec '%s' -cp '%s' %s "$@"
          """
              .formatted(
                  Path.of(System.getProperty("java.home"), "bin", "java"),
                  System.getProperty("java.class.path"),
                  SuiteClient.class.getName()));
      Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));

      var run =
          McpSuite.run(
              lanyard.certificates(),
              "client",
              "--command",
              command.toString(),
              "--scenario",
              "auth/enterprise-managed-authorization",
              "--verbose");

      assertThat(run.output()).contains("0 failed, 0 warnings").contains("OVERALL: PASSED");
      assertThat(run.exitCode()).as(run.output()).isZero();
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
  @DisplayName("authorization, both scenarios, with a person at Chromium")
  class CodeGrantScenario {
    @Test
    @DisplayName("authorization-code-grant at the broker")
    void the_broker_passes() throws Exception {
      var person = lanyard.engineer();
      var address = new CompletableFuture<String>();
      int port = Installation.freePort();
      var suite =
          CompletableFuture.supplyAsync(() ->
              McpSuite.run(
                  lanyard.certificates(),
                  line -> {
                    if (line.startsWith(lanyard.broker())) {
                      address.complete(line);
                    }
                  },
                  "authorization",
                  "--url",
                  lanyard.broker(),
                  "--client-id",
                  "conformance-suite",
                  "--port",
                  Integer.toString(port),
                  "--verbose"));
      try (var chromium = Chromium.start();
          var visitor = chromium.visitor()) {
        visitor.open(address.get(60, TimeUnit.SECONDS));
        visitor.signIn(person.userName(), person.password());

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
