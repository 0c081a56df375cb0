package dev.lanyard.server.app.command.connect;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.app.checkup.Finding;
import dev.lanyard.server.app.checkup.Registration;
import dev.lanyard.server.app.checkup.SamlCheckup;
import dev.lanyard.server.app.checkup.Trial;
import dev.lanyard.server.app.checkup.TrialListener;
import dev.lanyard.server.app.checkup.UpstreamCheckup;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.Output;
import dev.lanyard.server.app.command.Questions;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.ConfigurationChange;
import dev.lanyard.server.authorization.upstream.UpstreamPreset;
import dev.lanyard.server.authorization.upstream.UpstreamPresets;
import dev.lanyard.server.broker.BrokerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard connect`: from "we have an identity provider" to people who sign in with it.
@Command(
    name = "connect",
    description =
        "Connects an identity provider: asks for what is needed, checks it live, prints what to"
            + " register there, tries a sign-in, and writes the section of the configuration.",
    mixinStandardHelpOptions = true)
public final class ConnectCommand implements Callable<Integer> {
  private static final Clock CLOCK = Clock.systemUTC();

  @Mixin private ConfigurationOption configuration = new ConfigurationOption();

  @Mixin private ConnectAnswers answers = new ConnectAnswers();

  @Mixin private SamlAnswers saml = new SamlAnswers();

  @Parameters(
      arity = "0..1",
      paramLabel = "PROVIDER",
      description =
          "okta, entra, pingone, pingfederate, forgerock, auth0, keycloak, google or generic; for"
              + " SAML saml-keycloak, saml-entra, saml-okta, saml-ping, saml-adfs or saml-generic;"
              + " without one they are listed.")
  private Optional<String> provider = Optional.empty();

  @Option(
      names = "--sign-in",
      description = "Try a sign-in in a browser, and show what comes of it.")
  private boolean trial;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8765",
      description = "The loopback port of the trial (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(names = "--dry-run", description = "Check and show; write nothing.")
  private boolean dryRun;

  @Option(
      names = {"-y", "--yes"},
      description = "Write without asking; also in the place of what is there under this id.")
  private boolean yes;

  @Mixin private Output output = new Output();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    if (provider.isEmpty()) {
      list();
      return 0;
    }
    var config = configuration.read();
    var broker =
        config
            .broker()
            .orElseThrow(() -> new CommandFailure("the configuration has no broker"))
            .config();
    var overSaml =
        SamlPreset.builtIn().stream().filter(one -> one.id().equals(provider.get())).findFirst();
    return overSaml.isPresent()
        ? connected(config, broker, overSaml.get())
        : connected(config, broker, preset(provider.get()));
  }

  private int connected(Configuration config, BrokerConfig broker, UpstreamPreset preset) {
    answers.complete(preset, questions());
    var secret = secret(preset);
    var upstream = answers.config(preset, secret);
    output.say("Notes on %s:".formatted(preset.name()));
    preset.notes().forEach(note -> output.say("  - " + note));
    output.say("");
    var findings =
        new UpstreamCheckup(config.outbound(), CLOCK).examine(upstream, Optional.of(preset));
    findings.forEach(finding -> output.say(finding.line()));
    new Registration(broker, upstream, preset, trial ? Optional.of(port) : Optional.empty())
        .lines()
        .forEach(output::say);
    refuseIfBad(findings);
    refuseUnless(!trial || trial(config).isPassed(upstream));
    var kept =
        new Kept(besideConfiguration(answers.secretFile(preset)), secret, answers.bringsSecret());
    return write(answers.id(preset), answers.entry(preset), Optional.of(kept).filter(Kept::isNew));
  }

  private int connected(Configuration config, BrokerConfig broker, SamlPreset preset) {
    saml.complete(preset, questions());
    var entry = saml.entry(preset, answers);
    var upstream = SamlAnswers.config(entry, this::besideConfiguration);
    output.say("Notes on %s:".formatted(preset.name()));
    preset.notes().forEach(note -> output.say("  - " + note));
    output.say("");
    var findings =
        new SamlCheckup(new EgressClient(config.outbound()), broker.issuer(), CLOCK)
            .examine(upstream);
    findings.forEach(finding -> output.say(finding.line()));
    if (trial) {
      output.say(
          Finding.note(
                  "ACS URL of the trial",
                  "configure beside the other, and remove it afterwards: "
                      + TrialListener.consumer(port))
              .line());
    }
    output.say("");
    output.say(
        "Enter at %s what stands after 'configure' (docs/saml.md).".formatted(preset.name()));
    refuseIfBad(findings);
    refuseUnless(!trial || trial(config).isPassed(upstream, broker.issuer()));
    return write(upstream.id(), entry, Optional.empty());
  }

  private Trial trial(Configuration config) {
    return new Trial(new EgressClient(config.outbound()), port, CLOCK, output::say);
  }

  private static void refuseUnless(boolean passed) {
    if (!passed) {
      throw new CommandFailure("the trial failed; nothing was written");
    }
  }

  private static void refuseIfBad(List<Finding> findings) {
    if (findings.stream().anyMatch(finding -> finding.level() == Finding.Level.BAD)) {
      throw new CommandFailure("not connected: mend what is BAD above; nothing was written");
    }
  }

  /// A secret and its file.
  ///
  /// @param isNew whether it is to be written
  private record Kept(Path file, Secret secret, boolean isNew) {
    /// Whether the file has this secret already.
    boolean isThere() {
      return Files.exists(file) && secret.equals(read(file));
    }
  }

  private static Secret read(Path file) {
    try {
      return new Secret(Files.readString(file).strip());
    } catch (IOException e) {
      throw new CommandFailure("cannot read " + file, e);
    }
  }

  private static UpstreamPreset preset(String named) {
    try {
      return UpstreamPresets.builtIn().named(named);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private void list() {
    var presets = UpstreamPresets.builtIn();
    presets
        .all()
        .forEach(one ->
            output.say("%-14s %-52s %s".formatted(one.id(), one.name(), one.issuer().form())));
    SamlPreset.builtIn()
        .forEach(
            one -> output.say("%-14s %-52s %s".formatted(one.id(), one.name(), one.entityId())));
    output.say("");
    output.say(
        "As of "
            + presets.asOf()
            + ". Recipes: docs/connect. Begin with: lanyard connect PROVIDER");
  }

  private Secret secret(UpstreamPreset preset) {
    if (answers.bringsSecret()) {
      return questions().secret("Client secret at " + preset.name());
    }
    return read(besideConfiguration(answers.secretFile(preset)));
  }

  private Path besideConfiguration(String name) {
    return configuration.file().toAbsolutePath().normalize().resolveSibling(name);
  }

  private int write(String id, List<String> entry, Optional<Kept> secret) {
    var change = ConfigurationChange.upstream(configuration.file(), id, entry);
    output.say("");
    if (change.isNothing()) {
      boolean isKept = secret.isEmpty() || secret.get().isThere();
      output.say(
          configuration.file() + " says so already" + (isKept ? "; nothing was changed." : "."));
      if (isKept) {
        return 0;
      }
    } else {
      output.say("In " + configuration.file() + ":");
      change.difference().forEach(output::say);
    }
    secret
        .map(Kept::file)
        .ifPresent(file -> output.say((Files.exists(file) ? "Replaces " : "Writes ") + file));
    if (dryRun) {
      output.say("Nothing was written (--dry-run).");
      return 0;
    }
    if (!yes && !questions().agree("Write this?")) {
      output.say("Nothing was written. --yes writes without asking.");
      return 1;
    }
    if (secret.isPresent()) {
      change.write(System.getenv(), secret.get().file(), secret.get().secret().reveal());
    } else {
      change.write(System.getenv());
    }
    output.say("Written. Restart `lanyard serve`, then: lanyard doctor");
    return 0;
  }

  private Questions questions() {
    return Questions.of(spec);
  }
}
