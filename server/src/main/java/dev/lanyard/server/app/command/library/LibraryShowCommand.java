package dev.lanyard.server.app.command.library;

import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.LibraryDesk;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard library show`.
@Command(
    name = "show",
    description = "Prints the files of a version (default: the one in force).",
    mixinStandardHelpOptions = true)
final class LibraryShowCommand implements Runnable {
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Parameters(
      arity = "0..1",
      paramLabel = "VERSION",
      description = "The number of a publication, a proposal, or the beginning of a version.")
  private Optional<String> version = Optional.empty();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    try (var desk = LibraryDesk.open(configuration)) {
      var files = version.map(desk::files).orElseGet(desk::inForce);
      var out = spec.commandLine().getOut();
      out.println("# version " + files.version());
      files
          .files()
          .forEach((name, text) -> {
            out.println("# ---- " + name);
            out.print(text.endsWith("\n") ? text : text + "\n");
          });
      out.flush();
    }
  }
}
