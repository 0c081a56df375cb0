package dev.lanyard.server.library;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.yaml.Fault;
import java.nio.file.Path;

/// Something that a check of the library found.
///
/// @param severity whether the library may be merged with it
/// @param code a stable name for scripts
/// @param file where
/// @param line counted from 1; 0 for the file as a whole
/// @param reason what is wrong
/// @param remedy what to do
public record LibraryFinding(
    Severity severity, String code, Path file, int line, String reason, String remedy) {

  /// How bad a finding is.
  public enum Severity {
    /// To be mended before the library is used.
    ERROR,
    /// To be looked at by somebody who knows what was meant.
    WARNING
  }

  /// What the reader refuses: with it the library cannot be loaded at all.
  static LibraryFinding of(Fault fault) {
    // The reader's sentences end in what to do.
    int end = fault.message().lastIndexOf("; ");
    return new LibraryFinding(
        Severity.ERROR,
        "not-readable",
        fault.file(),
        fault.line(),
        end < 0 ? fault.message() : fault.message().substring(0, end),
        end < 0 ? "correct this line" : fault.message().substring(end + 2));
  }

  public JsonObject toJson() {
    return JsonObject.builder()
        .put("severity", severity == Severity.ERROR ? "error" : "warning")
        .put("code", code)
        .put("file", file.toString())
        .put("line", line)
        .put("reason", reason)
        .put("remedy", remedy)
        .build();
  }

  /// As compilers write it, so that editors and pipelines can jump there.
  @Override
  public String toString() {
    return "%s: %s: %s; %s [%s]"
        .formatted(
            line == 0 ? file : file + ":" + line,
            severity == Severity.ERROR ? "error" : "warning",
            reason,
            remedy,
            code);
  }
}
