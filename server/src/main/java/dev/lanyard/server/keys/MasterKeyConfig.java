package dev.lanyard.server.keys;

import dev.lanyard.protocol.oauth.Secret;
import java.nio.file.Path;
import java.util.Optional;

/// Where the master key is.
///
/// @param key in a file of its own, or in the environment
/// @param former the file of the key before this one, until everything is sealed again
public record MasterKeyConfig(Place key, Optional<Path> former) {

  /// A place of the key.
  public sealed interface Place {}

  /// In a file that only its owner can read.
  public record InFile(Path file) implements Place {}

  /// In a variable of the environment.
  ///
  /// @param variable its name
  public record InEnvironment(String variable, Secret base64) implements Place {}

  /// Reads the key, and the former one.
  ///
  /// @throws KeyException if one is missing or not a key; the message says what to do
  public MasterKey open() {
    var current =
        switch (key) {
          case InFile(var file) -> MasterKey.load(file);
          case InEnvironment(var variable, var base64) -> MasterKey.of(base64, variable);
        };
    return former.map(file -> current.succeeding(MasterKey.load(file))).orElse(current);
  }

  /// The place, for messages.
  public String place() {
    return switch (key) {
      case InFile(var file) -> file.toString();
      case InEnvironment(var variable, _) -> variable;
    };
  }
}
