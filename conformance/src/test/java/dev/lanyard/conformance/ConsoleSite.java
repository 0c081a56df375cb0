package dev.lanyard.conformance;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.app.command.installation.PrivateAuthority;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.app.node.Lanyard;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.publication.ApproverPeople;
import dev.lanyard.server.publication.Approvers;
import dev.lanyard.server.publication.Author;
import dev.lanyard.server.publication.Publications;
import dev.lanyard.server.publication.Step;
import dev.lanyard.server.publication.Trust;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.sessions.Consent;
import dev.lanyard.server.sessions.ConsentStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/// A Lanyard with a console as administrators have it, over TLS on free loopback ports: two people
/// publish the role library, people have passwords, engineers have the connector *Linear*, and
/// *Payroll* is for finance. Its organisation is `acme`; the groups of the console are
/// `service-desk`, `administrators` and `reviewers`.
final class ConsoleSite implements AutoCloseable {
  static final String ORGANISATION = "acme";

  /// Whoever wrote and agreed to the first library.
  static final String AUTHOR = "ana";

  private static final Clock CLOCK = Clock.systemUTC();
  private static final String SECOND = "ben";
  private static final String ALONE = "dora";
  private static final String PASSWORD = "a password of this test run only";

  private final Path folder;
  private final Certificates certificates;
  private final Setting setting;
  private final Ports ports =
      new Ports(Installation.freePort(), Installation.freePort(), Installation.freePort());
  private final List<String> approvers = new ArrayList<>();
  private final Map<String, SigningKey> keys = new TreeMap<>();
  private final Lanyard lanyard;

  /// @param database the section of the configuration
  /// @param signIn the section `sign_in` of the broker
  /// @param secondFactor the section of the console
  record Setting(String database, String signIn, String secondFactor) {
    /// The section for a file in the folder of the installation.
    static final String EMBEDDED = "{url: \"jdbc:sqlite:data/lanyard.db\"}";

    /// People have passwords, which are enough for everything; nobody is asked at the provider that
    /// there is as well.
    private static Setting on(String database) {
      return new Setting(
          database,
          """
          {local_people: true, upstreams: [
               {id: corporate, issuer: "https://idp.acme.example", client_id: lanyard,
                client_secret_file: secrets/corporate, scopes: [openid, groups],
                groups_claim: groups}]}
          """
              .strip(),
          "{demanded: false}");
    }

    static Setting onPostgres(EmbeddedPostgres postgres) {
      var url = postgres.getJdbcUrl("postgres", "postgres").replaceAll("\\?.*", "");
      return on("{url: \"" + url + "\", user: postgres}");
    }

    static Setting embedded() {
      return on(EMBEDDED);
    }
  }

  private record Ports(int broker, int ras, int console) {}

  private ConsoleSite(Path folder, Setting setting, Certificates certificates) throws IOException {
    this.folder = folder;
    this.setting = setting;
    this.certificates = certificates;
    writeFiles();
    withDatabase(this::publishFirst);
    this.lanyard = Lanyard.start(ConfigurationFile.read(configuration(), Map.of()), CLOCK);
  }

  static ConsoleSite start(Setting setting) throws IOException {
    var folder = Files.createTempDirectory("lanyard-console");
    return start(folder, setting, certificates(folder));
  }

  /// @param certificates of an authority that others have theirs of as well
  static ConsoleSite start(Path folder, Setting setting, Certificates certificates)
      throws IOException {
    return new ConsoleSite(folder, setting, certificates);
  }

  /// A private authority with a certificate for this machine.
  static Certificates certificates(Path folder) throws IOException {
    var tls =
        new PrivateAuthority(CLOCK.instant())
            .write(folder.resolve("tls"), List.of("localhost", "127.0.0.1"));
    return new Certificates(tls.authority(), tls.certificate(), tls.key());
  }

  String broker() {
    return "https://localhost:" + ports.broker();
  }

  String console() {
    return "https://localhost:" + ports.console();
  }

  /// Where answers of an identity provider arrive.
  String callback(String provider) {
    return broker() + "/callback/" + provider;
  }

  /// A new person who is called so, in these groups.
  Installation.Person named(String displayName, String... groups) {
    return person("named-" + UUID.randomUUID(), displayName, groups);
  }

  /// A new person with a user name of their own.
  Installation.Person person(String userName, String displayName, String... groups) {
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
    return new Installation.Person(userName, PASSWORD);
  }

  /// The path of a person's page.
  String pageOf(Installation.Person person) {
    var known = lanyard.directory().findByUserName(ORGANISATION, person.userName()).orElseThrow();
    return "/people/" + known.id();
  }

  /// Somebody has agreed that an application does something for them at *Linear*.
  void agrees(Installation.Person person, String client) {
    var known = lanyard.directory().findByUserName(ORGANISATION, person.userName()).orElseThrow();
    var consent =
        new Consent(
            known.id().value(),
            new ClientId(client),
            "a mark",
            new ResourceIndicator("https://linear.acme.example/mcp"),
            Scopes.of("issues.read"),
            CLOCK.instant());
    withDatabase(database -> {
      var row =
          new ConsentStore(database, new Issuer("https://localhost:" + ports.ras()))
              .agreed(consent);
      return database.write(connection -> {
        Row.insertAll(connection, List.of(row));
        return row;
      });
    });
  }

  /// What an administrator has done at the command line. When this returns, it is a fact.
  void happened(Installation.Person person, Happening what) {
    var known = lanyard.directory().findByUserName(ORGANISATION, person.userName()).orElseThrow();
    lanyard
        .revocation()
        .report(
            Source.of(Source.Kind.ADMIN), new Subject.Person(known.id()), what, "a test", "test");
  }

  /// Lets somebody have a say.
  ///
  /// @param entry of the approvers file, as `lanyard approver key` and the console print it
  void approves(String entry) {
    approvers.add(entry);
    writeApprovers();
  }

  /// Lets somebody have a say with a key that this test keeps for them.
  ///
  /// @param may the rights, with commas
  void approves(Installation.Person person, String may) {
    approves(entry(person.userName(), may));
  }

  /// Lets somebody have a say with a key that is theirs.
  void approves(Installation.Person person, String may, SigningKey key) {
    approves(entry(person.userName(), may, key));
  }

  private String entry(String name, String may) {
    return entry(name, may, key(name));
  }

  private static String entry(String name, String may, SigningKey key) {
    return "  - {name: %s, may: [%s], key: %s}"
        .formatted(name, may, key.publicKey().toJwk().toJson());
  }

  private SigningKey key(String name) {
    return keys.computeIfAbsent(name, _ -> SigningKey.generate(SigningAlgorithm.ES256));
  }

  private void writeApprovers() {
    try {
      // Whole or not at all: a page may be reading it.
      var text = "approvers:\n" + String.join("\n", approvers) + "\n";
      var draft = Files.writeString(folder.resolve("approvers.draft"), text);
      Files.move(draft, folder.resolve("approvers.yaml"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What only other processes do: commands beside the server, other nodes.
  <T> T withDatabase(Function<Database, T> work) {
    var config = ConfigurationFile.read(configuration(), Map.of()).database();
    try (var database = Database.open(config, CLOCK)) {
      return work.apply(database);
    }
  }

  /// Proposes the library with one more line, as its author.
  ///
  /// @return the id of the proposal
  String propose(String line) {
    return withDatabase(database -> {
      var files = new TreeMap<>(files().files());
      files.merge("library.yaml", line + "\n", String::concat);
      return proposed(database, new LibrarySource(folder, files));
    });
  }

  /// Agrees to a proposal, as the second person.
  void approve(String proposal) {
    var _ =
        withDatabase(
            database -> publications(database).answer(proposal, true, author(SECOND, "agreed")));
  }

  /// Somebody puts the library with one more line in force alone.
  ///
  /// @return the number of the publication
  long publishAlone(String line) {
    return withDatabase(database -> {
      var files = new TreeMap<>(files().files());
      files.merge("library.yaml", line + "\n", String::concat);
      var step =
          publications(database)
              .publishAlone(new LibrarySource(folder, files), author(ALONE, "in a hurry"));
      if (!(step instanceof Step.Published(var publication))) {
        throw new AssertionError(step.toString());
      }
      return publication.number();
    });
  }

  private boolean publishFirst(Database database) {
    var id = proposed(database, files());
    var publications = publications(database);
    var _ = publications.answer(id, true, author(SECOND, "agreed"));
    return publications.publish(id, "test") instanceof Step.Published;
  }

  private String proposed(Database database, LibrarySource files) {
    var step = publications(database).propose(files, JsonObject.EMPTY, author(AUTHOR, "needed"));
    if (!(step instanceof Step.Proposed(var proposal))) {
      throw new AssertionError(step.toString());
    }
    return proposal.id();
  }

  private Author author(String name, String rationale) {
    return new Author(name, key(name), rationale);
  }

  private Publications publications(Database database) {
    var trust = new Trust(broker(), () -> Approvers.read(folder.resolve("approvers.yaml")));
    return new Publications(database, trust, ApproverPeople.UNKNOWN, Duration.ofDays(3), CLOCK);
  }

  /// The approvers file, for what reads it.
  Path approversFile() {
    return folder.resolve("approvers.yaml");
  }

  private LibrarySource files() {
    return LibrarySource.of(folder.resolve("library"));
  }

  private Path configuration() {
    return folder.resolve("lanyard.yaml");
  }

  private void writeFiles() throws IOException {
    for (var part : List.of("data", "secrets", "library")) {
      Files.createDirectories(folder.resolve(part));
    }
    MasterKey.create(folder.resolve("secrets/master.key"));
    Files.writeString(folder.resolve("secrets/corporate"), Keycloak.CLIENT_SECRET);
    Files.writeString(folder.resolve("clients.yaml"), clients());
    Files.writeString(folder.resolve("ras-clients.yaml"), rasClients());
    Files.writeString(folder.resolve("library/library.yaml"), library());
    Files.writeString(folder.resolve("terms.yaml"), terms());
    Files.writeString(folder.resolve("workloads.yaml"), workloads());
    approvers.add(entry(AUTHOR, "propose, approve"));
    approvers.add(entry(SECOND, "propose, approve"));
    approvers.add(entry(ALONE, "propose, emergency"));
    writeApprovers();
    Files.writeString(configuration(), yaml());
  }

  private String clients() {
    return """
    clients:
      - id: studio
        name: "Studio %s"
        secret_hash: "%s"
        authentication: [client_secret_basic]
        redirect_uris: [http://127.0.0.1/callback]
        grants: [authorization_code, token-exchange]
        ids_at: {"https://localhost:%d": studio-there}
    """
        .formatted(
            Hostile.TAGS, ClientSecret.generate(new SecureRandom()).hash().text(), ports.ras());
  }

  private static String rasClients() {
    return """
    clients:
      - id: studio-there
        authentication: [none]
        grants: [jwt-bearer]
    """;
  }

  private static String terms() {
    return """
    currency: EUR
    growth: {low: 0%, expected: 2%, high: 15%}
    providers:
      corporate: {quota: 250, seat_price: [{from: 1, price: 2.10}]}
    expansion: [{from: 2026-Q1, fee: 5000}]
    reviews: {hours: 6, rate: 120}
    budget: [{from: 2026-Q1, amount: 900}]
    """;
  }

  private static String workloads() {
    return """
    ways:
      connectors: {cost_per_1000: 1.00, most_per_day: 10000}
      direct:
        linear: {up_to: internal, residual: 30d, cost_per_1000: 0.20}
    workloads:
      quarterly-report:
        connector: linear
        data_class: internal
        freshness: 1h
        calls_per_day: 200
        writes: false
    """;
  }

  private String library() {
    return """
    connectors:
      linear:
        name: Linear
        authorization_server: "https://localhost:%1$d"
        resource: https://linear.acme.example/mcp
        scopes: [issues.read, issues.write]
        tools: {look: public}
      payroll:
        name: Payroll
        authorization_server: "https://localhost:%1$d"
        resource: https://payroll.acme.example/mcp
        scopes: [salaries.read]
    roles:
      engineering:
        groups: [engineering]
        connectors: {linear: [issues.read, issues.write]}
      finance:
        groups: [finance, sales]
        connectors: {payroll: [salaries.read]}
    """
        .formatted(ports.ras());
  }

  private String yaml() {
    return """
    database: %1$s
    master_key_file: secrets/master.key
    library: {folder: library, publication: approved, approvers: approvers.yaml}
    reviews: {approvers: approvers.yaml}
    contract: {terms: terms.yaml}
    routing: {workloads: workloads.yaml}
    outbound: {loopback: true, ca: "%2$s"}
    broker:
      issuer: https://localhost:%3$d
      listen: localhost:%3$d
      tls: {certificate: "%4$s", key: "%5$s"}
      organisation: acme
      clients: clients.yaml
      sign_in: %6$s
      scim: {connections: [{id: hr, profile: generic, organisation: acme, groups: [finance]}]}
      signals:
        transmitter:
          receivers:
            - {name: payroll, audience: "https://payroll.example", token_hashes: ["%10$s"]}
            - {name: paused, audience: "https://paused.example", token_hashes: ["%10$s"]}
    console:
      address: https://localhost:%7$d
      listen: localhost:%7$d
      tls: {certificate: "%4$s", key: "%5$s"}
      help_desk: [service-desk]
      administrators: [administrators]
      reviewers: [reviewers]
      second_factor: %8$s
    ras:
      issuer: https://localhost:%9$d
      listen: localhost:%9$d
      tls: {certificate: "%4$s", key: "%5$s"}
      clients: ras-clients.yaml
      resources:
        - {resource: "https://linear.acme.example/mcp", name: Linear,
           scopes: [issues.read, issues.write]}
        - {resource: "https://payroll.acme.example/mcp", name: Payroll, scopes: [salaries.read]}
      organisations:
        - name: acme
          issuers:
            - {issuer: "https://localhost:%3$d", algorithms: [ES256], domains: [acme.example],
               link_by_email: true, create_people: true, replay: single-use}
    """
        .formatted(
            setting.database(),
            certificates.authority(),
            ports.broker(),
            certificates.certificate(),
            certificates.key(),
            setting.signIn(),
            ports.console(),
            setting.secondFactor(),
            ports.ras(),
            ClientSecret.generate(new SecureRandom()).hash().text());
  }

  @Override
  public void close() throws IOException {
    lanyard.close();
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
