package dev.lanyard.server.app;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.pair.FreePort;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import picocli.CommandLine;

/// A folder made by `lanyard init`, on free ports, with the command line as an administrator has
/// it.
public final class Installed {
  private final Path folder;

  /// What a command printed and how it ended.
  public record Ran(int exit, String out, String err) {}

  private Installed(Path folder) {
    this.folder = folder;
  }

  public static Installed in(Path folder) throws IOException {
    var installed = new Installed(folder);
    var ran = installed.run("init", folder.toString());
    if (ran.exit() != 0) {
      throw new AssertionError(ran.err());
    }
    // First out of the way of each other: a free port may have the other's digits.
    installed.replace("8443", "BROKER");
    installed.replace("8444", "RAS");
    installed.replace("BROKER", String.valueOf(FreePort.next()));
    installed.replace("RAS", String.valueOf(FreePort.next()));
    return installed;
  }

  /// Changes a text in every file of the administrator's.
  public void replace(String text, String by) throws IOException {
    for (var file :
        new String[] {"lanyard.yaml", "library/connectors.yaml", "clients/broker.yaml"}) {
      var path = folder.resolve(file);
      Files.writeString(path, Files.readString(path).replace(text, by));
    }
  }

  /// Lets organisations enrol, and whoever bears the secret use the API.
  public Secret enrols() throws IOException {
    var token = ClientSecret.generate(new SecureRandom());
    replace(
        "  # enrolment:\n  #   enabled: true\n",
        "  enrolment:\n    enabled: true\n    admin_token_hashes: [\"%s\"]\n"
            .formatted(token.hash().text()));
    return token.secret();
  }

  /// Lets people consent, and guests have passwords.
  public void consents() throws IOException {
    replace(
        "  # flows: both\n",
        "  flows: both\n  sign_in: {organisation: guests, local_people: true}\n");
  }

  /// Has the gateway front the connector of the example.
  ///
  /// @param upstream its server, with whatever follows it in the file
  public void gateway(String upstream) throws IOException {
    Files.writeString(
        configuration(),
        """

        gateway:
          listen: 127.0.0.1:0
          tls: {certificate: tls/server.pem, key: tls/server.key}
          connectors:
            - connector: example
              address: https://localhost:9443/mcp
              upstream: %s
        """
            .formatted(upstream),
        StandardOpenOption.APPEND);
  }

  public Path configuration() {
    return folder.resolve("lanyard.yaml");
  }

  /// Runs a command that is about no installation yet, or names one.
  public static Ran run(String... arguments) {
    return run(InputStream.nullInputStream(), arguments);
  }

  /// The whole command line, for a test that looks at it or at what it prints meanwhile.
  public static CommandLine commandLine(InputStream input) {
    return Main.commandLine(input);
  }

  private static Ran run(InputStream input, String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    var line = Main.commandLine(input, arguments);
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    int exit = line.execute(arguments);
    return new Ran(exit, out.toString(), err.toString());
  }

  /// Runs a command of this installation.
  public Ran here(String command, String... more) {
    var arguments = new String[more.length + 3];
    arguments[0] = command;
    System.arraycopy(more, 0, arguments, 1, more.length);
    arguments[more.length + 1] = "-c";
    arguments[more.length + 2] = configuration().toString();
    return run(arguments);
  }

  /// Runs a command that reads a password from standard input.
  public static Ran typing(String password, String... arguments) {
    return run(line(password), arguments);
  }

  /// What is typed, as a command reads it.
  public static InputStream line(String typed) {
    return new ByteArrayInputStream((typed + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
