package dev.lanyard.server.app.command;

import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// The option that every command which reads the configuration has.
public final class ConfigurationOption {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The configuration (default: LANYARD_CONFIG, or lanyard.yaml here).")
  private Path file = ConfigurationFile.usual(System.getenv());

  public Path file() {
    return file;
  }

  public Configuration read() {
    return ConfigurationFile.read(file, System.getenv());
  }
}
