package dev.lanyard.demo;

import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `lanyard demo`.
@Command(
    name = "demo",
    description = "Shows Enterprise-Managed Authorization from end to end on this machine.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  @Option(names = "--pause", description = "Waits for Enter before each step.")
  private boolean pause;

  @Option(names = "--json", description = "One JSON object instead of prose, for scripts.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    var out = spec.commandLine().getOut();
    var narrator = json ? new JsonNarrator(out) : new TerminalNarrator(out, onTerminal(), pause);
    try (var town = DemoInstallation.start(Clock.systemUTC())) {
      var kept = new DemoStory(town, narrator).tell();
      if (!json && onTerminal()) {
        stayUntilEnter(out);
      } else if (!json) {
        out.println(
            "(All of this has ended and is gone: on a terminal it runs until you press Enter.)");
        out.flush();
      }
      return kept ? 0 : 1;
    }
  }

  private static boolean onTerminal() {
    var console = System.console();
    return console != null && console.isTerminal();
  }

  private static void stayUntilEnter(PrintWriter out) {
    out.println();
    out.println("Everything keeps running until you press Enter.");
    out.flush();
    var console = System.console();
    if (console != null) {
      console.readLine();
    }
  }
}
