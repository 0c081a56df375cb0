package dev.lanyard.server.app.command.governance;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.LibraryDesk;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.node.GovernanceNode;
import dev.lanyard.server.catalog.Bucket;
import dev.lanyard.server.catalog.Fact;
import dev.lanyard.server.catalog.KnownWorld;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.governance.probe.Evidence;
import dev.lanyard.server.governance.probe.EvidenceLog;
import dev.lanyard.server.governance.probe.Finding;
import dev.lanyard.server.governance.probe.Probes;
import dev.lanyard.server.governance.probe.Probes.Target;
import dev.lanyard.server.governance.probe.Published;
import dev.lanyard.server.library.Library;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard probe`: looks at connectors from outside.
@Command(
    name = "probe",
    description = {
      "Looks at connectors from outside and keeps what they publish as dated evidence: challenge,"
          + " protected resource metadata, metadata of the authorization server.",
      "It asks for no token, waits a second between two requests to a host, and goes only where"
          + " 'outbound' lets it. What contradicts the catalogue is an alarm."
    },
    mixinStandardHelpOptions = true)
public final class ProbeCommand implements Runnable {
  private static final Clock CLOCK = Clock.systemUTC();

  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Parameters(
      arity = "0..*",
      paramLabel = "CONNECTOR",
      description = "Connectors of the role library or the catalogue (default: the library's).")
  private List<String> connectors = List.of();

  @Option(names = "--catalog", description = "Also every connector of the catalogue.")
  private boolean catalogue;

  @Option(names = "--recorded", description = "Asks nobody: what was found last.")
  private boolean recorded;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  /// One connector with what is known of it.
  private record Shown(Target target, Optional<Evidence> evidence, Optional<String> contradiction) {
    JsonObject toJson(LocalDate day) {
      var json =
          JsonObject.builder()
              .put("connector", target.id())
              .put("address", target.address().value())
              .putIfPresent("contradicts", contradiction)
              .putIfPresent("token_life", tokenLife(day));
      evidence.ifPresent(one -> json.put("evidence", one.toJson()));
      return json.build();
    }

    /// No metadata says it, so it is known from the catalogue or not at all.
    Optional<String> tokenLife(LocalDate day) {
      return target
          .known()
          .flatMap(one -> one.seen().fact(Fact.TOKEN_LIFE, day))
          .map(said -> said.value());
    }
  }

  @Override
  public void run() {
    var config = configuration.read();
    var known = config.governance().known();
    try (var database = Database.open(config.database(), CLOCK)) {
      var targets = targets(LibraryDesk.decisive(database, config, Optional.empty()), known);
      print(
          recorded
              ? recorded(database, targets)
              : new Probes(database, new EgressClient(config.outbound()), CLOCK)
                  .now(targets).stream()
                      .map(one ->
                          new Shown(one.target(), Optional.of(one.evidence()), one.contradiction()))
                      .toList());
    }
  }

  private List<Target> targets(Library library, KnownWorld known) {
    var all = GovernanceNode.targets(library, known, catalogue || !connectors.isEmpty());
    if (connectors.isEmpty()) {
      return all;
    }
    var named = new LinkedHashMap<String, Target>();
    // What the library has comes first, and counts.
    all.forEach(one -> named.putIfAbsent(one.id(), one));
    return connectors.stream()
        .map(id -> Optional.ofNullable(named.get(id)).orElseThrow(() -> unknown(id)))
        .toList();
  }

  private static CommandFailure unknown(String id) {
    return new CommandFailure(
        "neither the role library nor the catalogue has a connector '%s' with an address"
            .formatted(id));
  }

  private static List<Shown> recorded(Database database, List<Target> targets) {
    var evidence = new EvidenceLog(database).at(CLOCK.instant());
    return targets.stream()
        .map(one ->
            new Shown(
                one,
                Optional.ofNullable(evidence.get(one.address())).map(EvidenceLog.Known::last),
                Optional.empty()))
        .toList();
  }

  private void print(List<Shown> all) {
    var out = spec.commandLine().getOut();
    var day = LocalDate.ofInstant(CLOCK.instant(), ZoneOffset.UTC);
    if (json) {
      out.println(
          JsonObject.builder()
              .put("at", CLOCK.instant().toString())
              .put("connectors", all.stream().map(one -> one.toJson(day)).toList())
              .build()
              .toPrettyJson());
    } else {
      all.forEach(one -> print(out, one, day));
      if (all.isEmpty()) {
        out.println("The role library has no connector to look at; --catalog looks at all known.");
      }
    }
    out.flush();
  }

  private static void print(PrintWriter out, Shown one, LocalDate day) {
    out.printf(
        "%-20s %-9s %s%n",
        one.target().id(),
        one.evidence()
            .flatMap(found -> found.finding().bucket())
            .map(Bucket::value)
            .orElse("unknown"),
        one.evidence().map(found -> found.finding().text()).orElse("nobody has looked yet"));
    one.evidence()
        .ifPresent(found -> {
          if (found.finding() instanceof Finding.Seen(var published)) {
            print(out, published);
          }
          out.printf("    so since %s, last seen %s%n", found.since(), found.confirmed());
        });
    one.tokenLife(day).ifPresent(life -> out.printf("    tokens live %s (catalogue)%n", life));
    one.contradiction().ifPresent(text -> out.printf("    CONTRADICTION: %s%n", text));
  }

  private static void print(PrintWriter out, Published published) {
    out.printf(
        "    without a token: %s; resource metadata: %s%n",
        published.challenge(), yes(published.resourceMetadata()));
    out.printf(
        "    authorization server: %s%n", String.join(", ", published.authorizationServers()));
    out.printf(
        "    jwt-bearer %s, id-jag %s, metadata documents %s, registration %s, revocation %s, DPoP"
            + " %s%n",
        yes(published.jwtBearer()),
        yes(published.idJag()),
        yes(published.clientIdMetadataDocuments()),
        yes(published.registration()),
        yes(published.revocation()),
        yes(published.dpop()));
    if (!published.authMethods().isEmpty()) {
      out.printf(
          "    clients prove themselves by %s%n", String.join(", ", published.authMethods()));
    }
  }

  private static String yes(boolean flag) {
    return flag ? "yes" : "no";
  }
}
