package dev.lanyard.server.clients;

import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.oauth.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;

/// A good clients file with one client of each kind, for each test to spoil one thing in.
public final class ClientFiles {
  static final ClientSecret MADE = ClientSecret.generate(new SecureRandom());
  public static final Secret SECRET = MADE.secret();
  public static final SigningKey KEY = SigningKey.generate(SigningAlgorithm.ES256);

  static final String TEXT =
      """
      clients:
        - id: claude-code
          name: Claude Code
          secret_hash: "%s"
          authentication: [client_secret_basic, client_secret_post]
          redirect_uris: ["http://localhost/callback"]
          grants: [authorization_code, refresh_token, token-exchange]
          ids_at: {"https://ras.example": claude-code-ras}
        - id: basic-only
          secret_hash: "%s"
          authentication: [client_secret_basic]
          grants: [jwt-bearer]
        - id: signer
          authentication: [private_key_jwt]
          jwks: %s
          grants: ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
          dpop_required: true
        - id: remote
          authentication: [private_key_jwt]
          jwks_uri: https://client.example/jwks
        - id: public
          authentication: [none]
          may_introspect: ["https://mcp.example/mcp"]
        - id: older
          authentication: [private_key_jwt]
          jwks: %s
          client_assertion_audience: token_endpoint
      """
          .formatted(
              MADE.hash().text(),
              MADE.hash().text(),
              new PublicKeySet(List.of(KEY.publicKey())).toJson().toJson(),
              new PublicKeySet(List.of(KEY.publicKey())).toJson().toJson());

  private final Path file;

  public ClientFiles(Path folder) {
    this.file = folder.resolve("clients.yaml");
    write(TEXT);
  }

  void write(String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public ClientRegistry open() {
    return ClientRegistry.open(file);
  }
}
