package dev.lanyard.conformance;

import dev.lanyard.server.clients.ClientSecret;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The clients of an installation, each with the registration that an administrator would give it.
final class ClientFiles {
  /// The ids of public clients that are URLs of their metadata documents.
  static final String CLAUDE_DOCUMENT = "https://claude.ai/oauth/mcp-oauth-client-metadata";

  static final String VS_CODE_DOCUMENT = "https://vscode.dev/oauth/client-metadata.json";

  /// The MCP server itself, which asks whether tokens still live.
  static final String MCP_SERVER = "linear-server";

  private final SecureRandom random = new SecureRandom();
  private final Map<String, ClientSecret> secrets = new HashMap<>();
  private final String ras;
  private final String resource;
  private final String gateway;
  private final Optional<String> vendor;

  /// @param gateway the address of the gateway, which is a client too
  /// @param vendor an authorization server outside, where the gateway is `suite-client`
  ClientFiles(String ras, String resource, String gateway, Optional<String> vendor) {
    this.gateway = gateway;
    this.vendor = vendor;
    this.ras = ras;
    this.resource = resource;
  }

  String secret(String client) {
    return generated(client).secret().reveal();
  }

  private String hash(String client) {
    return generated(client).hash().text();
  }

  private ClientSecret generated(String client) {
    return secrets.computeIfAbsent(client, absent -> ClientSecret.generate(random));
  }

  String atBroker(String publicKeys) {
    return """
    clients:
      - id: claude-code
        secret_hash: "%2$s"
        authentication: [client_secret_basic, client_secret_post]
        redirect_uris: [http://localhost/callback]
        grants: [authorization_code, token-exchange]
        ids_at: {"%1$s": claude-code-ras}
      - id: vs-code
        secret_hash: "%3$s"
        authentication: [client_secret_post]
        redirect_uris:
          - https://vscode.dev/redirect
          - https://insiders.vscode.dev/redirect
          - http://127.0.0.1:33418/
        grants: [authorization_code, refresh_token, token-exchange]
        ids_at: {"%1$s": vs-code-ras}
      - id: vs-code-document
        secret_hash: "%6$s"
        authentication: [client_secret_post]
        redirect_uris: [http://127.0.0.1:33418/]
        grants: [authorization_code, refresh_token, token-exchange]
        ids_at: {"%1$s": "%7$s"}
      - id: hosted-claude
        authentication: [private_key_jwt]
        jwks: %4$s
        redirect_uris: [https://claude.ai/api/mcp/auth_callback]
        grants: [authorization_code, refresh_token, token-exchange]
        ids_at: {"%1$s": hosted-claude-ras}
      - id: mcp-client
        secret_hash: "%5$s"
        authentication: [client_secret_basic, client_secret_post]
        redirect_uris: [http://127.0.0.1/callback]
        post_logout_redirect_uris: [http://127.0.0.1/bye]
        grants: [authorization_code, refresh_token, token-exchange]
        ids_at: {"%1$s": mcp-client-ras}
      - id: gateway
        secret_hash: "%8$s"
        authentication: [client_secret_basic]
        grants: [token-exchange]
        ids_at: {"%1$s": gateway-ras%10$s}
        exchanges_tokens_for: ["%9$s"]
      - id: conformance-suite
        authentication: [none]
        redirect_uris: [http://127.0.0.1/callback]
        grants: [authorization_code]
    """
        .formatted(
            ras,
            hash("claude-code"),
            hash("vs-code"),
            publicKeys,
            hash("mcp-client"),
            hash("vs-code-document"),
            VS_CODE_DOCUMENT,
            hash("gateway"),
            gateway,
            vendor.map(issuer -> ", \"" + issuer + "\": suite-client").orElse(""));
  }

  String atRas() {
    return """
    clients:
      - id: claude-code-ras
        secret_hash: "%2$s"
        authentication: [client_secret_basic, client_secret_post]
        grants: [jwt-bearer]
      - id: vs-code-ras
        secret_hash: "%3$s"
        authentication: [client_secret_post]
        grants: [jwt-bearer]
      - id: vs-code-public-ras
        authentication: [none]
        grants: [jwt-bearer]
      - id: %4$s
        authentication: [none]
        grants: [jwt-bearer]
      - id: %8$s
        authentication: [none]
        grants: [jwt-bearer]
      - id: mcp-client-ras
        secret_hash: "%5$s"
        authentication: [client_secret_basic, client_secret_post]
        grants: [jwt-bearer]
      - id: gateway-ras
        secret_hash: "%10$s"
        authentication: [client_secret_basic]
        grants: [jwt-bearer]
      - id: conformance-suite
        name: Conformance suite
        authentication: [none]
        redirect_uris: [http://127.0.0.1/callback]
        grants: [authorization_code, refresh_token]
      - id: workbench
        name: Workbench
        secret_hash: "%9$s"
        authentication: [client_secret_basic, client_secret_post]
        redirect_uris: [http://127.0.0.1/callback]
        grants: [authorization_code, refresh_token]
      - id: %6$s
        secret_hash: "%7$s"
        authentication: [client_secret_basic]
        may_introspect: ["%1$s"]
    """
        .formatted(
            resource,
            hash("claude-code-ras"),
            hash("vs-code-ras"),
            CLAUDE_DOCUMENT,
            hash("mcp-client-ras"),
            MCP_SERVER,
            hash(MCP_SERVER),
            VS_CODE_DOCUMENT,
            hash("workbench"),
            hash("gateway-ras"));
  }
}
