package dev.lanyard.demo;

import dev.lanyard.client.ClientRegistration;
import dev.lanyard.client.ema.EmaConfig;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.egress.TrustedTls;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.app.command.installation.PrivateAuthority;
import dev.lanyard.server.app.command.installation.PrivateAuthority.TlsFiles;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.app.node.Lanyard;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.keys.MasterKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/// A whole installation in a temporary folder: broker and resource authorization server from an
/// ordinary configuration, and two MCP servers beside them, all over TLS on free loopback ports.
final class DemoInstallation implements AutoCloseable {
  /// Everybody's password here; the demonstration signs them in.
  static final Secret PASSWORD = new Secret("demonstration only");

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path folder;
  private final Map<String, Integer> ports = new LinkedHashMap<>();
  private final Map<String, ClientSecret> secrets = new LinkedHashMap<>();
  private final TlsFiles tls;
  private final Lanyard lanyard;
  private final List<AutoCloseable> servers = new ArrayList<>();

  private DemoInstallation(Path folder, Clock clock) throws Exception {
    this.folder = folder;
    for (var name : List.of("BROKER", "RAS", "TRACKER", "CRM")) {
      ports.put(name, freePort());
    }
    for (var name :
        List.of("ASSISTANT_AT_BROKER", "ASSISTANT_AT_RAS", "TRACKER_AT_RAS", "CRM_AT_RAS")) {
      secrets.put(name, ClientSecret.generate(RANDOM));
    }
    this.tls =
        new PrivateAuthority(clock.instant())
            .write(folder.resolve("tls"), List.of("localhost", "127.0.0.1"));
    writeFiles();
    this.lanyard =
        Lanyard.start(ConfigurationFile.read(folder.resolve("lanyard.yaml"), Map.of()), clock);
    var vendor = new Vendor(this, clock);
    servers.add(vendor.tracker());
    servers.add(vendor.crm());
  }

  /// Starts everything. When this returns, it is served.
  static DemoInstallation start(Clock clock) throws Exception {
    return new DemoInstallation(Files.createTempDirectory("lanyard-demo"), clock);
  }

  private void writeFiles() throws IOException {
    for (var part : List.of("data", "secrets", "library", "clients")) {
      Files.createDirectories(folder.resolve(part));
    }
    MasterKey.create(folder.resolve("secrets/master.key"));
    write("lanyard.yaml", "lanyard.yaml");
    write("library.yaml", "library/library.yaml");
    write("broker-clients.yaml", "clients/broker.yaml");
    write("ras-clients.yaml", "clients/ras.yaml");
  }

  private void write(String template, String file) throws IOException {
    try (var in = DemoInstallation.class.getResourceAsStream(template)) {
      if (in == null) {
        throw new IllegalStateException("the template " + template + " is missing from this build");
      }
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (var port : ports.entrySet()) {
        text = text.replace("@" + port.getKey() + "@", port.getValue().toString());
      }
      for (var secret : secrets.entrySet()) {
        text = text.replace("@" + secret.getKey() + "@", secret.getValue().hash().text());
      }
      Files.writeString(folder.resolve(file), text);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  Lanyard lanyard() {
    return lanyard;
  }

  Issuer broker() {
    return new Issuer("https://localhost:" + ports.get("BROKER"));
  }

  Issuer ras() {
    return new Issuer("https://localhost:" + ports.get("RAS"));
  }

  URI tracker() {
    return URI.create("https://localhost:" + ports.get("TRACKER") + "/mcp");
  }

  URI crm() {
    return URI.create("https://localhost:" + ports.get("CRM") + "/mcp");
  }

  /// The file that a client must trust, for the reader's own `curl`.
  Path authority() {
    return tls.authority();
  }

  Path configuration() {
    return folder.resolve("lanyard.yaml");
  }

  /// The secret of a client, by its name in the templates.
  Secret secret(String name) {
    return Optional.ofNullable(secrets.get(name)).orElseThrow().secret();
  }

  ClientRegistration assistantAtBroker() {
    return ClientRegistration.withSecret("assistant", secret("ASSISTANT_AT_BROKER"));
  }

  ClientRegistration assistantAtRas() {
    return ClientRegistration.withSecret("assistant-at-ras", secret("ASSISTANT_AT_RAS"));
  }

  /// What an administrator configures in the MCP client, once for all people.
  EmaConfig assistant() {
    return new EmaConfig(broker(), assistantAtBroker()).registeredAt(ras(), assistantAtRas());
  }

  SSLContext presenting() throws IOException, GeneralSecurityException {
    return DemoTls.presenting(tls);
  }

  SSLContext trusting() throws IOException, GeneralSecurityException {
    return DemoTls.trusting(tls.authority());
  }

  List<X509Certificate> authorities() throws IOException {
    try (var pem = Files.newInputStream(tls.authority())) {
      return TrustedTls.readPem(pem);
    }
  }

  EgressClient egress() throws IOException {
    return new EgressClient(EgressPolicy.strict().exposingLoopback().trusting(authorities()));
  }

  /// What the identity administrator does when somebody joins: a person in a group, nothing else.
  Person hire(String name, String email, String group) {
    var person = new NewPerson("acme", email, Optional.of(email), name, Set.of(group));
    if (!(lanyard.directory().create(person) instanceof Linking.Created(var created))) {
      throw new IllegalStateException(email + " is there already");
    }
    lanyard.passwords().set(created.id(), PASSWORD);
    return created;
  }

  @Override
  public void close() throws Exception {
    for (var server : servers) {
      server.close();
    }
    lanyard.close();
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
