package dev.lanyard.server.library;

import dev.lanyard.server.library.LibraryFinding.Severity;

/// Something that was seen of a connector from outside, to be told where the connector is written.
///
/// @param code a stable name for scripts
/// @param reason what is wrong
/// @param remedy what to do
public record Observation(Severity severity, String code, String reason, String remedy) {
  /// What cannot be as the library says.
  public static Observation error(String code, String reason, String remedy) {
    return new Observation(Severity.ERROR, code, reason, remedy);
  }

  /// What may pass, or what somebody must look at.
  public static Observation warning(String code, String reason, String remedy) {
    return new Observation(Severity.WARNING, code, reason, remedy);
  }
}
