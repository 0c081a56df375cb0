package dev.lanyard.server.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `lanyard library`: the role library as files.
@Command(
    name = "library",
    description = "The role library: who may have which connector.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      LibraryInitCommand.class,
      LibraryCheckCommand.class,
      InheritCommand.class,
      LibrarySchemaCommand.class
    })
final class LibraryCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
