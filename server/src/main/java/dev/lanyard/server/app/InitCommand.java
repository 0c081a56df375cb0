package dev.lanyard.server.app;

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
final class InitCommand implements Runnable {
  private static final SecureRandom RANDOM = new SecureRandom();

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
    var configuration = folder.resolve("lanyard.yaml");
    if (Files.exists(configuration)) {
      throw new CommandFailure(
          configuration + " is there already; nothing was changed. Name another folder.");
    }
    try {
      write(configuration);
    } catch (IOException | KeyException e) {
      throw new CommandFailure("cannot write to " + folder + ": " + e.getMessage(), e);
    }
  }

  private void write(Path configuration) throws IOException {
    for (var part : List.of("data", "secrets", "library", "clients")) {
      Files.createDirectories(folder.resolve(part));
    }
    MasterKey.create(folder.resolve("secrets/master.key"));
    new PrivateAuthority(Clock.systemUTC().instant()).write(folder.resolve("tls"), names);
    Files.writeString(folder.resolve("library/connectors.yaml"), template("connectors.yaml"));
    Files.writeString(folder.resolve("library/roles.yaml"), template("roles.yaml"));
    Files.writeString(folder.resolve("library").resolve(LibrarySchema.FILE), LibrarySchema.text());
    var broker = ClientSecret.generate(RANDOM);
    var ras = ClientSecret.generate(RANDOM);
    var server = ClientSecret.generate(RANDOM);
    Files.writeString(
        folder.resolve("clients/broker.yaml"),
        template("broker-clients.yaml").replace("@BROKER_SECRET_HASH@", broker.hash().text()));
    Files.writeString(
        folder.resolve("clients/ras.yaml"),
        template("ras-clients.yaml")
            .replace("@RAS_SECRET_HASH@", ras.hash().text())
            .replace("@SERVER_SECRET_HASH@", server.hash().text()));
    // Last, so that a set-up with a configuration is a complete one.
    Files.writeString(configuration, template("lanyard.yaml"));
    report(broker, ras, server);
  }

  private void report(ClientSecret broker, ClientSecret ras, ClientSecret server) {
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
          lanyard connect -c %1$s        (people sign in at your identity provider)
        """
            .formatted(
                folder.resolve("lanyard.yaml").normalize(),
                broker.secret().reveal(),
                ras.secret().reveal(),
                server.secret().reveal()));
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
