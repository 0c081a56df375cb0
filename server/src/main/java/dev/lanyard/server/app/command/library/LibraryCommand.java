package dev.lanyard.server.app.command.library;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `lanyard library`: the role library, from draft to publication.
@Command(
    name = "library",
    description = "The role library: who may have which connector, what would change, who agreed.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      LibraryInitCommand.class,
      LibraryCheckCommand.class,
      InheritCommand.class,
      LibrarySchemaCommand.class,
      LibraryPlanCommand.class,
      LibraryProposeCommand.class,
      LibraryAnswerCommand.Approve.class,
      LibraryAnswerCommand.Reject.class,
      LibraryAnswerCommand.Review.class,
      LibraryPublishCommand.class,
      LibraryRollbackCommand.class,
      LibraryHistoryCommand.class,
      LibraryShowCommand.class,
      LibraryDiffCommand.class,
      LibraryExportCommand.class,
      LibraryImportCommand.class
    })
public final class LibraryCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
