package dev.lanyard.server.app;

import dev.lanyard.server.revocation.Happening;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
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
final class RevokeCommand implements Runnable {
  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Target target = new Target();

  @Option(names = "--yes-i-mean", paramLabel = "NAME", description = "The name once more.")
  private Optional<String> confirmation = Optional.empty();

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
    Kill.confirmed(
        target.toConfirm(), confirmation, "This ends the access of everybody to " + target.name());
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
