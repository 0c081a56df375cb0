package dev.lanyard.server.app.command.installation;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.app.command.Output;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.node.KeyAudit;
import dev.lanyard.server.app.node.Sealed;
import dev.lanyard.server.keys.KeyEntry;
import dev.lanyard.server.keys.KeyException;
import dev.lanyard.server.keys.KeyRotation;
import dev.lanyard.server.keys.KeyRotation.Ending;
import dev.lanyard.server.keys.KeyState;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.keys.Resealing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lanyard keys`: the signing keys of every server, and the master key that encrypts them. A
/// running server knows a change at once, on every node.
@Command(
    name = "keys",
    description = "The signing keys of every server, and the master key that encrypts them.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class KeysCommand {
  private static final Clock CLOCK = Clock.systemUTC();

  @Mixin private Output output = new Output();

  @Command(
      name = "list",
      description = "Lists the keys: next, active, retired and revoked.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin ConfigurationOption configuration,
      @Option(names = "--json", description = "One JSON object a line.") boolean json) {
    try (var office = Office.open(configuration.read(), CLOCK)) {
      var rotation = rotation(office);
      var keys = rotation.keys();
      keys.forEach(key -> output.say(json ? json(key, rotation) : line(key, rotation)));
      if (keys.isEmpty() && !json) {
        output.say("No key yet. `lanyard serve` makes those that it needs.");
      }
    }
    return 0;
  }

  private static String line(KeyEntry key, KeyRotation rotation) {
    return "%-8s %-15s %-6s %-8s since %s  %s  %s"
        .formatted(
            key.server(),
            key.purpose().value(),
            key.algorithm().value(),
            key.state().value(),
            seconds(key.since()),
            key.keyId(),
            next(key, rotation).map(step -> step.what() + " " + seconds(step.at())).orElse(""))
        .stripTrailing();
  }

  private static Instant seconds(Instant instant) {
    return Instant.ofEpochSecond(instant.getEpochSecond());
  }

  private static String json(KeyEntry key, KeyRotation rotation) {
    var line =
        JsonObject.builder()
            .put("server", key.server())
            .put("purpose", key.purpose().value())
            .put("algorithm", key.algorithm().value())
            .put("state", key.state().value())
            .put("since", key.since().toString())
            .put("kid", key.keyId());
    next(key, rotation).ifPresent(step -> line.put(step.member(), step.at().toString()));
    return line.build().toJson();
  }

  /// What the clock does with a key.
  private record Step(String what, String member, Instant at) {}

  private static Optional<Step> next(KeyEntry key, KeyRotation rotation) {
    return switch (key.state()) {
      case NEXT -> Optional.of(new Step("signs from", "signs_from", rotation.signsFrom(key)));
      case ACTIVE ->
          Optional.of(new Step("successor from", "successor_from", rotation.succeededFrom(key)));
      case RETIRED ->
          rotation
              .publishedUntil(key)
              .map(until -> new Step("published until", "published_until", until));
      case REVOKED -> Optional.empty();
    };
  }

  @Command(
      name = "rotate",
      description = {
        "Publishes a successor for every active key, or for those that are named.",
        "It signs as soon as it has been published for keys.publish_ahead; a running server sees"
            + " to that."
      },
      mixinStandardHelpOptions = true)
  int rotate(
      @Mixin ConfigurationOption configuration,
      @Option(
              names = "--server",
              paramLabel = "SERVER",
              description = "Of this server: broker, ras, receipts or reviews.")
          Optional<String> server,
      @Option(
              names = "--purpose",
              paramLabel = "PURPOSE",
              description = "Of this purpose, such as id-jag or access-token.")
          Optional<String> purpose) {
    try (var office = Office.open(configuration.read(), CLOCK)) {
      var rotation = rotation(office);
      var published =
          rotation.rotate(
              key ->
                  (server.isEmpty() || server.equals(Optional.of(key.server())))
                      && (purpose.isEmpty() || purpose.equals(Optional.of(key.purpose().value()))),
              office.correlationId());
      published.made().forEach(key -> output.say(line(key, rotation)));
      if (!published.unmade().isEmpty()) {
        throw new CommandFailure(
            published.unmade().stream()
                .map(KeyException::getMessage)
                .collect(Collectors.joining("\n", "", "\nWhat is listed above is published.")));
      }
      if (published.made().isEmpty()) {
        output.say(
            "Nothing to do: each of these keys has a successor already, see 'lanyard keys list'.");
      }
    }
    return 0;
  }

  @Command(
      name = "retire",
      description = "Lets the published successor of an active key sign at once.",
      mixinStandardHelpOptions = true)
  int retire(
      @Mixin ConfigurationOption configuration,
      @Parameters(paramLabel = "KID", description = "The key, see 'list'.") String keyId) {
    try (var office = Office.open(configuration.read(), CLOCK)) {
      ended(rotation(office).retire(keyId, office.correlationId()), keyId, "retired");
    }
    return 0;
  }

  @Command(
      name = "revoke",
      description = {
        "Withdraws a key at once: nothing that it signed is accepted here any more.",
        "Others may go on accepting it for as long as they keep a key set that they have fetched"
            + " (some minutes); 'lanyard disable' ends what came of it there."
      },
      mixinStandardHelpOptions = true)
  int revoke(
      @Mixin ConfigurationOption configuration,
      @Parameters(paramLabel = "KID", description = "The key, see 'list'.") String keyId) {
    try (var office = Office.open(configuration.read(), CLOCK)) {
      ended(rotation(office).revoke(keyId, office.correlationId()), keyId, "revoked");
    }
    return 0;
  }

  private void ended(Ending ending, String keyId, String how) {
    switch (ending) {
      case Ending.Ended(_, var successor) ->
          output.say(
              "Key "
                  + keyId
                  + " is "
                  + how
                  + successor.map(key -> "; " + key.keyId() + " signs instead.").orElse("."));
      case Ending.Unsucceeded(_, var why) ->
          output.say(
              "Key %s is revoked. Nothing signs instead: %s.%n".formatted(keyId, why.getMessage())
                  + "A running server makes one within a minute of the moment in which one can be"
                  + " made, if it is of an algorithm that can be had at all.");
      case Ending.Unknown() ->
          throw new CommandFailure("there is no key '" + keyId + "'; see 'lanyard keys list'");
      case Ending.NotActive(var state) ->
          throw new CommandFailure(
              "the key is %s; only an active one can be retired%s"
                  .formatted(
                      state.value(),
                      state == KeyState.NEXT ? ". 'lanyard keys revoke' withdraws it" : ""));
      case Ending.NoSuccessor() ->
          throw new CommandFailure(
              "no successor of this key is published; run 'lanyard keys rotate' first, or 'lanyard"
                  + " keys revoke' if the key is compromised");
      case Ending.Overtaken() ->
          throw new CommandFailure("somebody else has changed this key just now; look again");
    }
  }

  @Command(
      name = "rewrap",
      description = {
        "Encrypts everything again with the master key in force.",
        "Before: make a new key (--create), name it in master_key_file and the old one in"
            + " former_master_key_file, and restart every node. After: remove the old one."
      },
      mixinStandardHelpOptions = true)
  int rewrap(
      @Mixin ConfigurationOption configuration,
      @Option(
              names = "--create",
              paramLabel = "FILE",
              description = "Only makes a new master key in this file, for the step before.")
          Optional<Path> create) {
    if (create.isPresent()) {
      makeMasterKey(create.get());
      return 0;
    }
    var config = configuration.read();
    if (config.masterKey().former().isEmpty()) {
      throw new CommandFailure(
          "there is no former_master_key_file in the configuration, so everything is encrypted with"
              + " the master key in force already");
    }
    var masterKey = config.masterKey().open();
    try (var office = Office.open(config, CLOCK)) {
      new Resealing(office.database(), masterKey, Sealed.columns())
          .run()
          .forEach(
              one -> output.say("%s: %d encrypted again".formatted(one.table(), one.values())));
    }
    output.say(
        "Done. Remove former_master_key_file from the configuration, and keep the old key as long"
            + " as you keep backups that need it.");
    return 0;
  }

  private void makeMasterKey(Path file) {
    if (Files.exists(file)) {
      throw new CommandFailure(file + " is there already; nothing was changed");
    }
    MasterKey.create(file);
    output.say("Wrote " + file + ", readable by its owner only. Name it in master_key_file.");
  }

  private static KeyRotation rotation(Office office) {
    var config = office.configuration();
    return new KeyRotation(
        office.database(), config.keySafe(CLOCK), config.keys(), new KeyAudit(), CLOCK);
  }
}
