package dev.lanyard.server.app.command.library;

import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.LibraryDesk;
import dev.lanyard.server.app.command.ReportFile;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.publication.plan.Plan;
import dev.lanyard.server.publication.plan.PlanPage;
import dev.lanyard.server.publication.plan.PlanText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard library plan`.
@Command(
    name = "plan",
    description =
        "Shows what a draft of the role library would change before it acts: who gains and who"
            + " loses what, what becomes of recorded exchanges, and which live grants would end.",
    mixinStandardHelpOptions = true)
final class LibraryPlanCommand implements Callable<Integer> {
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Parameters(
      arity = "0..1",
      paramLabel = "DRAFT",
      description = "The folder of the draft (default: the configured folder).")
  private Optional<Path> draft = Optional.empty();

  @Option(
      names = "--against",
      paramLabel = "FOLDER",
      description = "Compare with this folder (default: what is in force).")
  private Optional<Path> against = Optional.empty();

  @Option(
      names = "--days",
      converter = ReplayDays.class,
      defaultValue = "30",
      paramLabel = "N",
      description = "How far back exchanges are replayed; 0 for none (default: ${DEFAULT-VALUE}).")
  private int days = 30;

  @Option(names = "--json", description = "As JSON, with everybody in it.")
  private boolean json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Also as one page, to be attached to a change request.")
  private Optional<Path> html = Optional.empty();

  @Option(
      names = "--fail-on-loss",
      description = "Exit code 1 if anybody loses anything: for pipelines.")
  private boolean failOnLoss;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    try (var desk = LibraryDesk.open(configuration)) {
      var base = against.map(LibrarySource::of).orElseGet(desk::inForce);
      var plan = desk.plan(base, desk.draft(draft), days, spec.commandLine().getErr());
      html.ifPresent(file -> write(file, plan));
      var out = spec.commandLine().getOut();
      if (json) {
        out.println(plan.toJson().toPrettyJson());
      } else {
        PlanText.of(plan).forEach(out::println);
      }
      out.flush();
      return failOnLoss && plan.losers() + plan.losingAgents() > 0 ? 1 : 0;
    }
  }

  private static void write(Path file, Plan plan) {
    var page = PlanPage.of(plan, "Role library: what would change");
    ReportFile.write(file, page.getBytes(StandardCharsets.UTF_8));
  }
}
