package dev.lanyard.server.yaml;

import java.nio.file.Path;

/// One thing that is wrong in a file.
///
/// @param line counted from 1; 0 if the fault is of the file as a whole
/// @param message what is wrong and what to do
public record Fault(Path file, int line, String message) {
  /// As compilers write it, so that editors can jump there.
  @Override
  public String toString() {
    return line == 0 ? file + ": " + message : file + ":" + line + ": " + message;
  }
}
