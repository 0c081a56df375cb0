package dev.lanyard.server.app.command.connect;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.app.command.Output;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.scim.ScimConnection;
import dev.lanyard.server.scim.ScimTokens;
import dev.lanyard.server.scim.ScimTokens.Creation;
import dev.lanyard.server.scim.ScimTokens.Entry;
import dev.lanyard.server.yaml.Durations;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lanyard scim`: the credentials by which identity providers keep people and groups here. A
/// running server knows a change at once, on every node.
@Command(
    name = "scim",
    description = "The credentials of identity providers that keep people and groups here.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = ScimCommand.TokenCommand.class)
public final class ScimCommand {

  /// `lanyard scim token`.
  @Command(
      name = "token",
      description =
          "Makes, lists and revokes the tokens of a connection; two may be valid at once.",
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "COMMAND")
  static final class TokenCommand {
    private static final Clock CLOCK = Clock.systemUTC();

    @Mixin private Output output = new Output();

    @Command(
        name = "create",
        description = "Makes a token and shows it, this once.",
        mixinStandardHelpOptions = true)
    int create(
        @Mixin ConfigurationOption configuration,
        @Parameters(paramLabel = "CONNECTION", description = "The id of the connection.")
            String connection,
        @Option(
                names = "--life",
                paramLabel = "DURATION",
                description = "How long it is valid, such as 180d (default: until it is revoked).")
            Optional<String> life,
        @Option(names = "--json", description = "Answer in JSON.") boolean json) {
      var config = configuration.read();
      var named = find(config, connection);
      if (named.hasClients()) {
        throw new CommandFailure(
            connection
                + " takes tokens of its OAuth clients only, from <issuer>/scim/v2/token: "
                + named.clients().stream()
                    .map(ClientId::value)
                    .sorted()
                    .collect(Collectors.joining(", ")));
      }
      var lasting = life.map(TokenCommand::duration);
      try (var office = Office.open(config, CLOCK)) {
        switch (new ScimTokens(office.database(), CLOCK)
            .create(named, lasting, office.correlationId())) {
          case Creation.Created(var id, var secret) when json ->
              output.say(
                  JsonObject.builder()
                      .put("id", id)
                      .put("connection", connection)
                      .put("token", secret.reveal())
                      .build()
                      .toJson());
          case Creation.Created(var id, var secret) -> {
            output.say("token " + id + " of " + connection + ", shown this once:");
            output.say(secret.reveal());
          }
          case Creation.TooMany(var valid) ->
              throw new CommandFailure(
                  "%s has %d valid tokens already; revoke one first: lanyard scim token revoke %s %s"
                      .formatted(
                          connection,
                          valid.size(),
                          connection,
                          valid.stream().map(Entry::id).collect(Collectors.joining(" or "))));
        }
      }
      return 0;
    }

    private static Duration duration(String text) {
      try {
        return Durations.parse(text);
      } catch (IllegalArgumentException e) {
        throw new CommandFailure("--life: " + e.getMessage(), e);
      }
    }

    @Command(
        name = "list",
        description = "Lists the tokens of a connection, without their secrets.",
        mixinStandardHelpOptions = true)
    int list(
        @Mixin ConfigurationOption configuration,
        @Parameters(paramLabel = "CONNECTION") String connection,
        @Option(names = "--json", description = "One JSON object a line.") boolean json) {
      var config = configuration.read();
      var named = find(config, connection);
      try (var office = Office.open(config, CLOCK)) {
        var tokens = new ScimTokens(office.database(), CLOCK).list(named.id());
        tokens.forEach(token -> output.say(json ? json(token) : line(token)));
        if (tokens.isEmpty() && !json) {
          output.say("No token yet. `lanyard scim token create " + connection + "` makes one.");
        }
      }
      return 0;
    }

    private static String line(Entry token) {
      return "%-10s made %s  last used %s  %s"
          .formatted(
              token.id(),
              token.createdAt(),
              token.usedAt().map(Instant::toString).orElse("never"),
              state(token) + token.expiresAt().map(expiry -> ", expires " + expiry).orElse(""));
    }

    private static String json(Entry token) {
      return JsonObject.builder()
          .put("id", token.id())
          .put("connection", token.connection())
          .put("state", state(token))
          .put("created_at", token.createdAt().toString())
          .putIfPresent("expires_at", token.expiresAt().map(Instant::toString))
          .putIfPresent("used_at", token.usedAt().map(Instant::toString))
          .putIfPresent("revoked_at", token.revokedAt().map(Instant::toString))
          .build()
          .toJson();
    }

    private static String state(Entry token) {
      if (token.revokedAt().isPresent()) {
        return "revoked";
      }
      return token.isValid(CLOCK.instant()) ? "valid" : "expired";
    }

    @Command(
        name = "revoke",
        description = "Revokes a token at once. What it has made stays.",
        mixinStandardHelpOptions = true)
    int revoke(
        @Mixin ConfigurationOption configuration,
        @Parameters(index = "0", paramLabel = "CONNECTION") String connection,
        @Parameters(index = "1", paramLabel = "TOKEN", description = "Its id, see 'list'.")
            String id) {
      var config = configuration.read();
      var named = find(config, connection);
      try (var office = Office.open(config, CLOCK)) {
        if (!new ScimTokens(office.database(), CLOCK).revoke(named, id, office.correlationId())) {
          throw new CommandFailure(connection + " has no token '" + id + "'");
        }
        output.say("Token " + id + " of " + connection + " is revoked.");
      }
      return 0;
    }

    private static ScimConnection find(Configuration config, String id) {
      return config
          .scim()
          .connection(id)
          .orElseThrow(() ->
              new CommandFailure(
                  "there is no connection '" + id + "' under broker.scim.connections"));
    }
  }
}
