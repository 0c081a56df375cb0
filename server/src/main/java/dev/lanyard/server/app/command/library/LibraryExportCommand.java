package dev.lanyard.server.app.command.library;

import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.LibraryDesk;
import dev.lanyard.server.app.configuration.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard library export`.
@Command(
    name = "export",
    description = "Writes the files of a version into an empty or new folder.",
    mixinStandardHelpOptions = true)
final class LibraryExportCommand implements Runnable {
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Parameters(paramLabel = "FOLDER")
  private Path folder = Path.of("");

  @Option(
      names = "--version-of",
      paramLabel = "VERSION",
      description =
          "The number of a publication, a proposal, or the beginning of a version"
              + " (default: the one in force).")
  private Optional<String> version = Optional.empty();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    try (var desk = LibraryDesk.open(configuration)) {
      var files = version.map(desk::files).orElseGet(desk::inForce);
      if (Files.isSymbolicLink(folder)) {
        throw new CommandFailure(folder + " is a symbolic link; nothing was written");
      }
      if (Files.exists(folder) && !isEmpty()) {
        // What was there before would become part of the version.
        throw new CommandFailure(folder + " is not empty; nothing was written");
      }
      Files.createDirectories(folder);
      for (var file : files.files().entrySet()) {
        // What somebody puts there meanwhile is not written through.
        Files.writeString(
            folder.resolve(file.getKey()), file.getValue(), StandardOpenOption.CREATE_NEW);
      }
      spec.commandLine().getOut().println("Version " + files.version() + " is in " + folder + ".");
      spec.commandLine().getOut().flush();
    } catch (IOException e) {
      throw new CommandFailure("cannot write into " + folder + ": " + e, e);
    }
  }

  private boolean isEmpty() {
    try (var entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    } catch (IOException e) {
      throw new CommandFailure("cannot look into " + folder + ": " + e, e);
    }
  }
}
