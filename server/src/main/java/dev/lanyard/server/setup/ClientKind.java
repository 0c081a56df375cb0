package dev.lanyard.server.setup;

import dev.lanyard.protocol.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The clients whose configuration is known, each with its files.
public enum ClientKind {
  /// Claude Code with `CLAUDE_CODE_ENABLE_XAA=1`.
  CLAUDE_CODE {
    @Override
    public List<String> names() {
      return List.of("setup.sh", ".mcp.json");
    }

    @Override
    public Map<String, String> files(Setup setup) {
      var files = new LinkedHashMap<String, String>();
      files.put("setup.sh", commands(setup));
      files.put(
          ".mcp.json", document(JsonObject.builder().put("mcpServers", servers(setup, "xaa"))));
      return files;
    }
  },

  /// Visual Studio Code with `mcp.enterpriseManagedAuth`.
  VSCODE {
    @Override
    public List<String> names() {
      return List.of("mcp.json", "policy.json");
    }

    @Override
    public Map<String, String> files(Setup setup) {
      var provider =
          JsonObject.builder()
              .put("issuer", setup.issuer().value())
              .put("clientId", setup.client().value())
              .build();
      var files = new LinkedHashMap<String, String>();
      files.put(
          "mcp.json",
          document(JsonObject.builder().put("servers", servers(setup, "enterpriseManaged"))));
      // A policy's value is text; that of an object setting is the JSON text of the object.
      files.put(
          "policy.json",
          document(JsonObject.builder().put("McpEnterpriseManagedAuthIdp", provider.toJson())));
      return files;
    }
  },

  /// Any other client: the facts.
  GENERIC {
    @Override
    public List<String> names() {
      return List.of("setup.json");
    }

    @Override
    public Map<String, String> files(Setup setup) {
      var connectors =
          setup.connectors().stream()
              .map(connector ->
                  JsonObject.builder()
                      .put("id", connector.id())
                      .put("name", connector.name())
                      .put("url", connector.url())
                      .put("authorization_server", connector.server().value())
                      .put("client_id", connector.clientThere().value())
                      .put("scope", connector.scopes().toString())
                      .build())
              .toList();
      var identityProvider =
          JsonObject.builder()
              .put("issuer", setup.issuer().value())
              .put("client_id", setup.client().value())
              .put("client_secret_needed", setup.confidential())
              .build();
      return Map.of(
          "setup.json",
          document(
              JsonObject.builder()
                  .put("identity_provider", identityProvider)
                  .put("connectors", connectors)
                  .put("after_a_better_sign_in", setup.afterStepUp())));
    }
  };

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@-]+");

  /// What its files are called, whatever is in them.
  public abstract List<String> names();

  /// The files that configure it, by name. They hold no secret.
  public abstract Map<String, String> files(Setup setup);

  /// As it is named in commands and paths.
  public String value() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static Optional<ClientKind> of(String value) {
    for (var kind : values()) {
      if (kind.value().equals(value)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /// The connectors in the shape that both clients share.
  ///
  /// @param flag by which the client knows that its tokens come through the identity provider
  private static JsonObject servers(Setup setup, String flag) {
    var servers = JsonObject.builder();
    for (var connector : setup.connectors()) {
      var oauth =
          JsonObject.builder()
              .put("clientId", connector.clientThere().value())
              .put(flag, true)
              .build();
      servers.put(
          connector.id(),
          JsonObject.builder()
              .put("type", "http")
              .put("url", connector.url())
              .put("oauth", oauth)
              .build());
    }
    return servers.build();
  }

  private static String document(JsonObject.Builder json) {
    return json.build().toPrettyJson() + "\n";
  }

  /// What an earlier run has added goes first, also of what policy gives no more: asking for it
  /// would end the sign-in for everything else. The script keeps that list itself, outside of the
  /// folder, which may be shared: whoever made this file does not tell one person what others have.
  private static final String BEFORE =
      """
      #!/bin/sh
      # Claude Code asks for each secret itself.
      set -e
      export CLAUDE_CODE_ENABLE_XAA=1
      # What this script has added in this folder before, and policy may give no more.
      added="${XDG_STATE_HOME:-$HOME/.local/state}/lanyard/claude-code-$(pwd | cksum | tr ' ' -)"
      if [ -f "$added" ]; then
        while IFS= read -r id; do
          claude mcp remove --scope local "$id" </dev/null >/dev/null 2>&1 || true
        done <"$added"
      fi
      mkdir -p "$(dirname "$added")"
      """;

  /// Each `--client-secret` makes Claude Code ask for the secret, so that it is in no file.
  private static String commands(Setup setup) {
    var text = new StringBuilder(BEFORE);
    // Before anything is added: a run that ends halfway has added no more than this.
    text.append(setup.connectors().isEmpty() ? ":" : "printf '%s\\n'");
    setup.connectors().forEach(connector -> text.append(' ').append(quoted(connector.id())));
    text.append(" >\"$added\"\n");
    text.append("claude mcp xaa setup --issuer ")
        .append(quoted(setup.issuer().value()))
        .append(" --client-id ")
        .append(quoted(setup.client().value()))
        .append(setup.confidential() ? " --client-secret\n" : "\n");
    for (var connector : setup.connectors()) {
      text.append("claude mcp remove --scope local ")
          .append(quoted(connector.id()))
          .append(" </dev/null >/dev/null 2>&1 || true\n")
          .append("claude mcp add --scope local --transport http --xaa --client-id ")
          .append(quoted(connector.clientThere().value()))
          .append(" --client-secret ")
          .append(quoted(connector.id()))
          .append(' ')
          .append(quoted(connector.url()))
          .append('\n');
    }
    return text.toString();
  }

  /// What a shell takes as one word, whatever is in it.
  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() && !word.startsWith("-")
        ? word
        : "'" + word.replace("'", "'\\''") + "'";
  }
}
