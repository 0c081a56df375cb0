package dev.lanyard.server.stdio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Finds processes by a mark in their environment, which their children inherit wherever they go.
final class MarkedProcesses {
  /// The variable of the mark.
  static final String VARIABLE = "LANYARD_STDIO";

  private static final int ROUNDS = 40;
  private static final long PAUSE_MILLIS = 50;

  private MarkedProcesses() {}

  /// Those whose mark begins so, also if they have left their parents. Of somebody else's process
  /// nothing is seen.
  static List<ProcessHandle> of(String beginning) {
    var wanted = "\0" + VARIABLE + "=" + beginning;
    return ProcessHandle.allProcesses()
        .filter(handle -> environment(handle).contains(wanted))
        .toList();
  }

  /// Every variable with a zero before it, so that none is found within another one's value.
  private static String environment(ProcessHandle handle) {
    try {
      return "\0"
          + Files.readString(
              Path.of("/proc/" + handle.pid() + "/environ"), StandardCharsets.ISO_8859_1);
    } catch (IOException | UncheckedIOException e) {
      return "";
    }
  }

  /// Ends those whose mark begins so, and their children. Waits up to two seconds for that.
  static Ending end(String beginning) {
    int most = 0;
    for (int round = 0; round < ROUNDS; round++) {
      var left = of(beginning);
      if (left.isEmpty()) {
        return new Ending(most, true);
      }
      most = Math.max(most, left.size());
      for (var one : left) {
        // A child may have another environment.
        one.descendants().forEach(ProcessHandle::destroyForcibly);
        one.destroyForcibly();
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Ending(most, false);
      }
    }
    return new Ending(most, false);
  }

  /// @param found how many carried the mark
  /// @param complete whether none of them is left
  record Ending(int found, boolean complete) {}
}
