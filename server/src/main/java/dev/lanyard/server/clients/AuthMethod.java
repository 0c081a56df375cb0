package dev.lanyard.server.clients;

import java.util.Optional;

/// How a client proves who it is at a token endpoint.
///
/// @spec https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication OIDC Core §9
public enum AuthMethod {
  CLIENT_SECRET_BASIC("client_secret_basic"),
  CLIENT_SECRET_POST("client_secret_post"),
  PRIVATE_KEY_JWT("private_key_jwt"),
  /// It does not: a public client.
  NONE("none");

  private final String value;

  AuthMethod(String value) {
    this.value = value;
  }

  /// The name in metadata and in the clients file.
  public String value() {
    return value;
  }

  public static Optional<AuthMethod> of(String value) {
    for (var method : values()) {
      if (method.value.equals(value)) {
        return Optional.of(method);
      }
    }
    return Optional.empty();
  }
}
