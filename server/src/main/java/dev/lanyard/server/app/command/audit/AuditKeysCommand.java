package dev.lanyard.server.app.command.audit;

import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.node.AuditOffice;
import java.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `lanyard audit keys`: with what auditors verify.
@Command(
    name = "keys",
    description = {
      "Prints the keys with which others verify the audit log, the first one first.",
      "Keep them where whoever runs this installation cannot change them."
    },
    mixinStandardHelpOptions = true)
final class AuditKeysCommand implements Runnable {
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--rotate",
      description = {
        "Makes another key sign from now on, on every node; the former one signs that it agrees.",
        "What was signed stays good. Give the new key to every auditor and witness."
      })
  private boolean rotate;

  @Override
  public void run() {
    try (var office = AuditOffice.open(configuration.read(), Clock.systemUTC())) {
      if (rotate) {
        var _ =
            office
                .log()
                .rotate(Office.operator().name(), Office.newCorrelationId())
                .orElseThrow(
                    () -> new CommandFailure("another process is at it: look and try again"));
      }
      office.log().keys().forEach(spec.commandLine().getOut()::println);
      spec.commandLine().getOut().flush();
    }
  }
}
