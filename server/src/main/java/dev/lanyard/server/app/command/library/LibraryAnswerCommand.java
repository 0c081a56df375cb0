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

/// What a second person says.
final class LibraryAnswerCommand {
  private LibraryAnswerCommand() {}

  /// `lanyard library approve`.
  @Command(
      name = "approve",
      description = "Approves what somebody else has proposed, signed by you.",
      mixinStandardHelpOptions = true)
  static final class Approve implements Runnable {
    @Mixin private ConfigurationOption configuration = new ConfigurationOption();
    @Mixin private SignerOption signer = new SignerOption();

    @Parameters(paramLabel = "PROPOSAL")
    private String proposal = "";

    @Option(names = "--publish", description = "Also put it in force.")
    private boolean publish;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
      var author = signer.author();
      try (var desk = LibraryDesk.open(configuration)) {
        LibraryDesk.require(desk.publications().answer(proposal, true, author));
        if (publish) {
          var step = desk.publications().publish(proposal, author.name());
          LibraryDesk.require(step);
          LibraryPublishCommand.say(spec, step);
        } else {
          say(spec, "Approved. It acts when it is published: lanyard library publish " + proposal);
        }
      }
    }
  }

  /// `lanyard library reject`.
  @Command(
      name = "reject",
      description = "Rejects what somebody else has proposed, signed by you.",
      mixinStandardHelpOptions = true)
  static final class Reject implements Runnable {
    @Mixin private ConfigurationOption configuration = new ConfigurationOption();
    @Mixin private SignerOption signer = new SignerOption();

    @Parameters(paramLabel = "PROPOSAL")
    private String proposal = "";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
      var author = signer.author();
      try (var desk = LibraryDesk.open(configuration)) {
        LibraryDesk.require(desk.publications().answer(proposal, false, author));
        say(spec, "Rejected.");
      }
    }
  }

  /// `lanyard library review`.
  @Command(
      name = "review",
      description = "Records, signed by you, that you have looked at an emergency publication.",
      mixinStandardHelpOptions = true)
  static final class Review implements Runnable {
    @Mixin private ConfigurationOption configuration = new ConfigurationOption();
    @Mixin private SignerOption signer = new SignerOption();

    @Parameters(paramLabel = "NUMBER", description = "The number of the publication.")
    private long number;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
      var author = signer.author();
      try (var desk = LibraryDesk.open(configuration)) {
        var step = desk.publications().review(number, author);
        LibraryDesk.require(step);
        if (step instanceof Step.Reviewed(var publication)) {
          say(spec, "Publication " + publication.number() + " is reviewed.");
        }
      }
    }
  }

  private static void say(CommandSpec spec, String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
