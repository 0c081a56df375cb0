package dev.lanyard.server.app;

import dev.lanyard.server.revocation.Happening;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `lanyard disable`.
@Command(
    name = "disable",
    description =
        "Switches a person, client, connector, issuer or everything off: nothing is issued, and"
            + " nothing that was issued counts, until `lanyard enable`.",
    mixinStandardHelpOptions = true)
final class DisableCommand implements Runnable {
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Target target = new Target();

  @Option(names = "--yes-i-mean", paramLabel = "NAME", description = "The name once more.")
  private Optional<String> confirmation = Optional.empty();

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "disabled by an administrator",
      description = "For the record.")
  private String reason = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    target.canBeSwitched();
    Kill.confirmed(
        target.toConfirm(), confirmation, "This stops everybody who uses " + target.name());
    Kill.tell(
        configuration.read(), target, Happening.DISABLED, reason, spec.commandLine().getOut());
  }
}
