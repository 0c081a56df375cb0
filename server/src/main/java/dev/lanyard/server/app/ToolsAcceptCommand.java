package dev.lanyard.server.app;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.library.DataClass;
import dev.lanyard.server.tools.Acceptance;
import dev.lanyard.server.tools.Judgement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @ArgGroup(exclusive = true, multiplicity = "1")
  private What what = new What();

  @Option(
      names = "--despite-suspicions",
      description = "Also if something in it looks like an attack. It is recorded who said so.")
  private boolean despiteSuspicions;

  @Spec private CommandSpec spec = CommandSpec.create();

  /// One tool, or those of a file.
  private static final class What {
    @ArgGroup(exclusive = false)
    private One one = new One();

    @Option(
        names = "--from",
        paramLabel = "FILE",
        description =
            "All tools of a file that 'lanyard tools list --json' has printed and somebody has"
                + " looked through.")
    private Path file = Path.of("");
  }

  /// One version of one tool.
  private static final class One {
    @Option(
        names = "--connector",
        required = true,
        paramLabel = "CONNECTOR",
        description = "Its id in the role library.")
    private String connector = "";

    @Option(
        names = "--tool",
        required = true,
        paramLabel = "TOOL",
        description = "Its name as the server has it.")
    private String tool = "";

    @Option(
        names = "--hash",
        required = true,
        paramLabel = "HASH",
        description = "Of what you have seen; 16 digits of it are enough.")
    private String hash = "";
  }

  @Override
  public Integer call() {
    var correlationId = Office.newCorrelationId();
    try (var desk = ToolDesk.open(configuration)) {
      int refused = 0;
      for (var one : seen()) {
        refused += accept(desk, one, correlationId) ? 0 : 1;
      }
      return refused == 0 ? 0 : 1;
    }
  }

  private List<One> seen() {
    if (what.file.toString().isEmpty()) {
      return List.of(what.one);
    }
    try {
      var seen = new ArrayList<One>();
      for (var line : Files.readAllLines(what.file)) {
        if (!line.isBlank()) {
          var json = JsonObject.parse(line);
          var one = new One();
          one.connector = json.nonEmptyString("connector");
          one.tool = json.nonEmptyString("tool");
          one.hash = json.nonEmptyString("hash");
          seen.add(one);
        }
      }
      return seen;
    } catch (IOException | MalformedException e) {
      throw new CommandFailure(
          what.file + " is no output of 'lanyard tools list --json': " + e.getMessage(), e);
    }
  }

  private boolean accept(ToolDesk desk, One one, String correlationId) {
    var tool = desk.find(one.connector, one.tool);
    var version = desk.version(tool, one.hash);
    var grade = desk.grade(one.connector, one.tool).map(DataClass::name);
    if (grade.isEmpty()) {
      say(one.tool + ": not accepted. The role library has no grade for it; grade it there first.");
      return false;
    }
    var judgement =
        new Judgement(
            tool.connector(),
            tool.name(),
            version.hash(),
            grade.get(),
            despiteSuspicions,
            ToolDesk.operator(),
            correlationId);
    return switch (desk.register().accept(judgement)) {
      case Acceptance.Accepted() -> {
        say("%s: accepted, graded %s".formatted(tool.name(), grade.get()));
        yield true;
      }
      case Acceptance.Unknown() -> {
        say(tool.name() + ": not accepted. It is not known");
        yield false;
      }
      case Acceptance.Overtaken(var current) -> {
        say(
            "%s: not accepted. The server %s by now; look again"
                .formatted(
                    tool.name(), current.map(hash -> "says " + hash).orElse("has it no more")));
        yield false;
      }
      case Acceptance.Suspicious(var suspicions) -> {
        say(tool.name() + ": not accepted. If this is what it should say: --despite-suspicions");
        suspicions.forEach(suspicion -> say("  " + ToolsCommand.suspicion(suspicion)));
        yield false;
      }
    };
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
