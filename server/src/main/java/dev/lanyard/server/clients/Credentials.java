package dev.lanyard.server.clients;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/// What a client may prove its identity with.
///
/// @param methods the registered methods; any of them will do, and no other
/// @param secret there if, and only if, a method needs a secret
/// @param keys there if, and only if, a method needs keys
/// @param audience to whom it may address what it signs with them
public record Credentials(
    Set<AuthMethod> methods,
    Optional<SecretHash> secret,
    ClientKeys keys,
    AssertionAudience audience) {
  private static final Set<AuthMethod> WITH_SECRET =
      Set.of(AuthMethod.CLIENT_SECRET_BASIC, AuthMethod.CLIENT_SECRET_POST);

  /// For a client that addresses its assertions to the issuer.
  public Credentials(Set<AuthMethod> methods, Optional<SecretHash> secret, ClientKeys keys) {
    this(methods, secret, keys, AssertionAudience.ISSUER);
  }

  /// @throws IllegalArgumentException if there is no method, `none` together with another, or
  ///   secret and keys do not fit the methods
  public Credentials {
    methods = Set.copyOf(methods);
    if (methods.isEmpty()) {
      throw new IllegalArgumentException("name at least one authentication method");
    }
    if (methods.contains(AuthMethod.NONE) && methods.size() > 1) {
      throw new IllegalArgumentException("'none' makes every other authentication method useless");
    }
    if (needSecret(methods) != secret.isPresent()) {
      throw new IllegalArgumentException(
          secret.isPresent()
              ? "secret_hash is there and no authentication method uses it"
              : "client_secret_basic and client_secret_post need secret_hash");
    }
    if (methods.contains(AuthMethod.PRIVATE_KEY_JWT) == keys instanceof ClientKeys.None) {
      throw new IllegalArgumentException(
          keys instanceof ClientKeys.None
              ? "private_key_jwt needs jwks or jwks_uri"
              : "jwks or jwks_uri is there and no authentication method uses it");
    }
    if (audience != AssertionAudience.ISSUER && keys instanceof ClientKeys.None) {
      throw new IllegalArgumentException(
          "client_assertion_audience is there and no authentication method uses it");
    }
  }

  /// Whether one of these methods is proved by a secret.
  static boolean needSecret(Collection<AuthMethod> methods) {
    return methods.stream().anyMatch(WITH_SECRET::contains);
  }

  /// For a client that has a secret and sends it in either way.
  public static Credentials secret(SecretHash secret) {
    return new Credentials(WITH_SECRET, Optional.of(secret), new ClientKeys.None());
  }

  /// For a client that cannot keep a secret.
  public static Credentials publicClient() {
    return new Credentials(Set.of(AuthMethod.NONE), Optional.empty(), new ClientKeys.None());
  }

  /// Whether the client proves its identity at all.
  public boolean isConfidential() {
    return !methods.contains(AuthMethod.NONE);
  }
}
