package dev.lanyard.server.app.command.revocation;

import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.revocation.Happening;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `lanyard revoke`.
@Command(
    name = "revoke",
    description =
        "Takes back what was issued. A person may sign in again; a client, connector, issuer or"
            + " everything stays stopped until `lanyard enable`, unless --issued-only is given.",
    mixinStandardHelpOptions = true)
public final class RevokeCommand implements Runnable {
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Mixin private Stopped stopped = new Stopped();

  @Option(
      names = "--issued-only",
      description = "Kill what was issued so far, and go on issuing: after a theft, for instance.")
  private boolean issuedOnly;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "revoked by an administrator",
      description = "For the record.")
  private String reason = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    var target = stopped.target();
    stopped.confirmed("This ends the access of everybody to");
    // A person is no thing that is stopped by taking tokens back: that is `disable`.
    boolean stops = !issuedOnly && target.toConfirm().isPresent();
    Kill.tell(
        configuration.read(),
        target,
        stops ? Happening.DISABLED : Happening.TOKENS_REVOKED,
        reason,
        spec.commandLine().getOut());
  }
}
