package dev.lanyard.server.app;

import dev.lanyard.server.app.node.AuditOffice;
import java.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `lanyard audit keys`: with what auditors verify.
@Command(
    name = "keys",
    description = {
      "Prints the key with which others verify the audit log.",
      "Keep it where whoever runs this installation cannot change it: it never changes."
    },
    mixinStandardHelpOptions = true)
final class AuditKeysCommand implements Runnable {
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    try (var office = AuditOffice.open(configuration.read(), Clock.systemUTC())) {
      spec.commandLine().getOut().println(office.log().key());
      spec.commandLine().getOut().flush();
    }
  }
}
