package dev.lanyard.server.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Scopes;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

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

  @Test
  void claude_code_is_set_up_by_commands_that_ask_for_secrets() {
    assertThat(ClientKind.CLAUDE_CODE.files(SETUP).get("setup.sh"))
        .isEqualTo(
            """
            #!/bin/sh
            # Claude Code asks for each secret itself.
            set -e
            export CLAUDE_CODE_ENABLE_XAA=1
            claude mcp xaa setup --issuer https://broker.example --client-id claude-code --client-secret
            claude mcp add --transport http --xaa --client-id claude-code-linear --client-secret linear https://linear.example/mcp
            """);
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
