package dev.lanyard.server.app;

import dev.lanyard.server.clients.ClientSecret;
import java.security.SecureRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `lanyard client`: what a registered client needs.
@Command(
    name = "client",
    description = "Makes what a client's registration needs.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = ClientCommand.SecretCommand.class)
final class ClientCommand {

  /// `lanyard client secret`.
  @Command(
      name = "secret",
      description = "Makes a random client secret, and the hash that goes into the clients file.",
      mixinStandardHelpOptions = true)
  static final class SecretCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
      var made = ClientSecret.generate(new SecureRandom());
      var out = spec.commandLine().getOut();
      out.println("secret, for the client (shown this once):  " + made.secret().reveal());
      out.println("secret_hash, for the clients file:         " + made.hash().text());
      out.flush();
    }
  }
}
