package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
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
      var run = McpSuite.before(String.join(" ", scenarios), lanyard.certificates()).run(arguments);

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
      assertPasses("ras", lanyard.ras());
    }

    @Test
    void the_broker_passes() {
      assertPasses("broker", lanyard.broker());
    }

    private void assertPasses(String server, String issuer) {
      var run =
          McpSuite.before(server + ", metadata", lanyard.certificates())
              .run(
                  List.of(
                      "authorization",
                      "--url",
                      issuer,
                      "--scenario",
                      "authorization-server-metadata-endpoint",
                      "--verbose"));

      assertThat(run.output()).doesNotContain("\"FAILURE\"").contains("\"status\": \"SUCCESS\"");
      assertThat(run.exitCode()).as(run.output()).isZero();
    }
  }

  @Nested
  @DisplayName("CONF-3: authorization, both scenarios, with a person at Chromium")
  class CodeGrantScenario {
    /// As what the suite comes.
    enum As {
      PUBLIC,
      WITH_SECRET_IN_BODY,
      WITH_SECRET_IN_HEADER;

      /// The suite sends its secret in the body if it can, and none at all if it need not.
      List<String> unseenMethods() {
        return switch (this) {
          case PUBLIC -> List.of();
          case WITH_SECRET_IN_BODY -> List.of("none");
          case WITH_SECRET_IN_HEADER -> List.of("none", "client_secret_post");
        };
      }

      List<String> identity(String confidential) {
        return this == PUBLIC
            ? List.of("--client-id", "conformance-suite")
            : List.of("--client-id", confidential, "--client-secret", lanyard.secret(confidential));
      }
    }

    /// Where a person signs in.
    enum At {
      BROKER,
      /// Which asks the person for consent, too.
      RAS;

      String issuer() {
        return this == BROKER ? lanyard.broker() : lanyard.ras();
      }

      /// Whom the suite has sent here.
      Installation.Person person() {
        return this == BROKER ? lanyard.engineer() : lanyard.guest();
      }

      void visit(Chromium.Visitor visitor, Installation.Person person) {
        visitor.signIn(person.userName(), person.password());
        if (this == RAS) {
          visitor.allow();
        }
      }

      List<String> identity(As as) {
        return this == BROKER
            ? as.identity("mcp-client")
            : Stream.concat(
                    as.identity("workbench").stream(), Stream.of("--resource", lanyard.resource()))
                .toList();
      }
    }

    /// Each server, for each revision, as each sort of client.
    static Stream<Arguments> everywhere() {
      return Stream.of(At.values())
          .flatMap(at ->
              Stream.of("2025-11-25", "2026-07-28")
                  .flatMap(revision ->
                      Stream.of(As.values()).map(as -> Arguments.of(at, revision, as))));
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    @DisplayName("authorization-code-grant")
    void passes(At at, String revision, As as) throws Exception {
      var more = new ArrayList<>(at.identity(as));
      more.addAll(List.of("--spec-version", revision));

      var run = run("%s, %s, %s".formatted(at, revision, as), at, as, more);

      assertThat(run.output())
          .contains("authorization-code-grant")
          .doesNotContain("\"FAILURE\"")
          .doesNotContain("\"SKIPPED\"");
      assertThat(run.exitCode()).as(run.output()).isZero();
    }

    @Test
    @DisplayName("The suite really sends the secret: with a wrong one it fails")
    void a_wrong_secret_fails() throws Exception {
      var wrong = List.of("--client-id", "mcp-client", "--client-secret", "wrong");

      var run = run("a wrong secret", At.BROKER, As.WITH_SECRET_IN_BODY, wrong);

      assertThat(run.output()).contains("✗ authorization-code-grant: 0 passed, 1 failed");
      assertThat(run.exitCode()).isNotZero();
    }

    private McpSuite.Run run(String what, At at, As as, List<String> more) throws Exception {
      var suite = suite(what, as);
      var address = new CompletableFuture<String>();
      var arguments = new ArrayList<>(List.of("authorization", "--url", at.issuer(), "--verbose"));
      arguments.addAll(List.of("--port", Integer.toString(Installation.freePort())));
      arguments.addAll(more);
      var running =
          CompletableFuture.supplyAsync(() ->
              suite.run(
                  line -> {
                    if (line.startsWith(at.issuer())) {
                      address.complete(line);
                    }
                  },
                  arguments));
      try (var chromium = Chromium.start();
          var visitor = chromium.visitor()) {
        visitor.open(address.get(60, TimeUnit.SECONDS));
        at.visit(visitor, at.person());
        return running.get(60, TimeUnit.SECONDS);
      }
    }

    /// Where it sees that a server takes `none`, it sends no secret.
    private McpSuite suite(String what, As as) {
      var suite = McpSuite.before(what, lanyard.certificates());
      return as == As.PUBLIC
          ? suite
          : suite.with(
              "confidential.mjs",
              Map.of("LANYARD_UNSEEN_METHODS", String.join(",", as.unseenMethods())));
    }
  }
}
