package dev.lanyard.server.app.command.client;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.app.command.Output;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.clients.RedirectUri;
import dev.lanyard.server.clients.registration.RegisteredClient;
import dev.lanyard.server.clients.registration.RegisteredClients;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.token.KnownClients;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard client`: what a registered client needs, and those that have registered themselves.
@Command(
    name = "client",
    description =
        "Makes what a client's registration needs, and shows those that registered themselves.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = ClientCommand.SecretCommand.class)
public final class ClientCommand {

  private static final Clock CLOCK = Clock.systemUTC();

  @Mixin private Output output = new Output();

  @Command(
      name = "list",
      description =
          "Lists the clients that have registered themselves, those that were used last first.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin ConfigurationOption configuration,
      @Option(names = "--json", description = "One JSON object a line.") boolean json) {
    var config = configuration.read();
    try (var office = Office.open(config, CLOCK)) {
      servers(config)
          .forEach((server, doors) ->
              registered(office, server, doors)
                  .list()
                  .forEach(one -> output.say(json ? json(server, one) : line(server, one))));
    }
    return 0;
  }

  @Command(
      name = "remove",
      description =
          "Removes a client that has registered itself, and all that it was given. A running server"
              + " knows it at once, on every node.",
      mixinStandardHelpOptions = true)
  int remove(
      @Mixin ConfigurationOption configuration,
      @Parameters(paramLabel = "CLIENT", description = "Its id, as `lanyard client list` has it.")
          ClientId client) {
    var config = configuration.read();
    try (var office = Office.open(config, CLOCK)) {
      for (var server : servers(config).entrySet()) {
        var clients = registered(office, server.getKey(), server.getValue());
        if (clients.isRegistered(client)) {
          // First, and until lifted: if this ends here nothing more is issued, and it can be
          // repeated.
          var _ =
              office.report(
                  new Subject.Client(server.getKey(), client),
                  Happening.DISABLED,
                  "removed by an administrator");
          var _ =
              clients.remove(
                  client, KnownClients.witness("client.removed", office.correlationId(), CLOCK));
          output.say("removed " + client + " at " + server.getKey());
          return 0;
        }
      }
    }
    throw new CommandFailure(
        "no client '"
            + client
            + "' has registered itself; nothing was changed. A client of the"
            + " clients file is removed there.");
  }

  private static Map<Issuer, KnownClients.Doors> servers(Configuration config) {
    var servers = new LinkedHashMap<Issuer, KnownClients.Doors>();
    config.broker().ifPresent(one -> servers.put(one.config().issuer(), one.doors()));
    config.ras().ifPresent(one -> servers.put(one.config().issuer(), one.doors()));
    return servers;
  }

  private static RegisteredClients registered(
      Office office, Issuer server, KnownClients.Doors doors) {
    return RegisteredClients.open(doors.registration(), office.database(), server, CLOCK);
  }

  private static String line(Issuer server, RegisteredClient one) {
    return "%s  %s  \"%s\"  %s  registered %s, used %s"
        .formatted(
            one.client().id(),
            server,
            one.client().name(),
            one.client().redirectUris(),
            one.registeredAt(),
            one.usedAt());
  }

  private static String json(Issuer server, RegisteredClient one) {
    return JsonObject.builder()
        .put("server", server.value())
        .put("client_id", one.client().id().value())
        .put("client_name", one.client().name())
        .put("redirect_uris", one.client().redirectUris().stream().map(RedirectUri::value).toList())
        .put("registered_at", one.registeredAt().toString())
        .put("used_at", one.usedAt().toString())
        .build()
        .toJson();
  }

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
