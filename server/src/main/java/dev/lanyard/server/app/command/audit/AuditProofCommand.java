package dev.lanyard.server.app.command.audit;

import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.node.AuditOffice;
import dev.lanyard.server.transparency.DamagedLogException;
import java.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard audit proof`: one record with what proves it.
@Command(
    name = "proof",
    description = {
      "Prints one record with the proof that it is in the audit log, as one file.",
      "Whoever has the key verifies it with 'lanyard audit verify FILE --key KEY', without the rest of"
          + " the record."
    },
    mixinStandardHelpOptions = true)
final class AuditProofCommand implements Runnable {
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Parameters(paramLabel = "SEQUENCE", description = "The number of the record.")
  private long sequence;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    try (var office = AuditOffice.open(configuration.read(), Clock.systemUTC())) {
      office.log().takeIn();
      var proof = office.log().proof(sequence);
      if (proof.isEmpty()) {
        throw new CommandFailure("no record " + sequence + " is in the audit log");
      }
      spec.commandLine().getOut().print(proof.get().print());
      spec.commandLine().getOut().flush();
    } catch (DamagedLogException e) {
      throw new CommandFailure("the audit log cannot grow: " + e.getMessage());
    }
  }
}
