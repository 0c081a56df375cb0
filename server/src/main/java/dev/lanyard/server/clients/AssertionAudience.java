package dev.lanyard.server.clients;

import java.util.Arrays;
import java.util.Optional;

/// To whom a client addresses its assertions (D-4).
public enum AssertionAudience {
  /// To the issuer, as its only audience.
  ISSUER("issuer"),
  /// To the URL of the token endpoint, as older specifications had it, or to the issuer. Another
  /// server that the client trusts can be made to look like ours and collect such an assertion.
  TOKEN_ENDPOINT("token_endpoint");

  private final String value;

  AssertionAudience(String value) {
    this.value = value;
  }

  static Optional<AssertionAudience> of(String value) {
    return Arrays.stream(values()).filter(one -> one.value.equals(value)).findFirst();
  }
}
