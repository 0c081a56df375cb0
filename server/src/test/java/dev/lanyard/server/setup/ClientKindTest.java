package dev.lanyard.server.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Scopes;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The files that real clients read, byte for byte")
class ClientKindTest {
  private static final Setup SETUP =
      new Setup(
          new Issuer("https://broker.example"),
          new ClientId("claude-code"),
          true,
          List.of(
              new Setup.Entry(
                  "linear",
                  "Linear",
                  "https://linear.example/mcp",
                  new Issuer("https://as.linear.example"),
                  new ClientId("claude-code-linear"),
                  Scopes.of("issues.read", "issues.write"))),
          List.of("vault"));

  /// As Claude Code takes the commands: one folder of this directory for each connector, and what
  /// is there already is not added again.
  private static final String FAKE =
      """
      #!/bin/sh
      echo "$@" >>"$STATE/log"
      [ "$1 $2" = "mcp xaa" ] && exit 0
      [ "$1 $2 $3 $4" = "mcp remove --scope local" ] && exec rmdir "$STATE/has/$5"
      [ "$1 $2 $3 $4" = "mcp add --scope local" ] && exec mkdir "$STATE/has/${11}"
      exit 9
      """;

  @TempDir Path state;

  private static Setup having(String... connectors) {
    return new Setup(
        SETUP.issuer(),
        SETUP.client(),
        true,
        Stream.of(connectors)
            .map(id ->
                new Setup.Entry(
                    id,
                    id,
                    "https://" + id + ".example/mcp",
                    new Issuer("https://as.example"),
                    new ClientId("claude-code-there"),
                    Scopes.of("any")))
            .toList(),
        List.of());
  }

  /// Runs the script as a person does, in a folder of theirs.
  private int run(Setup setup, String folder) throws IOException, InterruptedException {
    var here = Files.createDirectories(state.resolve(folder));
    var claude = Files.createDirectories(state.resolve("bin")).resolve("claude");
    Files.writeString(claude, FAKE);
    Files.setPosixFilePermissions(claude, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectories(state.resolve("has"));
    var script =
        Files.writeString(
            here.resolve("setup.sh"), ClientKind.CLAUDE_CODE.files(setup).get("setup.sh"));
    var process = new ProcessBuilder("sh", script.toString()).directory(here.toFile());
    process.environment().put("PATH", claude.getParent() + ":" + System.getenv("PATH"));
    process.environment().put("STATE", state.toString());
    process.environment().put("HOME", state.resolve("home").toString());
    process.environment().remove("XDG_STATE_HOME");
    return process.redirectErrorStream(true).redirectOutput(Redirect.DISCARD).start().waitFor();
  }

  private List<String> has() throws IOException {
    try (var has = Files.list(state.resolve("has"))) {
      return has.map(one -> one.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void claude_code_is_set_up_by_commands_that_ask_for_secrets()
      throws IOException, InterruptedException {
    assertThat(run(SETUP, "work")).isZero();
    assertThat(Files.readString(state.resolve("log")))
        .isEqualTo(
            """
            mcp xaa setup --issuer https://broker.example --client-id claude-code --client-secret
            mcp remove --scope local linear
            mcp add --scope local --transport http --xaa --client-id claude-code-linear --client-secret linear https://linear.example/mcp
            """);
  }

  @Test
  void run_again_it_makes_exactly_the_connectors_that_policy_gives_now()
      throws IOException, InterruptedException {
    assertThat(run(having("linear", "vault"), "work")).isZero();
    assertThat(run(having("linear", "wiki"), "work")).isZero();
    assertThat(has()).as("a lost one is asked for no more").containsExactly("linear", "wiki");

    Files.createDirectory(state.resolve("has/own"));
    assertThat(run(having(), "work")).isZero();
    assertThat(has()).as("what the person has added stays").containsExactly("own");
  }

  @Test
  void a_run_that_ends_halfway_is_made_good_by_the_next() throws IOException, InterruptedException {
    Files.createDirectories(state.resolve("has"));
    Files.createFile(state.resolve("has/wiki"));
    assertThat(run(having("linear", "wiki", "vault"), "work")).isNotZero();
    Files.delete(state.resolve("has/wiki"));

    assertThat(run(having("vault"), "work")).isZero();

    assertThat(has()).containsExactly("vault");
  }

  @Test
  void what_was_added_in_another_folder_is_left_to_it() throws IOException, InterruptedException {
    assertThat(run(having("linear"), "work")).isZero();
    assertThat(run(having("vault"), "home")).isZero();
    assertThat(has()).containsExactly("linear", "vault");
  }

  @Test
  void claude_code_reads_a_project_file() throws MalformedException {
    assertThat(JsonObject.parse(ClientKind.CLAUDE_CODE.files(SETUP).get(".mcp.json")))
        .isEqualTo(
            JsonObject.parse(
                """
                {"mcpServers":{"linear":{"type":"http","url":"https://linear.example/mcp",
                 "oauth":{"clientId":"claude-code-linear","xaa":true}}}}
                """));
  }

  @Test
  void vs_code_reads_servers_and_a_managed_policy() throws MalformedException {
    var files = ClientKind.VSCODE.files(SETUP);

    assertThat(JsonObject.parse(files.get("mcp.json")))
        .isEqualTo(
            JsonObject.parse(
                """
                {"servers":{"linear":{"type":"http","url":"https://linear.example/mcp",
                 "oauth":{"clientId":"claude-code-linear","enterpriseManaged":true}}}}
                """));
    var policy = JsonObject.parse(files.get("policy.json"));
    assertThat(policy.names()).containsExactly("McpEnterpriseManagedAuthIdp");
    assertThat(JsonObject.parse(policy.string("McpEnterpriseManagedAuthIdp").orElseThrow()))
        .isEqualTo(
            JsonObject.parse(
                "{\"issuer\":\"https://broker.example\",\"clientId\":\"claude-code\"}"));
  }

  @Test
  void others_are_told_the_facts() throws MalformedException {
    assertThat(JsonObject.parse(ClientKind.GENERIC.files(SETUP).get("setup.json")))
        .isEqualTo(
            JsonObject.parse(
                """
                {"identity_provider":{"issuer":"https://broker.example","client_id":"claude-code",
                  "client_secret_needed":true},
                 "connectors":[{"id":"linear","name":"Linear","url":"https://linear.example/mcp",
                  "authorization_server":"https://as.linear.example",
                  "client_id":"claude-code-linear","scope":"issues.read issues.write"}],
                 "after_a_better_sign_in":["vault"]}
                """));
  }

  @Test
  void what_a_shell_would_take_for_a_command_stays_a_word() {
    var hostile =
        new Setup(
            new Issuer("https://broker.example"),
            new ClientId("a'; rm -rf $HOME #"),
            false,
            List.of(),
            List.of());

    assertThat(ClientKind.CLAUDE_CODE.files(hostile).get("setup.sh"))
        .contains("--client-id 'a'\\''; rm -rf $HOME #'\n");
  }

  @Test
  @DisplayName("Files are called as it is said without making them")
  void names() {
    for (var kind : ClientKind.values()) {
      assertThat(kind.files(SETUP).keySet()).containsExactlyInAnyOrderElementsOf(kind.names());
    }
  }
}
