package dev.lanyard.protocol.oauth;

/// The error codes that only a protected resource answers with, in a challenge. Those that it
/// shares with authorization servers are in [ErrorCode].
///
/// @spec https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1 RFC 6750 §3.1
public enum BearerError {
  /// The access token has expired, was revoked, or is none.
  INVALID_TOKEN("invalid_token"),
  /// The access token is good and does not suffice.
  INSUFFICIENT_SCOPE("insufficient_scope");

  private final String value;

  BearerError(String value) {
    this.value = value;
  }

  /// The `error` value.
  public String value() {
    return value;
  }
}
