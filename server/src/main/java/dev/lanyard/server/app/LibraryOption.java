package dev.lanyard.server.app;

import dev.lanyard.server.library.LibrarySource;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Which role library a command is about: a folder by itself, or that of the configuration.
final class LibraryOption {
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Option(
      names = {"-l", "--library"},
      paramLabel = "FOLDER",
      description = "The folder of the library (default: that of the configuration).")
  private Optional<Path> folder = Optional.empty();

  /// @throws dev.lanyard.server.yaml.FaultyFileException if its files cannot be read as text
  LibrarySource source() {
    return LibrarySource.of(folder.orElseGet(() -> configuration.read().library()));
  }

  Configuration configuration() {
    return configuration.read();
  }
}
