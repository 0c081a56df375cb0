package dev.lanyard.server.catalog;

import java.util.Arrays;

/// How far Enterprise-Managed Authorization is somewhere: at a connector, whose authorization
/// server redeems ID-JAGs then, or at an identity provider, which issues them.
public enum Bucket {
  /// It is there.
  LIVE("live"),
  /// Announced as rolling out.
  EARLY("early"),
  /// Legacy per-user OAuth until something else is seen.
  TRACKING("tracking");

  private final String value;

  Bucket(String value) {
    this.value = value;
  }

  /// As it is written in files.
  public String value() {
    return value;
  }

  /// @throws IllegalArgumentException if there is none
  public static Bucket named(String text) {
    return Arrays.stream(values())
        .filter(one -> one.value().equals(text))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("'" + text + "' is none of live, early, tracking"));
  }
}
