package dev.lanyard.server.ras.organisations;

import java.util.Arrays;

/// In which ways the people of an organisation come to tokens.
public enum Flows {
  /// By the word of their identity provider only: nobody consents to what the enterprise has not
  /// decided (AC-16).
  EMA_ONLY("ema-only"),
  /// By their own consent as well.
  BOTH("both");

  private final String value;

  Flows(String value) {
    this.value = value;
  }

  /// As it is written.
  public String value() {
    return value;
  }

  /// The one that is written so.
  ///
  /// @throws IllegalArgumentException if there is none
  public static Flows named(String value) {
    return Arrays.stream(values())
        .filter(one -> one.value.equals(value))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("'" + value + "' is none of ema-only, both"));
  }
}
