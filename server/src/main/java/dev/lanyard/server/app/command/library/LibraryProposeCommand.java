package dev.lanyard.server.app.command.library;

import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.LibraryDesk;
import dev.lanyard.server.app.command.SignerOption;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.publication.Step;
import dev.lanyard.server.publication.plan.PlanText;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard library propose`.
@Command(
    name = "propose",
    description = "Proposes a draft, signed by you, for somebody else to approve.",
    mixinStandardHelpOptions = true)
final class LibraryProposeCommand implements Runnable {
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();
  @Mixin private SignerOption signer = new SignerOption();

  @Parameters(
      arity = "0..1",
      paramLabel = "DRAFT",
      description = "The folder of the draft (default: the configured folder).")
  private Optional<Path> draft = Optional.empty();

  @Option(
      names = "--submission",
      paramLabel = "ID",
      description = "Instead of a folder: the draft that was handed in at the console.")
  private Optional<String> submission = Optional.empty();

  @Option(
      names = "--days",
      converter = ReplayDays.class,
      defaultValue = "30",
      paramLabel = "N",
      description = "How far back exchanges are replayed (default: ${DEFAULT-VALUE}).")
  private int days = 30;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    if (draft.isPresent() && submission.isPresent()) {
      throw CommandFailure.ofUsage("a folder or --submission, not both");
    }
    var author = signer.author();
    try (var desk = LibraryDesk.open(configuration)) {
      var publications = desk.publications();
      var files = submission.map(desk::handedIn).orElseGet(() -> desk.draft(draft));
      var plan = desk.plan(desk.inForce(), files, days, spec.commandLine().getErr());
      var step = publications.propose(files, plan.summary(), author, submission);
      LibraryDesk.require(step);
      var out = spec.commandLine().getOut();
      PlanText.of(plan).forEach(out::println);
      if (step instanceof Step.Proposed(var proposal)) {
        out.println();
        out.println("Proposal " + proposal.id() + ". Somebody else approves it with");
        out.println("  lanyard library approve " + proposal.id() + " --as NAME --key FILE -m WHY");
      }
      out.flush();
    }
  }
}
