package dev.lanyard.server.stdio;

import dev.lanyard.protocol.oauth.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A server that is a command.
///
/// @param command a program, by its whole path, and its arguments; nobody else adds to them
/// @param environment all that its processes see of an environment; here and in arguments
///   `{folder}` stands for the folder of each
/// @param folder below which each process gets a folder of its own to work in
public record StdioConfig(
    List<String> command, Map<String, Secret> environment, Path folder, Limits limits) {

  /// @throws IllegalArgumentException if the command is none
  public StdioConfig {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    if (command.isEmpty() || !Path.of(command.getFirst()).isAbsolute()) {
      throw new IllegalArgumentException(
          "'command' begins with the whole path of a program, not with %s"
              .formatted(command.isEmpty() ? "nothing" : "'" + command.getFirst() + "'"));
    }
    environment
        .keySet()
        .forEach(name -> {
          if (!name.matches("[A-Za-z_][A-Za-z0-9_]*") || name.equals(MarkedProcesses.VARIABLE)) {
            throw new IllegalArgumentException(
                "'environment' of a command: '%s' is no name for a variable, or ours"
                    .formatted(name));
          }
        });
  }

  /// What processes may cost.
  ///
  /// @param atOnce processes of this node
  /// @param ofOnePerson of one person
  /// @param idle so long nobody has asked one anything, or waited for an answer, that is ended
  /// @param life of one, however busy
  /// @param messageBytes of one line that it writes
  /// @param memoryBytes that it may write to (`RLIMIT_DATA`)
  /// @param cpu time
  /// @param files that it may have open
  /// @param fileBytes of one file that it writes (`RLIMIT_FSIZE`)
  public record Limits(
      int atOnce,
      int ofOnePerson,
      Duration idle,
      Duration life,
      int messageBytes,
      long memoryBytes,
      Duration cpu,
      int files,
      long fileBytes) {
    /// Beyond this nothing is read as JSON.
    private static final int MOST_BYTES = 4 * 1024 * 1024;

    /// Enough for a server in a language with a virtual machine.
    public static final Limits DEFAULT =
        new Limits(
            50,
            5,
            Duration.ofMinutes(10),
            Duration.ofHours(12),
            MOST_BYTES,
            1024L * 1024 * 1024,
            Duration.ofMinutes(30),
            512,
            1024L * 1024 * 1024);

    public Limits {
      if (messageBytes > MOST_BYTES) {
        throw new IllegalArgumentException(
            "max_message_bytes of a command may be %d at most, not %d"
                .formatted(MOST_BYTES, messageBytes));
      }
      positive("at_once", atOnce);
      positive("of_one_person", ofOnePerson);
      positive("idle", idle.toMillis());
      positive("life", life.toMillis());
      positive("max_message_bytes", messageBytes);
      positive("memory_bytes", memoryBytes);
      // The limit is one of whole seconds.
      positive("cpu_time", cpu.toSeconds());
      positive("open_files", files);
      positive("file_bytes", fileBytes);
    }

    private static void positive(String property, long value) {
      if (value < 1) {
        throw new IllegalArgumentException(
            "%s of a command must be positive, not %d".formatted(property, value));
      }
    }
  }
}
