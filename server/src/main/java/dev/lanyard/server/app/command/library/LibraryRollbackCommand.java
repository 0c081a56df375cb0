package dev.lanyard.server.app.command.library;

import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.LibraryDesk;
import dev.lanyard.server.app.command.SignerOption;
import dev.lanyard.server.publication.Step;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard library rollback`: an old version, on the same way as a new one.
@Command(
    name = "rollback",
    description =
        "Proposes an old version, which somebody else approves; with --emergency it acts at once.",
    mixinStandardHelpOptions = true)
final class LibraryRollbackCommand implements Runnable {
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();
  @Mixin private SignerOption signer = new SignerOption();

  @Parameters(
      paramLabel = "VERSION",
      description = "The number of a publication, or the beginning of a version.")
  private String version = "";

  @Option(names = "--emergency", description = "Alone, and at once.")
  private boolean emergency;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    var author = signer.author();
    try (var desk = LibraryDesk.open(configuration)) {
      var publications = desk.publications();
      var files = desk.files(version);
      if (emergency) {
        var step = publications.publishAlone(files, author);
        LibraryDesk.require(step);
        LibraryPublishCommand.say(spec, step);
        return;
      }
      var plan = desk.plan(desk.inForce(), files, 30, spec.commandLine().getErr());
      var step = publications.propose(files, plan.summary(), author);
      LibraryDesk.require(step);
      if (step instanceof Step.Proposed(var proposal)) {
        spec.commandLine()
            .getOut()
            .println(
                "Proposal %s: %d people would lose and %d gain something."
                    .formatted(proposal.id(), plan.losers(), plan.winners()));
        spec.commandLine().getOut().flush();
      }
    }
  }
}
