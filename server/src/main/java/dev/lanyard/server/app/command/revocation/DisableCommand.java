package dev.lanyard.server.app.command.revocation;

import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.revocation.Happening;
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
public final class DisableCommand implements Runnable {
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Mixin private Stopped stopped = new Stopped();

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "disabled by an administrator",
      description = "For the record.")
  private String reason = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    var target = stopped.target();
    target.canBeSwitched();
    stopped.confirmed("This stops everybody who uses");
    Kill.tell(
        configuration.read(), target, Happening.DISABLED, reason, spec.commandLine().getOut());
  }
}
