package dev.lanyard.server.app.command.library;

import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.library.LibrarySchema;
import dev.lanyard.server.library.LibraryTemplate;
import dev.lanyard.server.yaml.YamlFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard library init`: a first library to be judged and changed.
@Command(
    name = "init",
    description =
        "Writes a first role library from templates, commented, to be changed from there.",
    mixinStandardHelpOptions = true)
final class LibraryInitCommand implements Runnable {
  @Parameters(
      paramLabel = "FOLDER",
      defaultValue = "library",
      description = "Where to write (default: ${DEFAULT-VALUE}).")
  private Path folder = Path.of("library");

  @Option(
      names = "--roles",
      split = ",",
      paramLabel = "ROLE",
      description = "Which of: engineering, design, sales, finance, leadership (default: all).")
  private List<String> roles = LibraryTemplate.ROLES;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    for (var role : roles) {
      if (!LibraryTemplate.ROLES.contains(role)) {
        throw new CommandFailure(
            "there is no template for '"
                + role
                + "'; there are: "
                + String.join(", ", LibraryTemplate.ROLES));
      }
    }
    if (Files.isDirectory(folder) && !YamlFolder.files(folder).isEmpty()) {
      throw new CommandFailure(
          folder + " has a library already; nothing was changed. Name another folder.");
    }
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(LibrarySchema.FILE), LibrarySchema.text());
      for (var file : LibraryTemplate.files(roles).entrySet()) {
        Files.writeString(folder.resolve(file.getKey()), file.getValue());
      }
    } catch (IOException e) {
      throw new CommandFailure("cannot write to " + folder + ": " + e.getMessage(), e);
    }
    var out = spec.commandLine().getOut();
    out.printf(
        """
        Wrote a first library to %1$s: connectors, and the roles %2$s.
        It is a draft: read the notes in connectors.yaml and judge every line before it acts.

        Next:
          lanyard library check -l %1$s
          lanyard inherit -l %1$s --group %3$s
        """,
        folder, String.join(", ", roles), roles.getFirst());
    out.flush();
  }
}
