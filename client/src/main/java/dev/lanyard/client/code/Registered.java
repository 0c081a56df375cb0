package dev.lanyard.client.code;

import dev.lanyard.client.ClientAuthentication;
import dev.lanyard.client.ClientAuthentication.None;
import dev.lanyard.client.ClientAuthentication.SecretBasic;
import dev.lanyard.client.ClientAuthentication.SecretPost;
import dev.lanyard.client.ClientRegistration;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Secret;
import java.time.Instant;
import java.util.Optional;

/// What this client became at one server when it registered itself.
///
/// @param port the one of the redirect URI that was registered: some servers compare it, although
///   they must not
/// @param secretUntil when the secret expires; empty for never
/// @spec https://www.rfc-editor.org/rfc/rfc7591.html#section-3.2.1 RFC 7591 §3.2.1
record Registered(ClientRegistration registration, int port, Optional<Instant> secretUntil) {

  /// Reads the answer of a registration endpoint, or what was kept of one.
  ///
  /// @param requested the authentication method that was asked for, in case the server does not say
  /// @throws MalformedException if there is no id, or the method needs a secret and there is none
  static Registered parse(JsonObject json, String requested, int port) throws MalformedException {
    var id = json.string("client_id");
    if (id.isEmpty()) {
      throw new MalformedException("the registration has no client_id");
    }
    var method = json.string("token_endpoint_auth_method").orElse(requested);
    var secret = json.string("client_secret").map(Secret::new);
    var until = json.integer("client_secret_expires_at").filter(end -> end > 0);
    return new Registered(
        new ClientRegistration(ClientId.parse(id.get()), authentication(method, secret)),
        port,
        until.map(Instant::ofEpochSecond));
  }

  private static ClientAuthentication authentication(String method, Optional<Secret> secret)
      throws MalformedException {
    if (method.equals("none")) {
      return new None();
    }
    var needed =
        secret.orElseThrow(() -> new MalformedException("the registration has no client_secret"));
    return switch (method) {
      case "client_secret_basic" -> new SecretBasic(needed);
      case "client_secret_post" -> new SecretPost(needed);
      default -> throw new MalformedException("the registration is for another authentication");
    };
  }

  boolean isGoodAt(Instant now) {
    return secretUntil.filter(end -> !now.isBefore(end)).isEmpty();
  }
}
