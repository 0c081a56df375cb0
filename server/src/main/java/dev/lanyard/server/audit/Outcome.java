package dev.lanyard.server.audit;

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

  static Outcome of(String value) {
    for (var outcome : values()) {
      if (outcome.value.equals(value)) {
        return outcome;
      }
    }
    throw new IllegalStateException("the record holds the unknown outcome " + value);
  }
}
