package dev.lanyard.server.app.command.revocation;

import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.revocation.Happening;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `lanyard enable`.
@Command(
    name = "enable",
    description =
        "Switches on again what was disabled or revoked. Whatever was issued before stays dead.",
    mixinStandardHelpOptions = true)
public final class EnableCommand implements Runnable {
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Target target = new Target();

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "enabled by an administrator",
      description = "For the record.")
  private String reason = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    target.canBeSwitched();
    Kill.tell(configuration.read(), target, Happening.ENABLED, reason, spec.commandLine().getOut());
  }
}
