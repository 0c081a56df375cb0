package dev.lanyard.server.app.command.library;

import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.LibraryDesk;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard library import`.
@Command(
    name = "import",
    description =
        "Keeps a folder as a version, so that it can be shown, compared and rolled back to. It acts"
            + " only once it is proposed, approved and published.",
    mixinStandardHelpOptions = true)
final class LibraryImportCommand implements Runnable {
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Parameters(paramLabel = "FOLDER")
  private Path folder = Path.of("");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    try (var desk = LibraryDesk.open(configuration)) {
      var files = desk.draft(Optional.of(folder));
      // What is broken would be found only when it is needed.
      var library = files.read();
      desk.history().keep(files, LibraryDesk.CLOCK.instant());
      spec.commandLine().getOut().println("Kept as version " + library.version() + ".");
      spec.commandLine().getOut().flush();
    }
  }
}
