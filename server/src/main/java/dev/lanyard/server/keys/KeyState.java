package dev.lanyard.server.keys;

import java.util.Optional;

/// How far a signing key is in its life (KEY-2).
public enum KeyState {
  /// Published, so that verifiers know it before it signs anything.
  NEXT("next"),
  /// Signs. There is one for each server, purpose and algorithm.
  ACTIVE("active"),
  /// Signs no more, and is published until the last token that it signed has expired.
  RETIRED("retired"),
  /// Withdrawn at once, and with it everything that it signed; its private half is erased.
  REVOKED("revoked");

  private final String value;

  KeyState(String value) {
    this.value = value;
  }

  /// As it is recorded.
  public String value() {
    return value;
  }

  static Optional<KeyState> of(String value) {
    for (var state : values()) {
      if (state.value.equals(value)) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }
}
