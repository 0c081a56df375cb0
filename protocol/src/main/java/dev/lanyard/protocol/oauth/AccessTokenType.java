package dev.lanyard.protocol.oauth;

import java.util.Optional;

/// How an access token is used: `token_type` in a token response and the scheme in `Authorization`.
/// Both are compared without regard to case.
///
/// @spec https://www.rfc-editor.org/rfc/rfc6749.html#section-7.1 RFC 6749 §7.1
public enum AccessTokenType {
  /// Whoever holds it may use it.
  BEARER("Bearer"),
  /// Only with a proof of the key that it is bound to (RFC 9449).
  DPOP("DPoP");

  private final String value;

  AccessTokenType(String value) {
    this.value = value;
  }

  /// As it is written.
  public String value() {
    return value;
  }

  public static Optional<AccessTokenType> of(String value) {
    for (var type : values()) {
      if (type.value.equalsIgnoreCase(value)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
