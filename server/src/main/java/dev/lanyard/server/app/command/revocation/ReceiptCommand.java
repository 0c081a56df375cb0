package dev.lanyard.server.app.command.revocation;

import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.HowMany;
import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.app.command.Output;
import dev.lanyard.server.app.command.UserOption;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.node.FanOut;
import dev.lanyard.server.receipts.Cause;
import dev.lanyard.server.receipts.Reach;
import dev.lanyard.server.receipts.Receipt;
import dev.lanyard.server.receipts.ReceiptVerdict;
import dev.lanyard.server.receipts.Receipts;
import dev.lanyard.server.revocation.Denied;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lanyard receipt`: who was refused since when, everywhere, signed.
@Command(
    name = "receipt",
    description = "Lists, shows, exports and verifies kill receipts.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class ReceiptCommand {
  private static final Clock CLOCK = Clock.systemUTC();

  @Mixin private Output output = new Output();

  @Command(
      name = "list",
      description = "Lists receipts, newest first.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin ConfigurationOption configuration,
      @ArgGroup(exclusive = false, heading = "Only of this person:%n") @Nullable UserOption user,
      @Option(
              names = "--last",
              converter = HowMany.class,
              paramLabel = "N",
              defaultValue = "20",
              description = "How many at most (default: ${DEFAULT-VALUE}).")
          int last,
      @Option(names = "--json", description = "One JSON object a line.") boolean json) {
    try (var office = Office.open(configuration.read(), CLOCK)) {
      var person =
          Optional.ofNullable(user)
              .flatMap(one -> one.find(office.directory()))
              .map(one -> one.id().value());
      var found = new Receipts(office.database()).newest(person, last);
      found.forEach(receipt -> output.say(json ? toJson(receipt).toJson() : line(receipt)));
      if (found.isEmpty() && !json) {
        output.say("There is no receipt yet.");
      }
    }
    return 0;
  }

  @Command(
      name = "show",
      description = "Shows what a receipt says.",
      mixinStandardHelpOptions = true)
  int show(
      @Mixin ConfigurationOption configuration,
      @Parameters(paramLabel = "INCIDENT", description = "As `list` shows it.") String incident) {
    var config = configuration.read();
    try (var office = Office.open(config, CLOCK)) {
      var keys = FanOut.keys(office.database(), config.keySafe(CLOCK), CLOCK).published();
      switch (ReceiptVerdict.of(signed(office, incident), keys)) {
        case ReceiptVerdict.Genuine(var account) -> output.say(account.toPrettyJson());
        case ReceiptVerdict.Refused(var why) -> throw new CommandFailure(why);
      }
    }
    return 0;
  }

  @Command(
      name = "export",
      description = "Writes the signed receipt, to be verified by others without this server.",
      mixinStandardHelpOptions = true)
  int export(
      @Mixin ConfigurationOption configuration,
      @Parameters(paramLabel = "INCIDENT", description = "As `list` shows it.") String incident) {
    try (var office = Office.open(configuration.read(), CLOCK)) {
      output.say(signed(office, incident));
    }
    return 0;
  }

  @Command(
      name = "keys",
      description = "Writes the public keys that verify receipts, as a JWK Set.",
      mixinStandardHelpOptions = true)
  int keys(@Mixin ConfigurationOption configuration) {
    var config = configuration.read();
    try (var office = Office.open(config, CLOCK)) {
      var keys = FanOut.keys(office.database(), config.keySafe(CLOCK), CLOCK).published();
      output.say(keys.toJson().toPrettyJson());
    }
    return 0;
  }

  @Command(
      name = "verify",
      description =
          "Verifies an exported receipt. Needs nothing but the two files, and an export of the audit"
              + " log to know whether it was replaced; exit code 1 if it is not genuine, or not the"
              + " newest in the log.",
      mixinStandardHelpOptions = true)
  int verify(
      @Parameters(paramLabel = "FILE", description = "As `export` wrote it.") Path file,
      @Option(
              names = "--key",
              required = true,
              paramLabel = "JWKS",
              description = "As `keys` wrote it; kept since before the incident.")
          Path jwks,
      @ArgGroup(exclusive = false) @Nullable Log log,
      @Option(names = "--json", description = "Prints the whole account.") boolean json) {
    var signed = text(file);
    return switch (ReceiptVerdict.of(signed, keys(jwks))) {
      case ReceiptVerdict.Genuine(var account) -> {
        output.say(json ? account.toPrettyJson() : summary(account));
        var found =
            Optional.ofNullable(log)
                .map(it ->
                    ReceiptInLog.found(signed, said(account, "incident"), it.export, it.keys));
        if (!json) {
          output.say(found.orElse("Whether another has replaced it only the log says: --log."));
        }
        yield 0;
      }
      case ReceiptVerdict.Refused(var why) -> throw new CommandFailure("NOT GENUINE: " + why);
    };
  }

  /// An export of the audit log, and who must have signed it.
  private static final class Log {
    @Option(
        names = "--log",
        required = true,
        paramLabel = "EXPORT",
        description = "The folder of an export of the audit log.")
    private Path export = Path.of("");

    @Option(
        names = "--log-key",
        required = true,
        paramLabel = "KEY",
        description = "A key of the log, as 'lanyard audit keys' printed it once.")
    private List<String> keys = List.of();
  }

  private static String summary(JsonObject account) {
    return """
    Genuine. Issued %s by %s.
    Incident %s about %s
    %s
    Refused from %s, %s%s\
    """
        .formatted(
            said(account, "issued_at"),
            said(account, "iss"),
            said(account, "incident"),
            about(account),
            happened(account),
            said(account, "refused_from"),
            reached(account),
            account.text("final").equals(Optional.of("true"))
                ? ""
                : "\nNot final: somebody outside is still being told.");
  }

  private static String happened(JsonObject account) {
    try {
      var cause = Cause.of(account);
      var lines = new ArrayList<>(List.of("Signalled: " + cause.told()));
      cause.butNoKill().ifPresent(lines::add);
      cause.dead().forEach(one -> lines.add("Dead: " + one));
      return String.join("\n", lines);
    } catch (MalformedException e) {
      return "What was signalled is not readable here: see --json";
    }
  }

  private static String reached(JsonObject account) {
    try {
      var reach = Reach.of(account);
      var lines = new ArrayList<String>();
      lines.add(
          reach
              .everywhereBy()
              .map(at -> "everywhere by " + at)
              .orElse(
                  reach.notRefused().isEmpty()
                      ? "but NOT KNOWN of everywhere"
                      : "but NOT EVERYWHERE"));
      for (var one : account.objects("connectors").orElse(List.of())) {
        one.string("refused_by")
            .ifPresent(at ->
                lines.add(
                    "At %s by %s: %s".formatted(said(one, "connector"), at, said(one, "because"))));
      }
      reach
          .notRefused()
          .forEach(one -> lines.add("NOT REFUSED: a token that must be dead was taken at " + one));
      reach.withoutReach().forEach(one -> lines.add("Without reach: not confirmed by " + one));
      reach.residual().entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(one ->
              lines.add(
                  "Residual: no new token at %s from %s; those that are out live %s"
                      .formatted(
                          one.getKey(),
                          one.getValue().noNewTokenFrom(),
                          one.getValue()
                              .untilAtMost()
                              .map(until -> "until %s at most".formatted(until))
                              .orElse("as long as it lets them"))));
      return String.join("\n", lines);
    } catch (MalformedException e) {
      return "and what it says of elsewhere is not readable here: see --json";
    }
  }

  private static String said(JsonObject account, String name) {
    try {
      return account.string(name).orElse("?");
    } catch (MalformedException e) {
      return "?";
    }
  }

  private static String about(JsonObject account) {
    var person = said(account, "person");
    try {
      return person.equals("?")
          ? account.objects("denied").orElse(List.of()).stream()
              .map(one -> said(one, "kind") + " " + said(one, "value"))
              .collect(Collectors.joining(", "))
          : "the person " + person;
    } catch (MalformedException e) {
      return "?";
    }
  }

  private static String signed(Office office, String incident) {
    var receipt =
        new Receipts(office.database())
            .find(incident)
            .orElseThrow(() ->
                new CommandFailure(
                    "no receipt is '" + incident + "'; `lanyard receipt list` shows them"));
    return receipt
        .signed()
        .orElseThrow(() ->
            new CommandFailure(
                "the receipt is not signed yet: somebody has not settled, or no server runs"));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new CommandFailure("cannot read " + file, e);
    }
  }

  private static PublicKeySet keys(Path file) {
    try {
      return PublicKeySet.parse(JsonObject.parse(text(file)));
    } catch (MalformedException e) {
      throw new CommandFailure(file + " is not a JWK Set: " + e.getMessage(), e);
    }
  }

  private static String line(Receipt receipt) {
    return "%-24s %s  %-24s %-32s %s"
        .formatted(
            receipt.incident(),
            receipt.at(),
            about(receipt),
            receipt.cause().told(),
            receipt.issuedAt().isEmpty()
                ? "not everybody has settled"
                : (receipt.isFinal() ? "signed" : "signed, not final")
                    + receipt.reach().map(ReceiptCommand::where).orElse(""));
  }

  private static String where(Reach reach) {
    if (reach.everywhereBy().isPresent()) {
      return "";
    }
    return reach.notRefused().isEmpty() ? ", not known of everywhere" : ", NOT REFUSED EVERYWHERE";
  }

  private static String about(Receipt receipt) {
    return receipt
        .person()
        .orElseGet(
            () -> receipt.about().stream().map(Denied::told).collect(Collectors.joining(", ")));
  }

  private static JsonObject toJson(Receipt receipt) {
    return JsonObject.builder()
        .put("incident", receipt.incident())
        .putIfPresent("organisation", receipt.organisation())
        .putIfPresent("person", receipt.person())
        .put("about", receipt.about().stream().map(Denied::written).toList())
        .putIfPresent("what", receipt.cause().what())
        .putIfPresent("source", receipt.cause().source())
        .put("at", receipt.at().toString())
        .putIfPresent("issued_at", receipt.issuedAt().map(Instant::toString))
        .putIfPresent(
            "refused_everywhere_by",
            receipt.reach().flatMap(Reach::everywhereBy).map(Instant::toString))
        .put("final", receipt.isFinal())
        .put("not_refused", receipt.reach().map(Reach::notRefused).orElse(List.of()))
        .build();
  }
}
