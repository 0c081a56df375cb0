package dev.lanyard.server.app.command.library;

import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.LibraryDesk;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.publication.LibraryConfig.Mode;
import dev.lanyard.server.yaml.FaultyFileException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Which role library a command is about: what is in force, or a folder that was named.
final class LibraryOption {
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Option(
      names = {"-l", "--library"},
      paramLabel = "FOLDER",
      description =
          "A folder, read as it is (default: what is in force, which is the configured folder"
              + " unless library.publication is 'approved').")
  private Optional<Path> folder = Optional.empty();

  /// What is read.
  ///
  /// @param told where it comes from, for people
  /// @param isInForce whether it is what decides, as far as a folder can tell
  record Chosen(LibrarySource files, String told, boolean isInForce) {}

  /// @throws dev.lanyard.server.yaml.FaultyFileException if its files cannot be read as text, or
  ///   nobody vouches for what was published
  Chosen chosen() {
    if (folder.isPresent()) {
      return new Chosen(LibrarySource.of(folder.get()), "folder " + folder.get(), false);
    }
    var config = configuration.read();
    if (config.roleLibrary().publication() instanceof Mode.FromFiles) {
      var told = "folder " + config.library() + ", which is in force";
      return new Chosen(LibrarySource.of(config.library()), told, true);
    }
    try (var database = Database.open(config.database(), LibraryDesk.CLOCK)) {
      return new Chosen(
          LibraryDesk.approved(database, config), "what is published, which is in force", true);
    }
  }

  /// Where our own requests may go: what the configuration allows, and without one the public
  /// internet.
  EgressPolicy outbound() {
    return Files.exists(configuration.file())
        ? configuration.read().outbound()
        : EgressPolicy.strict();
  }

  /// The configuration, if there is one. Whoever names a folder gets on without it where it cannot
  /// be read: a pipeline, and whoever writes the library, may not have the secrets beside it.
  ///
  /// @param err is told if it cannot be read
  /// @throws FaultyFileException if it cannot be read and no folder was named
  Optional<Configuration> installation(PrintWriter err) {
    if (!Files.exists(configuration.file())) {
      return Optional.empty();
    }
    try {
      return Optional.of(configuration.read());
    } catch (FaultyFileException e) {
      if (folder.isEmpty()) {
        throw e;
      }
      err.println(
          "Without %s, which cannot be read: what must be done first is as the built-in catalogue knows it"
              .formatted(configuration.file()));
      err.flush();
      return Optional.empty();
    }
  }

  Configuration configuration() {
    return configuration.read();
  }
}
