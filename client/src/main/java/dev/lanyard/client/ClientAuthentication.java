package dev.lanyard.client;

import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.oauth.Secret;

/// How this client proves who it is to one authorization server (CLI-18).
///
/// @spec https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3 RFC 6749 §2.3
public sealed interface ClientAuthentication {
  /// A secret, sent as the server advertises: in the header unless it takes it in the body only.
  record SharedSecret(Secret secret) implements ClientAuthentication {}

  /// `client_secret_basic`.
  record SecretBasic(Secret secret) implements ClientAuthentication {}

  /// `client_secret_post`.
  record SecretPost(Secret secret) implements ClientAuthentication {}

  /// `private_key_jwt`.
  ///
  /// @param audience what the server expects in `aud`
  record PrivateKeyJwt(SigningKey key, AssertionAudience audience)
      implements ClientAuthentication {}

  /// A public client: it only says its id.
  record None() implements ClientAuthentication {}

  /// Whom a client assertion is for (D-4).
  enum AssertionAudience {
    /// The issuer alone, as it should be.
    ISSUER,
    /// The URL of the token endpoint, which some servers, such as Okta, still demand. It lets one
    /// server use an assertion at another that names the same URL.
    TOKEN_ENDPOINT
  }
}
