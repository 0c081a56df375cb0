package dev.lanyard.server.app.command.library;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.app.command.Passphrase;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.publication.ApproverKey;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard approver`: the keys by which people sign what they propose and approve.
@Command(
    name = "approver",
    description =
        "Makes the key by which somebody signs proposals, approvals, reviews and forecasts.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class ApproverCommand {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(
      name = "key",
      description =
          "Makes a private key in a new file of yours, and prints the entry for the approvers file."
              + " The private key stays with you: whoever has it signs as you.",
      mixinStandardHelpOptions = true)
  int key(
      @Parameters(paramLabel = "FILE", description = "The new file.") Path file,
      @Option(names = "--name", required = true, paramLabel = "NAME", description = "You.")
          String name,
      @Option(names = "--passphrase", description = "Ask for a passphrase to encrypt it with.")
          boolean passphrase,
      @Option(
              names = "--passphrase-file",
              paramLabel = "FILE",
              description = "Encrypt it with the passphrase in the first line of this file.")
          Optional<Path> passphraseFile) {
    try {
      var secret =
          passphrase || passphraseFile.isPresent()
              ? Optional.of(Passphrase.chosen(passphraseFile))
              : Optional.<Secret>empty();
      var key = ApproverKey.create(file, secret);
      var out = spec.commandLine().getOut();
      out.println(
          "# For the approvers file on every node. may: some of propose, approve, emergency, review,"
              + " forecast");
      out.println("  - name: \"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
      out.println("    may: [propose, approve]");
      out.println("    key: " + key.publicKey().toJwk().toJson());
      out.flush();
      return 0;
    } catch (ApproverKey.Unusable e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }
}
