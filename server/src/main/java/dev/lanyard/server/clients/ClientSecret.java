package dev.lanyard.server.clients;

import dev.lanyard.protocol.oauth.Secret;
import java.security.SecureRandom;
import java.util.Base64;

/// A new client secret: shown once to whoever configures the client, and kept as its hash only
/// (TOK-9).
///
/// @param secret 256 random bits in base64url
/// @param hash what goes into the clients file
public record ClientSecret(Secret secret, SecretHash hash) {

  public static ClientSecret generate(SecureRandom random) {
    var bytes = new byte[32];
    random.nextBytes(bytes);
    var secret = new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    return new ClientSecret(secret, SecretHash.of(secret, random));
  }
}
