package dev.lanyard.server.directory;

import java.util.Arrays;
import java.util.Locale;

/// Where a person stands.
public enum Standing {
  /// They may do what policy allows.
  ACTIVE,
  /// They may do nothing until somebody lets them in again.
  DISABLED,
  /// They are gone for ever; only their id is left, so that nobody else gets it.
  DELETED;

  /// As it is kept and told.
  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Standing named(String value) {
    return Arrays.stream(values())
        .filter(one -> one.value().equals(value))
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("the record holds a standing '" + value + "'"));
  }
}
