package dev.lanyard.server.app.command.library;

import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.LibraryDesk;
import dev.lanyard.server.publication.TextDifference;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard library diff`.
@Command(
    name = "diff",
    description =
        "Shows how the files of two versions differ. Exit code 1 if they do. What the difference"
            + " does to people, 'lanyard library plan' tells.",
    mixinStandardHelpOptions = true)
final class LibraryDiffCommand implements Callable<Integer> {
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Parameters(
      index = "0",
      paramLabel = "FROM",
      description = "The number of a publication, a proposal, or the beginning of a version.")
  private String from = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TO",
      description = "Likewise (default: the configured folder).")
  private Optional<String> to = Optional.empty();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    try (var desk = LibraryDesk.open(configuration)) {
      var after = to.map(desk::files).orElseGet(() -> desk.draft(Optional.empty()));
      var lines = TextDifference.between(desk.files(from), after);
      lines.forEach(spec.commandLine().getOut()::println);
      spec.commandLine().getOut().flush();
      return lines.isEmpty() ? 0 : 1;
    }
  }
}
