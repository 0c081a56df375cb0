package dev.lanyard.protocol.oauth;

import java.util.Optional;

/// The grant types that Lanyard speaks.
public enum GrantType {
  AUTHORIZATION_CODE("authorization_code"),
  REFRESH_TOKEN("refresh_token"),
  CLIENT_CREDENTIALS("client_credentials"),
  /// RFC 8693.
  TOKEN_EXCHANGE("urn:ietf:params:oauth:grant-type:token-exchange"),
  /// RFC 7523.
  JWT_BEARER("urn:ietf:params:oauth:grant-type:jwt-bearer"),
  /// As an example of the ID-JAG draft names redemption with a DPoP proof (D-8).
  JWT_DPOP("urn:ietf:params:oauth:grant-type:jwt-dpop");

  private final String value;

  GrantType(String value) {
    this.value = value;
  }

  /// The `grant_type` value.
  public String value() {
    return value;
  }

  public static Optional<GrantType> of(String value) {
    for (var type : values()) {
      if (type.value.equals(value)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
