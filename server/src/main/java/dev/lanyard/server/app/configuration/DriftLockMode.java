package dev.lanyard.server.app.configuration;

/// What becomes of a tool that is not what was accepted.
public enum DriftLockMode {
  /// It is hidden and refused.
  ENFORCED,
  /// It is recorded, and the grades of the library decide alone.
  RECORDED;

  /// The value as files have it.
  public static DriftLockMode named(String name) {
    return switch (name) {
      case "enforced" -> ENFORCED;
      case "recorded" -> RECORDED;
      default -> throw new IllegalArgumentException("'" + name + "' is none of enforced, recorded");
    };
  }
}
