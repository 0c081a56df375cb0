package dev.lanyard.server.app.command.installation;

import dev.lanyard.server.app.command.installation.ConformanceSettings.ForIssuer;
import dev.lanyard.server.app.command.installation.ConformanceSettings.ForRedeemer;
import dev.lanyard.server.app.command.installation.ConformanceSettings.Played;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.suite.HtmlReport;
import dev.lanyard.suite.JsonReport;
import dev.lanyard.suite.Jws;
import dev.lanyard.suite.KeyFile;
import dev.lanyard.suite.MarkdownReport;
import dev.lanyard.suite.Report;
import dev.lanyard.suite.TextReport;
import dev.lanyard.suite.Wire;
import dev.lanyard.suite.issuer.IdentityProvider;
import dev.lanyard.suite.issuer.IssuerBench;
import dev.lanyard.suite.redeemer.KeyServer;
import dev.lanyard.suite.redeemer.Redeemer;
import dev.lanyard.suite.redeemer.RedeemerBench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `lanyard conformance`: whether somebody's issuer or redeemer of ID-JAGs does what the
/// specifications say.
@Command(
    name = "conformance",
    description =
        "Checks any issuer or redeemer of ID-JAGs from outside, Lanyard's or another. Needs no"
            + " Lanyard configuration.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ConformanceCommand.Init.class,
      ConformanceCommand.OfIssuer.class,
      ConformanceCommand.OfRedeemer.class,
      ConformanceCommand.Keys.class
    })
public final class ConformanceCommand {
  private static final String DEFAULT_SETTINGS = "conformance.yaml";

  /// Where the settings are.
  static final class SettingsOption {
    @Option(
        names = "--settings",
        paramLabel = "FILE",
        defaultValue = DEFAULT_SETTINGS,
        description = "What has to be known of the server; ${DEFAULT-VALUE} by default.")
    private Path file = Path.of(DEFAULT_SETTINGS);

    ConformanceSettings settings() {
      if (!Files.exists(file)) {
        throw new CommandFailure(
            file + " does not exist; `lanyard conformance init` writes one to fill in");
      }
      return new ConformanceSettings(file);
    }
  }

  /// What a run is told and tells.
  static final class Output {
    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    @Option(
        names = "--report",
        paramLabel = "FILE",
        description = "Also write it to a file: .md, .html or .json.")
    private Optional<Path> report = Optional.empty();

    /// Shows findings as they are made, unless everything is to be JSON.
    Consumer<Report.Finding> progress(CommandSpec spec) {
      var out = spec.commandLine().getOut();
      return finding -> {
        if (!json) {
          out.println(TextReport.line(finding));
          out.flush();
        }
      };
    }

    /// @return the exit code
    int ended(Report result, CommandSpec spec) {
      var out = spec.commandLine().getOut();
      out.println(json ? JsonReport.of(result).toPrettyJson() : TextReport.end(result));
      out.flush();
      report.ifPresent(file -> write(file, result));
      return result.conforms() ? 0 : 1;
    }

    private static void write(Path file, Report result) {
      var name = file.getFileName().toString();
      var text =
          switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "md" -> MarkdownReport.of(result);
            case "html" -> HtmlReport.of(result);
            case "json" -> JsonReport.of(result).toPrettyJson() + "\n";
            default -> throw new CommandFailure(file + " is to end with .md, .html or .json");
          };
      try {
        Files.writeString(file, text);
      } catch (IOException e) {
        throw new CommandFailure("the report cannot be written to " + file + ": " + e, e);
      }
    }
  }

  /// `lanyard conformance init`.
  @Command(
      name = "init",
      description = "Writes settings to fill in.",
      mixinStandardHelpOptions = true)
  static final class Init implements Runnable {
    @Mixin private SettingsOption option = new SettingsOption();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
      if (Files.exists(option.file)) {
        throw new CommandFailure(option.file + " exists already; it was not touched");
      }
      try {
        Files.writeString(option.file, InitCommand.template("conformance.yaml"));
      } catch (IOException e) {
        throw new CommandFailure(option.file + " cannot be written: " + e, e);
      }
      var out = spec.commandLine().getOut();
      out.println(
          "%s is to be filled in; then: lanyard conformance redeemer|issuer --settings %s"
              .formatted(option.file, option.file));
      out.flush();
    }
  }

  /// `lanyard conformance issuer`.
  @Command(
      name = "issuer",
      description = "Checks an identity provider that issues ID-JAGs.",
      mixinStandardHelpOptions = true)
  static final class OfIssuer implements Callable<Integer> {
    @Mixin private SettingsOption option = new SettingsOption();
    @Mixin private Output output = new Output();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
      ForIssuer asked = option.settings().issuer();
      var bench =
          new IssuerBench(asked.settings(), new Wire(asked.authorities()), Clock.systemUTC());
      var report =
          IdentityProvider.suite()
              .run(
                  asked.settings().issuer().value(),
                  bench,
                  Clock.systemUTC(),
                  output.progress(spec));
      return output.ended(report, spec);
    }
  }

  /// `lanyard conformance redeemer`.
  @Command(
      name = "redeemer",
      description =
          "Checks a resource authorization server. The command plays the identity provider that"
              + " the server trusts.",
      mixinStandardHelpOptions = true)
  static final class OfRedeemer implements Callable<Integer> {
    @Mixin private SettingsOption option = new SettingsOption();
    @Mixin private Output output = new Output();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
      ForRedeemer asked = option.settings().redeemer();
      var key = key(asked.played());
      if (asked.played().listen().isEmpty()) {
        return checked(asked, key);
      }
      try (var server =
          KeyServer.start(
              asked.settings().identityProvider(), asked.played().listen().get(), key)) {
        return checked(asked, key);
      }
    }

    private int checked(ForRedeemer asked, Jws key) throws InterruptedException {
      var settings = asked.settings();
      var bench =
          new RedeemerBench(settings, key, new Wire(asked.authorities()), Clock.systemUTC());
      var report =
          Redeemer.suite()
              .run(settings.issuer().value(), bench, Clock.systemUTC(), output.progress(spec));
      return output.ended(report, spec);
    }
  }

  /// `lanyard conformance keys`.
  @Command(
      name = "keys",
      description =
          "Prints the public key of the identity provider that the command plays, for a server"
              + " that cannot fetch it.",
      mixinStandardHelpOptions = true)
  static final class Keys implements Runnable {
    @Mixin private SettingsOption option = new SettingsOption();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
      var out = spec.commandLine().getOut();
      out.println(KeyServer.jwks(key(option.settings().redeemer().played())).toPrettyJson());
      out.flush();
    }
  }

  private static Jws key(Played played) {
    try {
      return KeyFile.readOrCreate(played.keyFile(), played.algorithm());
    } catch (IOException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }
}
