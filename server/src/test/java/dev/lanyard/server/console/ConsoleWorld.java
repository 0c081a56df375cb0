package dev.lanyard.server.console;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.app.node.Lanyard;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.broker.Broker;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.KeySafe;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.pair.FreePort;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/// An installation with a console, on loopback, as an administrator would configure it. Engineers
/// have the connector *Linear*; *Payroll* is for finance. Each test makes its own people.
public final class ConsoleWorld implements AutoCloseable {
  public static final String ORGANISATION = "acme";
  public static final String PASSWORD = "a password of this test run only";

  /// A password is enough for everything.
  public static final String ANY_FACTOR = "{demanded: false}";

  /// What a password proves is what is asked for.
  public static final String PASSWORD_IS_STRONG = "{amr: [pwd]}";

  private static final String APPROVED =
      "library: {folder: library, publication: approved, approvers: approvers.yaml}\n";

  public final TestClock clock = new TestClock();
  public final int broker = FreePort.next();
  public final int ras = FreePort.next();
  public final int console = FreePort.next();
  public final Path folder;
  public final Lanyard lanyard;

  private ConsoleWorld(Path folder, String secondFactor, String broker, String more) {
    this(folder, secondFactor, broker, more, (_, _) -> {});
  }

  private ConsoleWorld(
      Path folder,
      String secondFactor,
      String broker,
      String more,
      BiConsumer<ConsoleWorld, Database> before) {
    this.folder = folder;
    try {
      write(secondFactor, broker, more);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var configuration = ConfigurationFile.read(folder.resolve("lanyard.yaml"), Map.of());
    try (var database = Database.open(configuration.database(), clock)) {
      before.accept(this, database);
    }
    this.lanyard = Lanyard.start(configuration, clock);
  }

  /// @param secondFactor the section of the configuration
  public static ConsoleWorld start(Path folder, String secondFactor) {
    return start(folder, secondFactor, "");
  }

  /// The same with files that are in the folder already.
  ///
  /// @param more sections of the configuration
  public static ConsoleWorld start(Path folder, String secondFactor, String more) {
    return new ConsoleWorld(folder, secondFactor, "  sign_in: {local_people: true}\n", more);
  }

  /// One whose library two people have to sign: those of `approvers.yaml` in the folder.
  ///
  /// @param before publishes the first version of `library`, without which nothing starts
  public static ConsoleWorld ofApprovers(Path folder, BiConsumer<ConsoleWorld, Database> before) {
    return new ConsoleWorld(
        folder, ANY_FACTOR, "  sign_in: {local_people: true}\n", APPROVED, before);
  }

  /// One in which a former master key is still known, with which the broker's keys were made.
  public static ConsoleWorld ofFormerKey(Path folder) {
    var former = folder.resolve("former.key");
    MasterKey.create(former);
    return new ConsoleWorld(
        folder,
        ANY_FACTOR,
        "  sign_in: {local_people: true}\n",
        "former_master_key_file: former.key\n",
        (world, database) ->
            KeyRing.open(
                database,
                KeySafe.of(MasterKey.load(former)),
                world.clock,
                "broker",
                Broker.PURPOSES,
                SigningAlgorithm.ES256));
  }

  /// One whose people also come from elsewhere.
  ///
  /// @param broker the rest of the section of the broker, with how people sign in
  public static ConsoleWorld ofProviders(Path folder, String secondFactor, String broker) {
    return new ConsoleWorld(folder, secondFactor, broker, "");
  }

  public URI brokerUrl(String path) {
    return URI.create("http://127.0.0.1:" + broker + path);
  }

  public URI url(String path) {
    return URI.create("http://127.0.0.1:" + console + path);
  }

  /// A new person.
  public Person person(String name, String... groups) {
    return named(name, name, groups);
  }

  /// A new person who is called otherwise than their user name.
  public Person named(String userName, String displayName, String... groups) {
    var person =
        new NewPerson(
            ORGANISATION,
            userName,
            Optional.of(userName + "@acme.example"),
            displayName,
            Set.of(groups));
    if (!(lanyard.directory().create(person) instanceof Linking.Created(var created))) {
      throw new AssertionError("was there already: " + userName);
    }
    var _ = lanyard.passwords().set(created.id(), new Secret(PASSWORD));
    return created;
  }

  /// Somebody new at a browser of their own, signed in.
  public Surfer signedIn(String name, String... groups) {
    var _ = person(name, groups);
    return new Surfer(this).signIn(name);
  }

  /// Somebody new who is called so by a provider elsewhere, at a browser of their own, signed in.
  public Surfer signedInAsTold(String name, String address, String... groups) {
    var told = new NewPerson(ORGANISATION, name, Optional.of(address), name, Set.of(groups));
    var subject = new ExternalSubject(ORGANISATION, new Issuer("https://idp.example"), name);
    if (!(lanyard.directory().createLinked(told, subject) instanceof Linking.Created(var one))) {
      throw new AssertionError("was there already: " + name);
    }
    var _ = lanyard.passwords().set(one.id(), new Secret(PASSWORD));
    return new Surfer(this).signIn(name);
  }

  public void happened(Person person, Happening what) {
    report(new Subject.Person(person.id()), what);
  }

  public void report(Subject subject, Happening what) {
    // What is issued in the second of a kill is dated into the next one, and the clock stands
    // still.
    clock.advance(Duration.ofSeconds(2));
    var _ =
        lanyard.revocation().report(Source.of(Source.Kind.ADMIN), subject, what, "a test", "test");
  }

  /// Waits until the node has read the files of the folder as they are now.
  public void followsFolder() {
    var version = LibrarySource.of(folder.resolve("library")).version();
    Soon.until("the node follows the folder", () -> audit("library.published").contains(version));
  }

  /// Everything recorded of one type, as text.
  public String audit(String type) {
    return lanyard.audit().query(AuditQuery.newest(1000).ofType(type)).stream()
        .map(record -> record.toJson().toJson())
        .collect(Collectors.joining("\n"));
  }

  private void write(String secondFactor, String broker, String more) throws IOException {
    for (var part : List.of("data", "library", "clients")) {
      Files.createDirectories(folder.resolve(part));
    }
    var key = new byte[32];
    new SecureRandom().nextBytes(key);
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Files.writeString(
        Files.createFile(folder.resolve("master.key"), owner),
        Base64.getEncoder().encodeToString(key));
    var secret = ClientSecret.generate(new SecureRandom()).hash().text();
    Files.writeString(folder.resolve("clients/broker.yaml"), clients(secret));
    Files.writeString(folder.resolve("clients/ras.yaml"), rasClients(secret));
    Files.writeString(folder.resolve("library/library.yaml"), library());
    var configuration = configuration(secondFactor, broker) + more;
    Files.writeString(
        folder.resolve("lanyard.yaml"),
        more.equals(APPROVED) ? configuration.replace("library: library\n", "") : configuration);
  }

  private String clients(String secret) {
    return """
    clients:
      - id: studio
        name: "Studio <script>alert('client')</script>"
        secret_hash: "%2$s"
        authentication: [client_secret_basic]
        redirect_uris: [http://127.0.0.1/callback]
        grants: [authorization_code, token-exchange]
        ids_at: {"http://127.0.0.1:%1$d": studio-there}
      - id: ops
        authentication: [none]
        redirect_uris: [http://127.0.0.1/callback]
        grants: [authorization_code, refresh_token]
        administration: [lanyard.read, lanyard.admin]
      - id: evidence
        authentication: [none]
        redirect_uris: [http://127.0.0.1/callback]
        grants: [authorization_code]
        administration: [lanyard.read, lanyard.audit]
    """
        .formatted(ras, secret);
  }

  private static String rasClients(String secret) {
    return """
    clients:
      - id: studio-there
        secret_hash: "%s"
        authentication: [client_secret_basic]
        grants: [jwt-bearer]
    """
        .formatted(secret);
  }

  private String library() {
    return """
    connectors:
      linear:
        name: Linear
        authorization_server: http://127.0.0.1:%1$d
        resource: https://linear.example/mcp
        scopes: [issues.read, issues.write]
        tools: {list: public}
      payroll:
        name: Payroll
        authorization_server: http://127.0.0.1:%1$d
        resource: https://payroll.example/mcp
        scopes: [salaries.read]
    roles:
      engineering:
        groups: [engineering]
        connectors: {linear: [issues.read]}
      finance:
        groups: [finance]
        connectors: {payroll: [salaries.read]}
    """
        .formatted(ras);
  }

  private String configuration(String secondFactor, String more) {
    return """
    database: {url: "jdbc:sqlite:data/lanyard.db"}
    master_key_file: master.key
    library: library
    outbound: {loopback: true}
    broker:
      issuer: http://127.0.0.1:%1$d
      listen: 127.0.0.1:%1$d
      organisation: acme
      clients: clients/broker.yaml
    %5$sras:
      issuer: http://127.0.0.1:%2$d
      listen: 127.0.0.1:%2$d
      clients: clients/ras.yaml
      resources:
        - {resource: "https://linear.example/mcp", name: Linear, scopes: [issues.read, issues.write]}
        - {resource: "https://payroll.example/mcp", name: Payroll, scopes: [salaries.read]}
      organisations:
        - name: acme
          issuers:
            - {issuer: "http://127.0.0.1:%1$d", algorithms: [ES256], domains: [acme.example],
               link_by_email: true, create_people: true, replay: single-use}
    console:
      address: http://127.0.0.1:%3$d
      listen: 127.0.0.1:%3$d
      help_desk: [service-desk]
      administrators: [admins]
      reviewers: [audit]
      second_factor: %4$s
    """
        .formatted(broker, ras, console, secondFactor, more);
  }

  @Override
  public void close() {
    lanyard.close();
  }
}
