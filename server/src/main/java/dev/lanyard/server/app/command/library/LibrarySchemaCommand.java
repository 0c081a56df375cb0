package dev.lanyard.server.app.command.library;

import dev.lanyard.server.library.LibrarySchema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `lanyard library schema`: for editors.
@Command(
    name = "schema",
    description = "Prints the JSON Schema of the library's files, by which editors complete them.",
    mixinStandardHelpOptions = true)
final class LibrarySchemaCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine().getOut().print(LibrarySchema.text());
    spec.commandLine().getOut().flush();
  }
}
