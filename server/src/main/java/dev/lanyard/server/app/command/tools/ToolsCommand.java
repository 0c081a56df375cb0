package dev.lanyard.server.app.command.tools;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.app.command.Output;
import dev.lanyard.server.library.DataClass;
import dev.lanyard.server.tools.KnownTool;
import dev.lanyard.server.tools.Suspicion;
import dev.lanyard.server.tools.ToolDifference;
import dev.lanyard.server.tools.ToolRegister;
import dev.lanyard.server.tools.ToolVersion;
import dev.lanyard.server.tools.Visible;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `lanyard tools`: what MCP servers say of their tools, what has changed, and what is accepted.
///
/// Everything that a server has written is shown with what is hidden in it, and never as it is: it
/// could steer the terminal.
@Command(
    name = "tools",
    description = "The tools of MCP servers: what has changed, and what is accepted.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ToolsAcceptCommand.class, ToolsSnapshotCommand.class})
public final class ToolsCommand implements Runnable {
  @Mixin private Output output = new Output();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /// Which tool is meant.
  static class Which {
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

    KnownTool in(ToolDesk desk) {
      return desk.find(connector, tool);
    }
  }

  @Command(
      name = "list",
      description = {
        "Lists the tools that servers are known to have.",
        "Exit code 1 if any waits for a judgement."
      },
      mixinStandardHelpOptions = true)
  int list(
      @Mixin ConfigurationOption configuration,
      @Option(
              names = "--connector",
              paramLabel = "CONNECTOR",
              description = "Of this connector only.")
          Optional<String> connector,
      @Option(names = "--waiting", description = "Only those that wait for a judgement.")
          boolean waiting,
      @Option(names = "--json", description = "One JSON object a line.") boolean json) {
    try (var desk = ToolDesk.open(configuration)) {
      var tools =
          connector.map(desk.register()::of).orElseGet(desk.register()::all).stream()
              .filter(tool -> !waiting || tool.waits())
              .toList();
      for (var tool : tools) {
        var suspicions = suspicions(desk, tool);
        output.say(json ? json(desk, tool, suspicions).toJson() : line(desk, tool, suspicions));
      }
      if (tools.isEmpty() && !json) {
        output.say("None. 'lanyard tools snapshot' asks a server for its tools.");
      }
      return tools.stream().anyMatch(KnownTool::waits) ? 1 : 0;
    }
  }

  private static List<Suspicion> suspicions(ToolDesk desk, KnownTool tool) {
    return desk.versions(tool).stream()
        .filter(version -> tool.current().equals(Optional.of(version.hash())))
        .flatMap(version -> version.suspicions(tool.name()).stream())
        .toList();
  }

  private static String line(ToolDesk desk, KnownTool tool, List<Suspicion> suspicions) {
    return "%-10s %-16s %-28s %-14s %s%s"
        .formatted(
            tool.state().value(),
            tool.connector(),
            Visible.line(tool.name()),
            desk.grade(tool.connector(), tool.name()).map(DataClass::name).orElse("(no grade)"),
            tool.current().map(hash -> hash.substring(0, 23)).orElse("-"),
            suspicions.isEmpty() ? "" : "  suspicious: " + kinds(suspicions))
        .stripTrailing();
  }

  private static String kinds(List<Suspicion> suspicions) {
    return String.join(
        ", ", suspicions.stream().map(one -> one.kind().value()).distinct().toList());
  }

  private static JsonObject json(ToolDesk desk, KnownTool tool, List<Suspicion> suspicions) {
    var json =
        JsonObject.builder()
            .put("connector", tool.connector())
            .put("tool", tool.name())
            .put("state", tool.state().value())
            .putIfPresent("hash", tool.current())
            .put("since", tool.since().toString())
            .putIfPresent("grade", desk.grade(tool.connector(), tool.name()).map(DataClass::name));
    tool.accepted()
        .ifPresent(accepted ->
            json.put(
                "accepted",
                JsonObject.builder()
                    .put("hash", accepted.hash())
                    .put("grade", accepted.grade())
                    .put("by", accepted.by())
                    .put("at", accepted.at().toString())
                    .put("beside", desk.register().wordings(tool).stream().sorted().toList())
                    .build()));
    return json.put("suspicions", suspicions.stream().map(Suspicion::toJson).toList()).build();
  }

  @Command(
      name = "show",
      description = "Shows everything that a server says of a tool, with what is hidden in it.",
      mixinStandardHelpOptions = true)
  int show(
      @Mixin ConfigurationOption configuration,
      @Mixin Which which,
      @Option(
              names = "--hash",
              paramLabel = "HASH",
              description = "An earlier version (default: the present one).")
          Optional<String> hash,
      @Option(names = "--json", description = "One JSON object.") boolean json) {
    try (var desk = ToolDesk.open(configuration)) {
      var tool = which.in(desk);
      var version = desk.versionOrLatest(tool, hash);
      var suspicions = version.suspicions(tool.name());
      if (json) {
        output.say(
            json(desk, tool, suspicions)
                .with(
                    JsonObject.builder()
                        .put("hash", version.hash())
                        .put("definition", version.definition())
                        .put(
                            "versions",
                            desk.versions(tool).stream().map(ToolsCommand::told).toList())
                        .build())
                .toPrettyJson());
      } else {
        output.say(line(desk, tool, List.of()));
        output.say("version " + version.hash() + ", first seen " + version.firstSeen());
        var leaves = version.definition().leaves();
        leaves
            .first()
            .forEach(leaf -> output.say("  " + Visible.line(leaf.pointer() + "  " + leaf.text())));
        if (!leaves.isAll()) {
          output.say("  … and more; --json shows all of it");
        }
        suspicions.forEach(one -> output.say(suspicion(one)));
        output.say(
            "%d versions; 'lanyard tools diff' compares them"
                .formatted(desk.versions(tool).size()));
      }
    }
    return 0;
  }

  private static JsonObject told(ToolVersion version) {
    return JsonObject.builder()
        .put("hash", version.hash())
        .put("first_seen", version.firstSeen().toString())
        .build();
  }

  static String suspicion(Suspicion one) {
    return "! %s, at %s: %s"
        .formatted(one.kind().meaning(), Visible.line(one.pointer()), one.excerpt());
  }

  @Command(
      name = "diff",
      description = {
        "Compares what a server says of a tool now with what was accepted, or two versions.",
        "Exit code 1 if they differ."
      },
      mixinStandardHelpOptions = true)
  int diff(
      @Mixin ConfigurationOption configuration,
      @Mixin Which which,
      @Option(
              names = "--from",
              paramLabel = "HASH",
              description =
                  "The older one (default: what was accepted, or else what was seen before).")
          Optional<String> from,
      @Option(
              names = "--to",
              paramLabel = "HASH",
              description = "The newer one (default: the present one).")
          Optional<String> to,
      @Option(names = "--json", description = "One JSON object.") boolean json) {
    try (var desk = ToolDesk.open(configuration)) {
      var tool = which.in(desk);
      var versions = desk.versions(tool);
      var newer = desk.versionOrLatest(tool, to);
      var older =
          from.or(() -> tool.accepted().map(KnownTool.Accepted::hash))
              .map(hash -> desk.version(tool, hash))
              .or(() -> before(versions, newer));
      var difference =
          ToolDifference.between(
              older.map(ToolVersion::definition).orElse(JsonObject.EMPTY), newer.definition());
      if (json) {
        output.say(
            JsonObject.builder()
                .put("connector", tool.connector())
                .put("tool", tool.name())
                .putIfPresent("from", older.map(ToolVersion::hash))
                .put("to", newer.hash())
                .put(
                    "differences",
                    difference.places().stream().map(ToolDifference.Place::toJson).toList())
                .build()
                .toPrettyJson());
      } else {
        output.say("from " + older.map(ToolVersion::hash).orElse("nothing"));
        output.say("to   " + newer.hash());
        difference.places().forEach(place -> place.lines().forEach(output::say));
        newer.suspicions(tool.name()).forEach(one -> output.say(suspicion(one)));
      }
      return difference.places().isEmpty() ? 0 : 1;
    }
  }

  private static Optional<ToolVersion> before(List<ToolVersion> versions, ToolVersion newer) {
    return versions.stream()
        .filter(one -> !one.hash().equals(newer.hash()))
        .filter(one -> !one.firstSeen().isAfter(newer.firstSeen()))
        .reduce((_, later) -> later);
  }

  /// Why a tool is judged otherwise.
  static final class Reason {
    @Option(
        names = "--why",
        required = true,
        paramLabel = "REASON",
        description = "For the audit record.")
    private String why = "";
  }

  @Command(
      name = "quarantine",
      description = "Takes the acceptance of a tool back: nobody can use it, at once.",
      mixinStandardHelpOptions = true)
  int quarantine(
      @Mixin ConfigurationOption configuration, @Mixin Which which, @Mixin Reason reason) {
    boolean changed = change(configuration, which, reason, ToolRegister::withdraw);
    output.say(
        changed ? "Quarantined." : "It is quarantined already, or the server has it no more.");
    return 0;
  }

  @Command(
      name = "forget",
      description = {
        "Forgets a tool that its server no longer has, or that nobody has ever accepted.",
        "If the server names it again, it is new. Exit code 1 if it is not forgotten."
      },
      mixinStandardHelpOptions = true)
  int forget(@Mixin ConfigurationOption configuration, @Mixin Which which, @Mixin Reason reason) {
    boolean forgotten = change(configuration, which, reason, ToolRegister::forget);
    output.say(forgotten ? "Forgotten." : "Not forgotten: the server has it, and it was judged.");
    return forgotten ? 0 : 1;
  }

  /// What the register does with a tool because somebody says so; false if there was nothing to do.
  @FunctionalInterface
  private interface Change {
    boolean of(
        ToolRegister register,
        String connector,
        String tool,
        String by,
        String why,
        String correlationId);
  }

  private static boolean change(
      ConfigurationOption configuration, Which which, Reason reason, Change change) {
    try (var desk = ToolDesk.open(configuration)) {
      var tool = which.in(desk);
      return change.of(
          desk.register(),
          tool.connector(),
          tool.name(),
          ToolDesk.operator(),
          reason.why,
          Office.newCorrelationId());
    }
  }
}
