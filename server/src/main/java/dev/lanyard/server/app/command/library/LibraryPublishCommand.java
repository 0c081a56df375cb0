package dev.lanyard.server.app.command.library;

import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.LibraryDesk;
import dev.lanyard.server.app.command.SignerOption;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.publication.Author;
import dev.lanyard.server.publication.Proposal;
import dev.lanyard.server.publication.Step;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard library publish`.
@Command(
    name = "publish",
    description = {
      "Puts in force what two people have signed. Without a proposal, the approved one whose"
          + " content is that of the folder: so a pipeline publishes a clean checkout.",
      "With --emergency one person publishes the folder alone; that is recorded, shown by the"
          + " health of every server, and to be reviewed by somebody else."
    },
    mixinStandardHelpOptions = true)
final class LibraryPublishCommand implements Runnable {
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Parameters(arity = "0..1", paramLabel = "PROPOSAL")
  private Optional<String> proposal = Optional.empty();

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      description = "The folder to publish (default: the configured one).")
  private Optional<Path> folder = Optional.empty();

  @Option(names = "--emergency", description = "Alone, and at once; signed by you.")
  private boolean emergency;

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = "In an emergency: your name in the approvers file.")
  private Optional<String> name = Optional.empty();

  @Option(names = "--key", paramLabel = "FILE", description = "In an emergency: your private key.")
  private Optional<Path> key = Optional.empty();

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "With --emergency: the passphrase of the key in its first line.")
  private Optional<Path> passphraseFile = Optional.empty();

  @Option(
      names = {"-m", "--rationale"},
      paramLabel = "TEXT",
      description = "In an emergency: why.")
  private Optional<String> rationale = Optional.empty();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    if (emergency && (name.isEmpty() || key.isEmpty() || rationale.isEmpty())) {
      throw CommandFailure.ofUsage("an emergency needs --as, --key and -m; nothing was done");
    }
    try (var desk = LibraryDesk.open(configuration)) {
      var publications = desk.publications();
      var step =
          emergency
              ? publications.publishAlone(desk.draft(folder), author())
              : publications.publish(proposal.orElseGet(() -> approved(desk)), "command line");
      LibraryDesk.require(step);
      say(spec, step);
    }
  }

  private Author author() {
    return SignerOption.author(
        name.orElseThrow(), key.orElseThrow(), passphraseFile, rationale.orElseThrow());
  }

  private String approved(LibraryDesk desk) {
    var version = desk.draft(folder).version();
    return desk.history().openProposals().stream()
        .filter(one -> one.version().equals(version))
        .filter(one -> one.answer().isPresent())
        .map(Proposal::id)
        .findFirst()
        .orElseThrow(() ->
            new CommandFailure(
                "nobody has approved a proposal with the content of this folder, version "
                    + version));
  }

  static void say(CommandSpec spec, Step step) {
    if (step instanceof Step.Published(var publication)) {
      var out = spec.commandLine().getOut();
      out.println(
          "Publication " + publication.number() + ": version " + publication.version() + ".");
      out.println(
          "Running servers decide by it now, and end what it took away; others when they start.");
      publication
          .emergency()
          .ifPresent(one ->
              out.println(
                  "Somebody else is to look at it until "
                      + one.reviewDue()
                      + ": lanyard library review "
                      + publication.number()));
      out.flush();
    }
  }
}
