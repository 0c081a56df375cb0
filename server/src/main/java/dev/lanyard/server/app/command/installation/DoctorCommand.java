package dev.lanyard.server.app.command.installation;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.jose.CryptoProvider;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.app.checkup.AddressCheckup;
import dev.lanyard.server.app.checkup.ApproverCheckup;
import dev.lanyard.server.app.checkup.BrokerClients;
import dev.lanyard.server.app.checkup.ClientCheckup;
import dev.lanyard.server.app.checkup.DatabaseCheckup;
import dev.lanyard.server.app.checkup.DatabaseFileCheckup;
import dev.lanyard.server.app.checkup.DryRun;
import dev.lanyard.server.app.checkup.ExportCheckup;
import dev.lanyard.server.app.checkup.Finding;
import dev.lanyard.server.app.checkup.GatewayCheckup;
import dev.lanyard.server.app.checkup.GroupCheckup;
import dev.lanyard.server.app.checkup.OutboundCheckup;
import dev.lanyard.server.app.checkup.RealClient;
import dev.lanyard.server.app.checkup.RetentionCheckup;
import dev.lanyard.server.app.checkup.SamlCheckup;
import dev.lanyard.server.app.checkup.SecretsCheckup;
import dev.lanyard.server.app.checkup.ServerCheckup;
import dev.lanyard.server.app.checkup.SigningCheckup;
import dev.lanyard.server.app.checkup.SlashCheckup;
import dev.lanyard.server.app.checkup.TlsCheckup;
import dev.lanyard.server.app.checkup.ToldNameCheckup;
import dev.lanyard.server.app.checkup.UpstreamCheckup;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.LibraryDesk;
import dev.lanyard.server.app.command.UserOption;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.node.LibraryPeople;
import dev.lanyard.server.authorization.SignInWays;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.directory.BrokerRecord;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.OwnBroker;
import dev.lanyard.server.gateway.GatewayConfig;
import dev.lanyard.server.http.Certificate;
import dev.lanyard.server.http.Tls;
import dev.lanyard.server.keys.KeyException;
import dev.lanyard.server.keys.KeySafe;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.policy.PolicyLibrary;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.publication.LibraryConfig.Mode;
import dev.lanyard.server.ras.FlowConfig;
import dev.lanyard.server.token.Paths;
import dev.lanyard.server.yaml.FaultyFileException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `lanyard doctor`: checks the files, then the running servers from outside.
@Command(
    name = "doctor",
    description =
        "Checks a set-up: files, database, certificates, and the running servers from outside."
            + " Exit code 1 if something must be changed.",
    mixinStandardHelpOptions = true)
public final class DoctorCommand implements Callable<Integer> {
  private static final Clock CLOCK = Clock.systemUTC();

  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @ArgGroup(
      exclusive = false,
      heading =
          "Also goes with a person through exchange and redemption, without issuing anything:%n")
  private UserOption user = new UserOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final List<Finding> findings = new ArrayList<>();

  private BrokerClients clients = BrokerClients.OF_THE_FILE;

  @Override
  public Integer call() {
    examineRuntime();
    // Told at once: it is true whatever becomes of the configuration.
    var out = spec.commandLine().getOut();
    int told = findings.size();
    findings.stream().map(Finding::line).forEach(out::println);
    out.flush();
    var config = configuration.read();
    findings.add(Finding.good("configuration", configuration.file() + " is well-formed"));
    examineFiles(config);
    examineServers(config);
    examineGateway(config);
    examineClients(config);
    findings.stream().skip(told).map(Finding::line).forEach(out::println);
    var bad = findings.stream().filter(finding -> finding.level() == Finding.Level.BAD).count();
    out.println(bad == 0 ? "Nothing needs to be changed." : bad + " must be changed.");
    out.flush();
    return bad == 0 ? 0 : 1;
  }

  private void examineRuntime() {
    var crypto = CryptoProvider.active();
    findings.add(Finding.good("java", Runtime.version().toString()));
    findings.add(
        crypto.name().equals("ACCP")
            ? Finding.good("crypto", "native (" + crypto.name() + " " + crypto.detail() + ")")
            : Finding.note(
                "crypto",
                crypto.name() + ", several times slower than native: " + crypto.detail()));
  }

  private void examineFiles(Configuration config) {
    // First of all: it has clients that others look at.
    attempt(
        "database",
        () -> {
          try (var database = Database.openUnmigrated(config.database(), CLOCK)) {
            findings.addAll(DatabaseCheckup.examine(config, database));
            clients = BrokerClients.of(config, database);
            findings.addAll(clients.examine());
            var own = LibraryPeople.now(config, BrokerRecord.find(database));
            examineToldNames(config, database, own);
            if (config.gateway().isPresent()) {
              findings.addAll(
                  GroupCheckup.atGateway(RetentionCheckup.known(config, database), own));
            }
            return config.database().place() + " answers";
          }
        });
    attempt(
        "master key",
        () -> {
          var safe = config.keySafe(CLOCK);
          examineSigning(config, safe);
          return config.masterKey().place()
              + " is a key"
              + config.keys().pkcs11().map(_ -> ", and the security module opens").orElse("");
        });
    SecretsCheckup.examine(config.masterKey(), configuration.file()).ifPresent(findings::add);
    findings.addAll(DatabaseFileCheckup.examine(config.database()));
    findings.addAll(ExportCheckup.examine(config.outside().exports()));
    OutboundCheckup.examine(config).ifPresent(findings::add);
    examineLibrary(config);
    config
        .broker()
        .ifPresent(broker -> {
          attempt(
              "broker clients",
              () -> ClientRegistry.open(broker.clients()).all().size() + " registered");
          broker.tls().ifPresent(tls -> examineCertificate("broker", tls));
        });
    config
        .ras()
        .ifPresent(ras -> {
          attempt(
              "RAS clients", () -> ClientRegistry.open(ras.clients()).all().size() + " registered");
          ras.tls().ifPresent(tls -> examineCertificate("RAS", tls));
        });
    config
        .console()
        .flatMap(Configuration.ServedConsole::tls)
        .ifPresent(tls -> examineCertificate("console", tls));
    config
        .gateway()
        .flatMap(Configuration.ServedGateway::tls)
        .ifPresent(tls -> examineCertificate("gateway", tls));
  }

  private void examineSigning(Configuration config, KeySafe safe) {
    config
        .broker()
        .ifPresent(broker ->
            attempt(
                "signing",
                () -> {
                  findings.addAll(
                      new SigningCheckup(safe.algorithms())
                          .examine(broker.config().exchange().audiences(), clients.all(config)));
                  return "keys can be made for " + safe.algorithms();
                }));
  }

  private void examineLibrary(Configuration config) {
    boolean published = !(config.roleLibrary().publication() instanceof Mode.FromFiles);
    attempt(
        "role library",
        () -> {
          var library = LibraryDesk.decisive(config, Optional.empty());
          return "%s %d connectors, %d roles, version %s"
              .formatted(
                  published ? "in force is what was published:" : "in force is the folder:",
                  library.connectors().size(),
                  library.roles().size(),
                  library.version());
        });
    attempt(
        "slashes",
        () -> {
          var checkup =
              SlashCheckup.of(
                  config,
                  LibraryDesk.decisive(config, Optional.empty()).connectors(),
                  clients.all(config));
          findings.addAll(checkup.findings());
          return "%d names compared".formatted(checkup.compared());
        });
    if (published) {
      attempt(
          "approvers",
          () -> {
            findings.addAll(ApproverCheckup.examine(LibraryDesk.approversOff(config)));
            return "looked for in the directory";
          });
      attempt(
          "draft of the role library",
          () ->
              config.library()
                  + " can be read, version "
                  + Library.read(config.library()).version());
    }
  }

  private void examineToldNames(Configuration config, Database database, WhosePeople own) {
    attempt(
        "exceptions",
        () -> {
          var library = LibraryDesk.decisive(config, Optional.empty());
          findings.addAll(
              ToldNameCheckup.examine(
                  library, Directory.open(database, CLOCK), own, CLOCK.instant()));
          return "%d compared with the directory".formatted(library.exemptions().size());
        });
  }

  private void examineServers(Configuration config) {
    config
        .broker()
        .ifPresent(broker -> {
          var issuer = broker.config().issuer();
          examine("identity broker", config, issuer, ServerCheckup.allPlaces(issuer));
          note("client's IdP issuer", issuer.value());
          var duties = config.console().map(one -> one.config().dutyGroups());
          examine(config, issuer, broker.config().ways(), duties.orElse(Set.of()));
          findings.addAll(AddressCheckup.atScim(config.scim()));
        });
    config
        .ras()
        .ifPresent(ras -> {
          var issuer = ras.config().issuer();
          examine("resource authorization server", config, issuer, ServerCheckup.allPlaces(issuer));
          note("audience of ID-JAGs", issuer.value());
          ras.config()
              .flow()
              .map(FlowConfig::ways)
              // The console takes nobody who signs in here.
              .ifPresent(ways -> examine(config, issuer, ways, Set.of()));
          ras.config()
              .resources()
              .forEach(resource -> note("resource", resource.resource().value()));
          ras.config()
              .organisations()
              .forEach(organisation ->
                  organisation
                      .providers()
                      .forEach(trusted ->
                          examine(
                              "trusted issuer of " + organisation.name(),
                              config,
                              trusted.issuer(),
                              ServerCheckup.allPlaces(trusted.issuer()).subList(0, 1))));
        });
  }

  /// As clients and servers on both sides of it see it.
  private void examineGateway(Configuration config) {
    config
        .gateway()
        .map(Configuration.ServedGateway::config)
        .ifPresent(gateway -> {
          var fronts =
              Stream.concat(
                      gateway.fronts().stream(),
                      gateway.aggregates().stream().map(GatewayConfig.Aggregated::front))
                  .toList();
          findings.addAll(new GatewayCheckup(config.outbound()).examine(gateway.issuer(), fronts));
        });
  }

  /// As the real clients see it, and as one person would fare.
  private void examineClients(Configuration config) {
    attempt(
        "real clients",
        () -> {
          var library = LibraryDesk.decisive(config, Optional.empty());
          var broker = config.broker().map(Configuration.Served::config);
          var ras = config.ras().map(Configuration.Served::config);
          var all = clients.all(config);
          findings.addAll(
              new ClientCheckup(config.outbound()).examine(broker, ras, all, library.connectors()));
          if (user.isGiven()) {
            try (var database = Database.openUnmigrated(config.database(), CLOCK)) {
              var directory = Directory.open(database, CLOCK);
              directory
                  .own()
                  .of(() -> broker.map(own -> OwnBroker.byId(own.issuer(), own.organisation())));
              var person = user.find(directory).orElseThrow();
              findings.addAll(
                  new DryRun(
                          config,
                          database,
                          directory,
                          PolicyLibrary.compile(library),
                          CLOCK.instant())
                      .of(person, all, library.connectors()));
            }
          }
          return "looked at as %d of them do".formatted(RealClient.values().length);
        });
  }

  /// @param self the server at which people sign in so
  /// @param duties the groups that have one there
  private void examine(Configuration config, Issuer self, SignInWays ways, Set<String> duties) {
    for (var provider : ways.providers()) {
      var upstream = provider.config();
      findings.addAll(
          new UpstreamCheckup(config.outbound(), CLOCK).examine(upstream, Optional.empty()));
      note(
          "redirect URI to register at " + upstream.id(),
          Paths.at(self, Paths.CALLBACK + "/" + upstream.id()).toString());
    }
    var checkup = new SamlCheckup(new EgressClient(config.outbound()), self, CLOCK);
    ways.saml().forEach(provider -> findings.addAll(checkup.examine(provider.config())));
    findings.addAll(AddressCheckup.examine(ways));
    findings.addAll(GroupCheckup.atSignIn(ways, duties));
  }

  private void examine(String name, Configuration config, Issuer issuer, List<URI> places) {
    new TlsCheckup(config.outbound(), CLOCK).examine(name, issuer.uri()).ifPresent(findings::add);
    var checkup = new ServerCheckup(new EgressClient(config.outbound()), CLOCK);
    findings.addAll(checkup.examine(name, issuer, places));
  }

  private void examineCertificate(String name, Tls tls) {
    try {
      // As the server reads it: with its key, which must be its own.
      var certificate = Certificate.read(tls).chain().getFirst();
      var left = Duration.between(Instant.now(CLOCK), certificate.getNotAfter().toInstant());
      if (left.isNegative()) {
        findings.add(
            Finding.bad(name + " certificate", tls.certificate() + " has expired; renew it"));
      } else {
        findings.add(
            left.toDays() < 14
                ? Finding.note(
                    name + " certificate", "expires in " + left.toDays() + " days; renew it")
                : Finding.good(name + " certificate", "valid for " + left.toDays() + " days"));
      }
    } catch (NoSuchFileException e) {
      findings.add(Finding.bad(name + " certificate", "there is no " + e.getMessage()));
    } catch (IOException e) {
      findings.add(Finding.bad(name + " certificate", String.valueOf(e.getMessage())));
    }
  }

  private void note(String check, String value) {
    findings.add(Finding.note(check, "configure exactly: " + value));
  }

  private interface Check {
    String pass();
  }

  private void attempt(String name, Check check) {
    try {
      findings.add(Finding.good(name, check.pass()));
    } catch (FaultyFileException | KeyException | DatabaseException | CommandFailure e) {
      findings.add(Finding.bad(name, String.valueOf(e.getMessage())));
    }
  }
}
