package dev.lanyard.server.app.command.tools;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.app.command.Output;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.library.DataClass;
import dev.lanyard.server.tools.Acceptance;
import dev.lanyard.server.tools.Judgement;
import dev.lanyard.server.tools.Judgement.Despite;
import dev.lanyard.server.tools.KnownTool;
import dev.lanyard.server.tools.Visible;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lanyard tools accept`.
@Command(
    name = "accept",
    description = {
      "Accepts what a server says of a tool: exactly the version with the hash that you have seen.",
      "The role library must have graded the tool before. If the server says something else by now,"
          + " nothing is accepted."
    },
    mixinStandardHelpOptions = true)
final class ToolsAcceptCommand implements Callable<Integer> {
  private static final String OUT_OF_USE =
      "An administrator has taken it out of use; if it may be used again: --withdrawn";

  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @ArgGroup(exclusive = true, multiplicity = "1")
  private What what = new What();

  @Option(
      names = "--despite-suspicions",
      description = "Also if something in it looks like an attack. It is recorded who said so.")
  private boolean despiteSuspicions;

  @Option(
      names = "--withdrawn",
      description =
          "Also what an administrator has taken out of use ('lanyard tools quarantine'). Without it"
              + " such a tool is skipped in a file, and refused.")
  private boolean withdrawn;

  @Option(
      names = "--beside",
      description =
          "Keeps what was accepted before, too: the server may say either. Only where both differ in"
              + " titles and descriptions alone. Without it, what was accepted before no longer is.")
  private boolean beside;

  @Mixin private Output output = new Output();

  /// One tool, or those of a file.
  private static final class What {
    @ArgGroup(exclusive = false)
    private One one = new One();

    @Option(
        names = "--from",
        paramLabel = "FILE",
        description =
            "All tools of a file that 'lanyard tools list --json' has printed and somebody has"
                + " looked through. Those that their server has no more are skipped.")
    private Path file = Path.of("");
  }

  /// One version of one tool.
  private static final class One extends ToolsCommand.Which {
    @Option(
        names = "--hash",
        required = true,
        paramLabel = "HASH",
        description = "Of what you have seen; 16 digits of it are enough.")
    private String hash = "";
  }

  /// What somebody has looked at.
  ///
  /// @param hash all of it
  private record Seen(String connector, String tool, String hash) {
    String name() {
      return Visible.line(tool);
    }
  }

  @Override
  public Integer call() {
    var correlationId = Office.newCorrelationId();
    try (var desk = ToolDesk.open(configuration)) {
      int refused = 0;
      for (var seen : what.file.toString().isEmpty() ? one(desk) : fromFile()) {
        refused += accept(desk, seen, correlationId) ? 0 : 1;
      }
      return refused == 0 ? 0 : 1;
    }
  }

  private List<Seen> one(ToolDesk desk) {
    var tool = what.one.in(desk);
    return List.of(
        new Seen(tool.connector(), tool.name(), desk.version(tool, what.one.hash).hash()));
  }

  private List<Seen> fromFile() {
    try {
      var all = new ArrayList<Seen>();
      for (var line : Files.readAllLines(what.file)) {
        if (!line.isBlank()) {
          fromLine(JsonObject.parse(line)).ifPresent(all::add);
        }
      }
      return all;
    } catch (IOException | MalformedException e) {
      throw new CommandFailure(
          what.file + " is no output of 'lanyard tools list --json': " + e.getMessage(), e);
    }
  }

  /// Of a tool that its server has no more there is nothing to accept, and one that was out of use
  /// when the list was made stays so unless it is asked for.
  private Optional<Seen> fromLine(JsonObject line) throws MalformedException {
    var connector = line.nonEmptyString("connector");
    var tool = line.nonEmptyString("tool");
    var state = line.nonEmptyString("state");
    if (!line.has("hash")) {
      output.say(Visible.line(tool) + ": skipped. Its server has it no more");
      return Optional.empty();
    }
    if (state.equals(KnownTool.State.WITHDRAWN.value()) && !withdrawn) {
      output.say(Visible.line(tool) + ": skipped. " + OUT_OF_USE);
      return Optional.empty();
    }
    return Optional.of(new Seen(connector, tool, line.nonEmptyString("hash")));
  }

  private boolean accept(ToolDesk desk, Seen seen, String correlationId) {
    var grade = desk.grade(seen.connector(), seen.tool()).map(DataClass::name);
    if (grade.isEmpty()) {
      return refused(seen, "The role library has no grade for it; grade it there first");
    }
    var judgement =
        new Judgement(
            seen.connector(),
            seen.tool(),
            seen.hash(),
            grade.get(),
            despite(),
            ToolDesk.operator(),
            correlationId);
    var register = desk.register();
    return switch (beside ? register.acceptBeside(judgement) : register.accept(judgement)) {
      case Acceptance.Accepted() -> {
        output.say("%s: accepted, graded %s".formatted(seen.name(), grade.get()));
        yield true;
      }
      case Acceptance.Unknown() -> refused(seen, "It is not known");
      case Acceptance.Withdrawn() -> refused(seen, OUT_OF_USE);
      case Acceptance.NotBeside(var why) -> refused(seen, "Not beside another: " + why);
      case Acceptance.Overtaken(var current) ->
          refused(
              seen,
              "The server %s by now; look again"
                  .formatted(current.map(hash -> "says " + hash).orElse("has it no more")));
      case Acceptance.Suspicious(var suspicions) -> {
        boolean no = refused(seen, "If this is what it should say: --despite-suspicions");
        suspicions.forEach(suspicion -> output.say("  " + ToolsCommand.suspicion(suspicion)));
        yield no;
      }
    };
  }

  private Set<Despite> despite() {
    var despite = EnumSet.noneOf(Despite.class);
    if (despiteSuspicions) {
      despite.add(Despite.SUSPICIONS);
    }
    if (withdrawn) {
      despite.add(Despite.WITHDRAWAL);
    }
    return despite;
  }

  private boolean refused(Seen seen, String why) {
    output.say(seen.name() + ": not accepted. " + why);
    return false;
  }
}
