package dev.lanyard.suite;

import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Secret;
import java.util.Map;

/// A client that was registered at the server for these checks.
///
/// @param method how it proves who it is
public record Credentials(ClientId id, Secret secret, Method method) {

  /// How a client proves who it is.
  public enum Method {
    CLIENT_SECRET_BASIC,
    CLIENT_SECRET_POST;

    /// The method of this name in the field's words.
    ///
    /// @throws IllegalArgumentException if there is none
    public static Method named(String name) {
      return switch (name) {
        case "client_secret_basic" -> CLIENT_SECRET_BASIC;
        case "client_secret_post" -> CLIENT_SECRET_POST;
        default ->
            throw new IllegalArgumentException(
                "authentication must be client_secret_basic or client_secret_post, not '"
                    + name
                    + "'");
      };
    }
  }

  /// The same client with another secret.
  public Credentials with(String other) {
    return new Credentials(id, new Secret(other), method);
  }

  /// The same client by another method.
  public Credentials by(Method other) {
    return new Credentials(id, secret, other);
  }

  /// What the request needs in its headers.
  public Map<String, String> headers() {
    return method == Method.CLIENT_SECRET_BASIC
        ? Map.of("Authorization", new BasicCredentials(id, secret).toHeader())
        : Map.of();
  }

  /// Puts into the form what the request needs there.
  public Form.Builder into(Form.Builder form) {
    return method == Method.CLIENT_SECRET_POST
        ? form.add("client_id", id.value()).add("client_secret", secret.reveal())
        : form;
  }
}
