package dev.lanyard.server.publication;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// What somebody may do about the role library.
public enum Right {
  /// Propose a version, and withdraw nothing of anybody else's.
  PROPOSE,
  /// Approve or reject what somebody else proposed, and review what somebody else published alone.
  APPROVE,
  /// Publish alone when there is no time for a second person.
  EMERGENCY,
  /// Decide and sign policy reviews.
  REVIEW,
  /// Make forecasts under this name, which nobody else can do then.
  FORECAST;

  /// All of them, as people write them.
  static final String NAMES =
      Arrays.stream(values()).map(Right::value).collect(Collectors.joining(", "));

  /// As it is written in the approvers file.
  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Right of(String text) {
    for (var right : values()) {
      if (right.value().equals(text)) {
        return right;
      }
    }
    throw new IllegalArgumentException("'" + text + "' is none of " + NAMES);
  }
}
