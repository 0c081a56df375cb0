package dev.lanyard.server.governance.review;

import java.util.Arrays;
import java.util.Locale;

/// What a reviewer decides about an item.
public enum Ruling {
  /// It is as it shall be.
  ACCEPT,
  /// Something has to be done, which the rationale says.
  ACT;

  /// As it is written.
  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// @throws IllegalArgumentException if there is none
  public static Ruling named(String text) {
    return Arrays.stream(values())
        .filter(one -> one.value().equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is none of accept, act"));
  }
}
