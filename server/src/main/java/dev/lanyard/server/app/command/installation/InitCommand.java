package dev.lanyard.server.app.command.installation;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.keys.KeyException;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.library.LibrarySchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lanyard init`: a set-up that starts as it is, to be changed from there.
@Command(
    name = "init",
    description =
        "Writes a commented configuration with keys, certificates and a first role library.",
    mixinStandardHelpOptions = true)
public final class InitCommand implements Runnable {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String SECRETS = "secrets";
  private static final String MASTER_KEY = SECRETS + "/master.key";
  private static final String TLS = "tls";
  private static final String CONNECTORS = "library/connectors.yaml";
  private static final String ROLES = "library/roles.yaml";
  private static final String SCHEMA = "library/" + LibrarySchema.FILE;
  private static final String BROKER_CLIENTS = "clients/broker.yaml";
  private static final String RAS_CLIENTS = "clients/ras.yaml";
  private static final String CONFIGURATION = "lanyard.yaml";

  /// In the order in which they get their names: a set-up with a configuration is a complete one.
  private static final List<String> FILES =
      List.of(
          MASTER_KEY,
          TLS + "/ca.pem",
          TLS + "/server.pem",
          TLS + "/server.key",
          CONNECTORS,
          ROLES,
          SCHEMA,
          BROKER_CLIENTS,
          RAS_CLIENTS,
          CONFIGURATION);

  @Parameters(
      paramLabel = "FOLDER",
      defaultValue = ".",
      description = "Where to write (default: here).")
  private Path folder = Path.of(".");

  @Option(
      names = "--name",
      paramLabel = "HOST",
      description =
          "Host names and addresses in the certificate (default: localhost and loopback).",
      split = ",")
  private List<String> names = List.of("localhost", "127.0.0.1", "::1");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    PrivateAuthority.unusable(names)
        .ifPresent(name -> {
          throw new CommandFailure(
              "--name: '"
                  + name
                  + "' is neither a host name nor an IP address; nothing was written.");
        });
    refuseIfThere();
    try (var made = NewFiles.in(folder)) {
      var secrets = write(made);
      made.place(FILES);
      report(secrets);
    } catch (IOException | KeyException e) {
      throw new CommandFailure(
          "cannot write to " + folder + ": " + e.getMessage() + ". What was begun is removed.", e);
    }
  }

  /// Whatever is there belongs to somebody: a configuration may have another name.
  private void refuseIfThere() {
    var there =
        FILES.stream().map(folder::resolve).filter(file -> Files.exists(file, NOFOLLOW_LINKS));
    var named = there.map(Path::toString).collect(Collectors.joining(", "));
    if (!named.isEmpty()) {
      throw new CommandFailure(
          named + ": there already; nothing was changed. Name another folder.");
    }
  }

  private record Secrets(ClientSecret broker, ClientSecret ras, ClientSecret server) {}

  private Secrets write(NewFiles made) throws IOException {
    MasterKey.create(made.at(MASTER_KEY));
    var _ = new PrivateAuthority(Clock.systemUTC().instant()).write(made.at(TLS), names);
    Files.writeString(made.at(CONNECTORS), template("connectors.yaml"));
    Files.writeString(made.at(ROLES), template("roles.yaml"));
    Files.writeString(made.at(SCHEMA), LibrarySchema.text());
    var secrets =
        new Secrets(
            ClientSecret.generate(RANDOM),
            ClientSecret.generate(RANDOM),
            ClientSecret.generate(RANDOM));
    Files.writeString(
        made.at(BROKER_CLIENTS),
        template("broker-clients.yaml")
            .replace("@BROKER_SECRET_HASH@", secrets.broker().hash().text()));
    Files.writeString(
        made.at(RAS_CLIENTS),
        template("ras-clients.yaml")
            .replace("@RAS_SECRET_HASH@", secrets.ras().hash().text())
            .replace("@SERVER_SECRET_HASH@", secrets.server().hash().text()));
    Files.writeString(made.at(CONFIGURATION), template("lanyard.yaml"));
    made.makePrivateFolder(SECRETS);
    made.makeFolder("data");
    return secrets;
  }

  private void report(Secrets secrets) {
    var out = spec.commandLine().getOut();
    out.println(
        """
        Wrote %1$s with keys, certificates, clients and a first role library.

        The clients' secrets, shown this once (the files hold hashes only):
          mcp-client at the identity broker                  %2$s
          mcp-client at the resource authorization server    %3$s
          example-server (introspection)                     %4$s

        Next:
          lanyard person add -c %1$s ana@example.com --group engineering
          lanyard explain -c %1$s --user ana@example.com --connector example
          lanyard serve -c %1$s
          lanyard doctor -c %1$s         (in another terminal)
          lanyard connect -c %1$s        (names identity providers; with one of them, connects it)
        """
            .formatted(
                folder.resolve(CONFIGURATION).normalize(),
                secrets.broker().secret().reveal(),
                secrets.ras().secret().reveal(),
                secrets.server().secret().reveal()));
    out.flush();
  }

  /// A file that `init` writes.
  static String template(String name) {
    try (var stream = InitCommand.class.getResourceAsStream("init/" + name)) {
      if (stream == null) {
        throw new IllegalStateException("the template " + name + " is missing from this build");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
