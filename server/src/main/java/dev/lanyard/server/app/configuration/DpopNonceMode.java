package dev.lanyard.server.app.configuration;

/// Whether a DPoP proof at an endpoint for clients must have a nonce of the server's.
public enum DpopNonceMode {
  /// None is handed out, and none is looked at.
  OFF,
  /// A proof without a fresh one is answered by one.
  REQUIRED;

  /// The value as files have it.
  public static DpopNonceMode named(String name) {
    return switch (name) {
      case "off" -> OFF;
      case "required" -> REQUIRED;
      default -> throw new IllegalArgumentException("'" + name + "' is none of off, required");
    };
  }
}
