package dev.lanyard.server.app;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.app.command.Questions;
import dev.lanyard.server.app.command.ShownWriter;
import dev.lanyard.server.app.command.audit.AlarmsCommand;
import dev.lanyard.server.app.command.audit.AuditCommand;
import dev.lanyard.server.app.command.audit.DeliveryCommand;
import dev.lanyard.server.app.command.audit.WhyCommand;
import dev.lanyard.server.app.command.client.ClientCommand;
import dev.lanyard.server.app.command.client.SetupCommand;
import dev.lanyard.server.app.command.connect.ConnectCommand;
import dev.lanyard.server.app.command.connect.ScimCommand;
import dev.lanyard.server.app.command.governance.AccessCommand;
import dev.lanyard.server.app.command.governance.ContractCommand;
import dev.lanyard.server.app.command.governance.CoverageCommand;
import dev.lanyard.server.app.command.governance.ForecastCommand;
import dev.lanyard.server.app.command.governance.ProbeCommand;
import dev.lanyard.server.app.command.governance.ReportCommand;
import dev.lanyard.server.app.command.governance.ReviewCommand;
import dev.lanyard.server.app.command.governance.RouteCommand;
import dev.lanyard.server.app.command.governance.ValueCommand;
import dev.lanyard.server.app.command.installation.ConformanceCommand;
import dev.lanyard.server.app.command.installation.DoctorCommand;
import dev.lanyard.server.app.command.installation.InitCommand;
import dev.lanyard.server.app.command.installation.KeysCommand;
import dev.lanyard.server.app.command.library.ApproverCommand;
import dev.lanyard.server.app.command.library.CatalogCommand;
import dev.lanyard.server.app.command.library.ExplainCommand;
import dev.lanyard.server.app.command.library.InheritCommand;
import dev.lanyard.server.app.command.library.LibraryCommand;
import dev.lanyard.server.app.command.organisation.OrganisationCommand;
import dev.lanyard.server.app.command.organisation.QuotaCommand;
import dev.lanyard.server.app.command.people.AccountsCommand;
import dev.lanyard.server.app.command.people.ConsentCommand;
import dev.lanyard.server.app.command.people.PersonCommand;
import dev.lanyard.server.app.command.revocation.DisableCommand;
import dev.lanyard.server.app.command.revocation.EnableCommand;
import dev.lanyard.server.app.command.revocation.ExposureCommand;
import dev.lanyard.server.app.command.revocation.ReceiptCommand;
import dev.lanyard.server.app.command.revocation.ReconcileCommand;
import dev.lanyard.server.app.command.revocation.RevokeCommand;
import dev.lanyard.server.app.command.revocation.StreamCommand;
import dev.lanyard.server.app.command.tools.ToolsCommand;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.database.TablesException;
import dev.lanyard.server.keys.KeyException;
import dev.lanyard.server.yaml.FaultyFileException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The program. Exit codes: 0 done; 1 refused, failed, or found what the command looks for; 2 wrong
/// usage.
@Command(
    name = "lanyard",
    description =
        "Enterprise-Managed Authorization for MCP: every connector on day one, none after the"
            + " last.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable, Questions.Program {
  /// In the order of the help.
  private static final List<Class<?>> COMMANDS =
      List.of(
          ServeCommand.class,
          InitCommand.class,
          DoctorCommand.class,
          ConnectCommand.class,
          ExplainCommand.class,
          AccessCommand.class,
          InheritCommand.class,
          LibraryCommand.class,
          CatalogCommand.class,
          ProbeCommand.class,
          CoverageCommand.class,
          RouteCommand.class,
          ForecastCommand.class,
          ReviewCommand.class,
          ContractCommand.class,
          ValueCommand.class,
          ToolsCommand.class,
          AccountsCommand.class,
          PersonCommand.class,
          ConsentCommand.class,
          WhyCommand.class,
          AuditCommand.class,
          DisableCommand.class,
          EnableCommand.class,
          RevokeCommand.class,
          ExposureCommand.class,
          ReconcileCommand.class,
          AlarmsCommand.class,
          DeliveryCommand.class,
          StreamCommand.class,
          ReceiptCommand.class,
          ClientCommand.class,
          ScimCommand.class,
          KeysCommand.class,
          OrganisationCommand.class,
          QuotaCommand.class,
          ApproverCommand.class,
          SetupCommand.class,
          ReportCommand.class,
          ConformanceCommand.class,
          TestCommand.class,
          TrainCommand.class,
          CommandLine.HelpCommand.class);

  private static final String NO_MEMORY = "lanyard: not enough memory; LANYARD_HEAP=1g gives more";

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private final InputStream input;

  private Main(InputStream input) {
    this.input = input;
    this.spec = CommandLine.Model.CommandSpec.create();
  }

  @Override
  public InputStream input() {
    return input;
  }

  public static void main(String[] arguments) {
    // What is written is for programs: in some locales %d writes other digits than theirs.
    Locale.setDefault(Locale.ROOT);
    var line = shown(commandLine(System.in, arguments));
    int code = areAsTyped(arguments, line.getErr()) ? executed(line, arguments) : 2;
    line.getOut().flush();
    System.exit(hasTakenAll(System.out, line.getErr()) ? code : Math.max(code, 1));
  }

  /// Runs a command. The heap of the launcher is small on purpose.
  static int executed(CommandLine line, String... arguments) {
    try {
      return line.execute(arguments);
    } catch (OutOfMemoryError e) {
      line.getErr().println(NO_MEMORY);
      return 1;
    }
  }

  /// Without a UTF-8 locale Java puts U+FFFD in the place of what it cannot read: a reason would be
  /// recorded for ever as nobody gave it, and a person would get a name that nobody can type.
  private static boolean areAsTyped(String[] arguments, PrintWriter err) {
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].indexOf('\uFFFD') >= 0) {
        err.println(
            "lanyard: argument %d did not arrive as it was typed; nothing was done."
                    .formatted(i + 1)
                + " Set a locale of UTF-8: LC_ALL=C.UTF-8");
        return false;
      }
    }
    return true;
  }

  /// A full disk throws nothing: Java's standard output keeps its faults to itself until it is
  /// asked.
  private static boolean hasTakenAll(PrintStream out, PrintWriter err) {
    boolean isBroken = out.checkError();
    if (isBroken) {
      err.println("lanyard: standard output took no more; what was written there is not all");
    }
    return !isBroken;
  }

  /// Prints nothing that steers a terminal, no colours of its own either.
  static CommandLine shown(CommandLine line) {
    return line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
        .setOut(new PrintWriter(new ShownWriter(line.getOut()), true))
        .setErr(new PrintWriter(new ShownWriter(line.getErr()), true));
  }

  /// The command line that these arguments need. Describing a command takes picocli milliseconds;
  /// who names one need not wait for the others.
  ///
  /// @param input where commands read what is typed; a test has its own, since tests run at once
  static CommandLine commandLine(InputStream input, String... arguments) {
    var named = COMMANDS.stream().filter(command -> isNamed(command, arguments)).toList();
    return named.isEmpty() ? whole(input) : commandLine(named, input);
  }

  private static boolean isNamed(Class<?> command, String[] arguments) {
    return arguments.length > 0
        && command != CommandLine.HelpCommand.class
        && command.getAnnotation(Command.class).name().equals(arguments[0]);
  }

  /// With all commands, those of other modules included.
  private static CommandLine whole(InputStream input) {
    var line = commandLine(COMMANDS, input);
    line.addSubcommand("completion", new AutoComplete.GenerateCompletion());
    ServiceLoader.load(CommandProvider.class)
        .forEach(provider -> line.addSubcommand(provider.command()));
    return line;
  }

  private static CommandLine commandLine(List<Class<?>> commands, InputStream input) {
    var line = new CommandLine(new Main(input));
    commands.forEach(line::addSubcommand);
    line.registerConverter(ClientId.class, Main::clientId);
    line.setExecutionExceptionHandler((e, failed, result) -> report(e, failed.getErr()));
    return line;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static ClientId clientId(String text) {
    try {
      return new ClientId(text);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.TypeConversionException(e.getMessage());
    }
  }

  /// What an administrator can mend is told in a sentence; anything else is a fault of ours and
  /// shows where it happened.
  private static int report(Exception e, PrintWriter err) {
    switch (e) {
      // Of a command that is a method, picocli wraps it.
      case CommandLine.ExecutionException _ when e.getCause() instanceof OutOfMemoryError ->
          err.println(NO_MEMORY);
      case FaultyFileException _, CommandFailure _, KeyException _, TablesException _ ->
          err.println("lanyard: " + e.getMessage());
      // A database, a file, a folder, a port.
      case UncheckedIOException _ -> err.println("lanyard: " + withReason(e));
      default -> {
        err.println("lanyard: this should not have happened; please report it with what follows");
        e.printStackTrace(err);
      }
    }
    err.flush();
    return e instanceof CommandFailure failure ? failure.exitCode() : 1;
  }

  /// What was being done, and what stopped it: the innermost cause says that best.
  private static String withReason(Exception e) {
    var said = String.valueOf(e.getMessage());
    Throwable innermost = e;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    var reason = innermost.getMessage();
    return reason == null || said.contains(reason) ? said : said + ": " + reason;
  }
}
