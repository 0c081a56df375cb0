package dev.lanyard.server.app;

import dev.lanyard.server.yaml.FaultyFileException;
import java.io.PrintWriter;
import java.util.ServiceLoader;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The program. Exit codes: 0 done, 1 refused or failed, 2 wrong usage.
@Command(
    name = "lanyard",
    description =
        "Enterprise-Managed Authorization for MCP: every connector on day one, none after the last.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ServeCommand.class,
      InitCommand.class,
      DoctorCommand.class,
      ExplainCommand.class,
      PersonCommand.class,
      AuditCommand.class,
      DeliveryCommand.class,
      ClientCommand.class,
      TrainCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Main implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private Main() {
    this.spec = CommandLine.Model.CommandSpec.create();
  }

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /// The command line with all commands, those of other modules included.
  static CommandLine commandLine() {
    var line = new CommandLine(new Main());
    line.addSubcommand("completion", new AutoComplete.GenerateCompletion());
    ServiceLoader.load(CommandProvider.class)
        .forEach(provider -> line.addSubcommand(provider.command()));
    line.setExecutionExceptionHandler((e, failed, result) -> report(e, failed.getErr()));
    return line;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /// What an administrator can mend is told in a sentence; anything else is a fault of ours and
  /// shows where it happened.
  private static int report(Exception e, PrintWriter err) {
    if (e instanceof FaultyFileException || e instanceof CommandFailure) {
      err.println("lanyard: " + e.getMessage());
    } else {
      err.println("lanyard: this should not have happened; please report it with what follows");
      e.printStackTrace(err);
    }
    err.flush();
    return 1;
  }
}
