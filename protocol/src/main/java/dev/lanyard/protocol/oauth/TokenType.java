package dev.lanyard.protocol.oauth;

import java.util.Optional;

/// Token type identifiers.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8693.html#section-3 RFC 8693 §3
public enum TokenType {
  ID_TOKEN("urn:ietf:params:oauth:token-type:id_token"),
  ID_JAG("urn:ietf:params:oauth:token-type:id-jag"),
  REFRESH_TOKEN("urn:ietf:params:oauth:token-type:refresh_token"),
  ACCESS_TOKEN("urn:ietf:params:oauth:token-type:access_token"),
  SAML2("urn:ietf:params:oauth:token-type:saml2"),
  JWT("urn:ietf:params:oauth:token-type:jwt");

  private final String value;

  TokenType(String value) {
    this.value = value;
  }

  /// The URN.
  public String value() {
    return value;
  }

  public static Optional<TokenType> of(String value) {
    for (var type : values()) {
      if (type.value.equals(value)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
