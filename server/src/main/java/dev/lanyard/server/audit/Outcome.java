package dev.lanyard.server.audit;

import java.util.Arrays;
import java.util.Optional;

/// How it ended.
public enum Outcome {
  /// It was done or granted.
  SUCCESS("success"),
  /// We said no, for the reason in the evidence.
  REFUSED("refused"),
  /// We could not tell, because something of ours or of a third party failed.
  FAULT("fault");

  private final String value;

  Outcome(String value) {
    this.value = value;
  }

  /// As it is recorded.
  public String value() {
    return value;
  }

  static Optional<Outcome> of(String value) {
    return Arrays.stream(values()).filter(one -> one.value.equals(value)).findFirst();
  }
}
