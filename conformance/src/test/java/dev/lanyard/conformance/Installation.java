package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.app.command.installation.PrivateAuthority;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.app.node.Lanyard;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/// A whole Lanyard as an administrator sets it up, on free loopback ports over TLS with a private
/// authority: broker, resource authorization server, an MCP server guarded by our library, and a
/// second issuer that the resource authorization server trusts.
///
/// The organisation is `acme`. Its engineers have the connector *Linear*; *Payroll* is for finance.
final class Installation implements AutoCloseable {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final String ORGANISATION = "acme";
  private static final String GUESTS = "guests";
  private static final String PASSWORD = "a password of this test run only";

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /// The tools that the MCP conformance suite calls at a server.
  private static final List<String> SUITE_TOOLS =
      List.of(
          "test_simple_text",
          "test_image_content",
          "test_audio_content",
          "test_embedded_resource",
          "test_multiple_content_types",
          "test_error_handling",
          "test_tool_with_logging",
          "test_tool_with_progress",
          "test_sampling",
          "test_elicitation",
          "test_elicitation_sep1034_defaults",
          "test_elicitation_sep1330_enums",
          "test_reconnection",
          "json_schema_2020_12_tool",
          "greet",
          "slow_compute",
          "failing_job",
          "protocol_error_job",
          "confirm_delete",
          "multi_input",
          "test_tool_with_task",
          "test_logging_tool",
          "test_missing_capability",
          "test_parameter_header",
          "test_streaming_elicitation",
          "test_trigger_tool_change",
          "test_trigger_prompt_change",
          "test_input_required_result_elicitation",
          "test_input_required_result_sampling",
          "test_input_required_result_list_roots",
          "test_input_required_result_request_state",
          "test_input_required_result_tampered_state",
          "test_input_required_result_multiple_inputs",
          "test_input_required_result_multi_round",
          "test_input_required_result_capabilities");

  private final Path folder;
  private final Ports ports;
  private final Optional<Function<Installation, String>> gateway;
  private final Optional<String> vendor;
  private final Certificates certificates;
  private final ClientFiles clients;
  private final String signals;
  private final SigningKey clientKey = SigningKey.generate(SigningAlgorithm.ES256);
  private final Wire wire;
  private final ForeignIssuer secondIssuer;
  private final Lanyard lanyard;
  private final GuardedServer server;

  private Installation(
      Path folder,
      Ports ports,
      List<Upstream> upstreams,
      String signIn,
      String signals,
      Optional<Function<Installation, String>> gateway,
      Optional<String> vendor)
      throws Exception {
    this.gateway = gateway;
    this.vendor = vendor;
    this.folder = folder;
    this.signals = signals;
    this.ports = ports;
    var tls =
        new PrivateAuthority(CLOCK.instant())
            .write(folder.resolve("tls"), List.of("localhost", "127.0.0.1"));
    this.certificates = new Certificates(tls.authority(), tls.certificate(), tls.key());
    this.wire = Wire.trusting(certificates.trust());
    this.clients = new ClientFiles(ras(), resource(), gateway(), vendor);
    this.secondIssuer = ForeignIssuer.start(certificates, ports.second(), "/issuers/42");
    writeFiles(upstreams, signIn);
    this.lanyard = Lanyard.start(ConfigurationFile.read(configuration(), Map.of()), CLOCK);
    this.server = GuardedServer.start(this);
  }

  /// An OpenID Provider that signs people in at the broker.
  record Upstream(String id, String issuer, String secret, String scopes) {}

  /// A person with a password at the broker.
  record Person(String userName, String password) {}

  private record Ports(int broker, int ras, int server, int second, int gateway) {}

  /// Starts one whose people sign in with a password, or at these providers if there are any.
  static Installation start(Upstream... upstreams) throws Exception {
    return startWithSignals("{}", upstreams);
  }

  /// Starts one that listens to and tells others.
  ///
  /// @param signals the section `signals` of the broker
  /// @param upstreams where people sign in, if not with a password
  static Installation startWithSignals(String signals, Upstream... upstreams) throws Exception {
    var ports = ports();
    var folder = Files.createTempDirectory("lanyard-conformance");
    return new Installation(
        folder,
        ports,
        List.of(upstreams),
        signIn(List.of(upstreams)),
        signals,
        Optional.empty(),
        Optional.empty());
  }

  /// Starts one whose people sign in otherwise.
  ///
  /// @param signIn the section `sign_in` of the broker
  static Installation startSigningIn(String signIn) throws Exception {
    var ports = ports();
    var folder = Files.createTempDirectory("lanyard-conformance");
    return new Installation(
        folder, ports, List.of(), signIn, "{}", Optional.empty(), Optional.empty());
  }

  /// Starts one with a gateway before a server, whose tools of conformance suites and of
  /// `server-everything` are graded, but for those that must not be used.
  ///
  /// @param server its MCP endpoint
  static Installation startBefore(URI server) throws Exception {
    return startBefore("\"" + server + "\"");
  }

  /// The same before a server that is reached otherwise.
  ///
  /// @param upstream as the configuration has it
  static Installation startBefore(String upstream) throws Exception {
    return startBefore(
        one -> "drift_lock: recorded\n" + one.gatewaySection(upstream), Optional.empty());
  }

  /// The same, but what servers say of their tools has to be accepted, as it is by default.
  ///
  /// @param server its MCP endpoint
  static Installation startLockedBefore(URI server) throws Exception {
    return startBefore(one -> one.gatewaySection("\"" + server + "\""), Optional.empty());
  }

  /// The same, with the grades and the clearance that a page shows.
  ///
  /// @param page the part of the role library that it shows, of the connector `example` and the
  ///   role `engineering`
  static Installation startLockedBefore(URI server, String page) throws Exception {
    var lanyard = startLockedBefore(server);
    Files.writeString(lanyard.folder.resolve("library/gateway.yaml"), lanyard.completed(page));
    return lanyard;
  }

  /// What a page leaves out is what the set-up of `lanyard init` has.
  private String completed(String page) {
    return page.replaceFirst(
            "(?m)^  example:\n    # …$",
            """
            everything:
              name: Everything
              authorization_server: %s
              resource: %s
              scopes: [everything.use]\
            """
                .indent(2)
                .stripTrailing()
                .formatted(ras(), gateway()))
        .replaceFirst(
            "(?m)^  engineering:\n    # …$",
            """
            everybody-of-engineering:
              groups: [engineering]
              connectors: {everything: [everything.use]}\
            """
                .indent(2)
                .stripTrailing())
        .replace("example.read", "everything.use");
  }

  /// The same, with a gateway that speaks plain HTTP, as behind a proxy that ends TLS.
  ///
  /// @param server its MCP endpoint
  static Installation startLockedBehindProxy(URI server) throws Exception {
    return startBefore(one -> one.plainGatewaySection(server), Optional.empty());
  }

  /// The same before a server of a vendor that wants tokens of its own authorization server, which
  /// the gateway gets by Enterprise-Managed Authorization as `suite-client`.
  ///
  /// @param issuer the vendor's
  /// @param secret of the gateway there
  static Installation startBeforeVendor(URI server, String issuer, String secret) throws Exception {
    return startBefore(one -> one.vendorSection(server, issuer, secret), Optional.of(issuer));
  }

  /// Starts one whose resource authorization server takes the client that the second issuer's host
  /// publishes at this path, and no other one of that host.
  static Installation startKnowingClientAt(String path) throws Exception {
    // The section of that server is the last one of the configuration, and goes on.
    return startBefore(
        one ->
            "  client_id_metadata_documents: {urls: [\"%s\"]}\n"
                .formatted(one.secondIssuer().url(path)),
        Optional.empty());
  }

  private static Installation startBefore(
      Function<Installation, String> section, Optional<String> vendor) throws Exception {
    var ports = ports();
    var folder = Files.createTempDirectory("lanyard-conformance");
    return new Installation(
        folder, ports, List.of(), signIn(List.of()), "{}", Optional.of(section), vendor);
  }

  /// Has the server behind the gateway asked for its tools, and accepts them all, as an
  /// administrator does who has looked through them.
  void acceptTools() throws Exception {
    var accepted = acceptSeenTools();
    assertThat(accepted.exit()).as(accepted.output()).isZero();
  }

  /// Has the server behind the gateway asked for its tools, and wishes to accept whatever it has.
  ///
  /// @return what was said of each
  Cli.Ran acceptSeenTools() throws Exception {
    var file = configuration().toString();
    assertThat(snapshot().output()).contains(" tools, ");
    var list = Cli.run("tools", "list", "--connector", "everything", "--json", "-c", file);
    // The virtual machine has its say as well.
    var tools = list.output().lines().filter(line -> line.startsWith("{")).toList();
    var looked = Files.write(folder.resolve("seen.jsonl"), tools);
    return Cli.run("tools", "accept", "--from", looked.toString(), "-c", file);
  }

  /// Has the server behind the gateway asked for its tools.
  Cli.Ran snapshot() throws Exception {
    var file = configuration().toString();
    return Cli.run("tools", "snapshot", "--connector", "everything", "-c", file);
  }

  /// Starts one with a gateway before its own MCP server, which wants a token of each person: the
  /// gateway gets them by Enterprise-Managed Authorization, from the same resource authorization
  /// server.
  static Installation startManaged() throws Exception {
    var ports = ports();
    var folder = Files.createTempDirectory("lanyard-conformance");
    return new Installation(
        folder,
        ports,
        List.of(),
        signIn(List.of()),
        "{}",
        Optional.of(one -> "drift_lock: recorded\n" + one.managedSection()),
        Optional.empty());
  }

  private static Ports ports() {
    return new Ports(freePort(), freePort(), freePort(), freePort(), freePort());
  }

  /// A port that was free a moment ago: an issuer must know its port before it listens.
  static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String broker() {
    return "https://localhost:" + ports.broker();
  }

  String ras() {
    return "https://localhost:" + ports.ras();
  }

  URI mcpServer() {
    return URI.create("https://localhost:" + ports.server() + "/mcp");
  }

  /// The resource that engineers may use: the MCP server.
  String resource() {
    return mcpServer().toString();
  }

  /// The address of the gateway, where there is one.
  String gateway() {
    return "https://localhost:" + ports.gateway() + "/mcp";
  }

  /// A resource of the same authorization server that engineers may not use.
  String otherResource() {
    return "https://payroll.acme.example/mcp";
  }

  Certificates certificates() {
    return certificates;
  }

  Wire wire() {
    return wire;
  }

  /// An issuer outside of this installation that its resource authorization server trusts.
  ForeignIssuer secondIssuer() {
    return secondIssuer;
  }

  /// The key of the client that authenticates by `private_key_jwt`.
  SigningKey clientKey() {
    return clientKey;
  }

  /// The secret of a client, at whichever of the two servers it is.
  String secret(String client) {
    return clients.secret(client);
  }

  /// What a script needs to know of a server and a client there.
  JsonObject.Builder credentials(String issuer, String client) {
    return JsonObject.builder()
        .put("issuer", issuer)
        .put("clientId", client)
        .put("clientSecret", secret(client));
  }

  URI brokerTokenEndpoint() throws Exception {
    var metadata = wire.get(URI.create(broker() + "/.well-known/openid-configuration")).json();
    return URI.create(metadata.string("token_endpoint").orElseThrow());
  }

  /// A new person who may use Linear.
  Person engineer() {
    return person("engineering");
  }

  /// A new person who may use nothing.
  Person salesperson() {
    return person("sales");
  }

  /// A new person of no customer, who has a password at the resource authorization server.
  Person guest() {
    return person(GUESTS, "home.example", "guest");
  }

  private Person person(String group) {
    return person(ORGANISATION, "acme.example", group);
  }

  private Person person(String organisation, String domain, String group) {
    var name = group + "-" + UUID.randomUUID();
    var email = name + "@" + domain;
    return person(new NewPerson(organisation, name, Optional.of(email), name, Set.of(group)));
  }

  private Person person(NewPerson person) {
    if (!(lanyard.directory().create(person) instanceof Linking.Created(var created))) {
      throw new AssertionError("a new person was there already");
    }
    var _ = lanyard.passwords().set(created.id(), new Secret(PASSWORD));
    return new Person(person.userName(), PASSWORD);
  }

  void disable(Person person) {
    disable(person.userName());
  }

  /// Disables a person as an administrator does. When this returns, it is a fact.
  void disable(String userName) {
    var person = lanyard.directory().findByUserName(ORGANISATION, userName).orElseThrow();
    lanyard
        .revocation()
        .report(
            Source.of(Source.Kind.ADMIN),
            new Subject.Person(person.id()),
            Happening.DISABLED,
            "left the company",
            "conformance");
  }

  /// What the record has of a type, newest first.
  List<String> recorded(String type) {
    return lanyard.audit().query(AuditQuery.newest(20).ofType(type)).stream()
        .map(one -> one.event().outcome().value() + " " + one.event().evidence().toJson())
        .toList();
  }

  /// An outage of the audit log: nothing can be written to it until this is closed.
  AutoCloseable stopAudit() throws SQLException {
    execute("ALTER TABLE audit RENAME TO audit_elsewhere");
    return () -> execute("ALTER TABLE audit_elsewhere RENAME TO audit");
  }

  private void execute(String sql) throws SQLException {
    var url = "jdbc:sqlite:" + folder.resolve("data/lanyard.db");
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// For commands beside this process.
  Path configuration() {
    return folder.resolve("lanyard.yaml");
  }

  /// Adds connectors to the role library, which no role gives to anybody.
  ///
  /// @param authorizationServers by the address of the connector's MCP server
  void add(Map<URI, String> authorizationServers) throws IOException {
    var yaml = new StringBuilder("connectors:\n");
    authorizationServers.forEach((address, server) ->
        yaml.append(
            """
              foreign-%1$d:
                name: Foreign
                authorization_server: "%2$s"
                resource: "%3$s"
                scopes: [any]
            """
                .formatted(address.getPort(), server, address)));
    Files.writeString(folder.resolve("library/foreign.yaml"), yaml);
  }

  private void writeFiles(List<Upstream> upstreams, String signIn) throws IOException {
    for (var part : List.of("data", "secrets", "library", "clients")) {
      Files.createDirectories(folder.resolve(part));
    }
    for (var upstream : upstreams) {
      Files.writeString(folder.resolve("secrets/" + upstream.id()), upstream.secret());
    }
    var masterKey = Files.createFile(folder.resolve("secrets/master.key"), OWNER_ONLY);
    Files.writeString(masterKey, Base64.getEncoder().encodeToString(randomBytes(32)));
    var keys = new PublicKeySet(List.of(clientKey.publicKey())).toJson().toJson();
    Files.writeString(folder.resolve("clients/broker.yaml"), clients.atBroker(keys));
    Files.writeString(folder.resolve("clients/ras.yaml"), clients.atRas());
    Files.writeString(folder.resolve("library/library.yaml"), library());
    if (gateway.isPresent()) {
      Files.writeString(folder.resolve("secrets/gateway-ras"), secret("gateway-ras"));
      Files.writeString(folder.resolve("library/gateway.yaml"), graded());
    }
    Files.writeString(
        configuration(), yaml(signIn) + gateway.map(section -> section.apply(this)).orElse(""));
  }

  private String gatewaySection(String upstream) {
    return """
    gateway:
      listen: localhost:%d
      tls: {certificate: tls/server.pem, key: tls/server.key}
      limits: {calls_per_minute: 100000, calls_of_one_tool_per_minute: 100000}
      connectors:
        - {connector: everything, address: "%s", upstream: %s}
    """
        .formatted(ports.gateway(), gateway(), upstream);
  }

  private String plainGatewaySection(URI server) {
    return """
    gateway:
      listen: localhost:%1$d
      limits: {calls_per_minute: 100000, calls_of_one_tool_per_minute: 100000}
      connectors:
        - {connector: everything, address: "%2$s", upstream: "%3$s",
           allowed_origins: ["http://localhost:%1$d"]}
    """
        .formatted(ports.gateway(), gateway(), server);
  }

  private String managedSection() {
    return gatewaySection("\"" + mcpServer() + "\"")
        + """
          client: {id: gateway}
        upstream_credentials:
          everything:
            type: ema
            issuer: "%s"
            client_id: gateway-ras
            client_secret_file: secrets/gateway-ras
            scopes: [issues.read]
            resource: "%s"
        """
            .formatted(ras(), resource());
  }

  private String vendorSection(URI server, String issuer, String secret) {
    try {
      Files.writeString(folder.resolve("secrets/vendor"), secret);
      Files.writeString(folder.resolve("library/vendor.yaml"), atVendor(issuer));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "drift_lock: recorded\n"
        + gatewaySection("\"" + server + "\"")
        + """
          client: {id: gateway}
        upstream_credentials:
          everything:
            type: ema
            issuer: "%s"
            client_id: suite-client
            client_secret_file: secrets/vendor
            scopes: [profile, email]
            resource: "https://mcp.example/mcp"
        """
            .formatted(issuer);
  }

  private static String atVendor(String issuer) {
    return """
    connectors:
      at-the-vendor:
        name: At the vendor
        authorization_server: "%s"
        resource: "https://mcp.example/mcp"
        scopes: [profile, email]
    roles:
      engineering-at-the-vendor:
        groups: [engineering]
        clients: [gateway]
        connectors: {at-the-vendor: [profile, email]}
    """
        .formatted(issuer);
  }

  /// `get-env` would show the environment of the server to anybody: nobody has graded it.
  private String graded() {
    return """
    connectors:
      everything:
        name: Everything
        authorization_server: %1$s
        resource: %2$s
        scopes: [everything.use]
        tools:
          echo: {grade: public, scopes: [everything.use]}
          get-sum: public
          trigger-long-running-operation: public
          get-structured-content: restricted
          write_file: public
          read_text_file: public
          list_directory: public
          create_entities: public
          read_graph: public
          list_issues: public
          %3$s: public
          "resource:*": public
          "prompt:*": public
    roles:
      everybody-of-engineering:
        groups: [engineering]
        connectors: {everything: [everything.use]}
    """
        .formatted(ras(), gateway(), String.join(": public\n      ", SUITE_TOOLS));
  }

  private static byte[] randomBytes(int count) {
    var bytes = new byte[count];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  private String library() {
    return """
    connectors:
      linear:
        name: Linear
        authorization_server: %1$s
        resource: %2$s
        scopes: [issues.read, issues.write]
      payroll:
        name: Payroll
        authorization_server: %1$s
        resource: %3$s
        scopes: [salaries.read]
    roles:
      engineering:
        groups: [engineering]
        connectors: {linear: [issues.read, issues.write]}
      finance:
        groups: [finance, sales]
        connectors: {payroll: [salaries.read]}
    """
        .formatted(ras(), resource(), otherResource());
  }

  private static String signIn(List<Upstream> upstreams) {
    if (upstreams.isEmpty()) {
      return "{local_people: true}";
    }
    var text = new StringBuilder("{upstreams: [");
    for (var upstream : upstreams) {
      text.append(
          """
          {id: %1$s, issuer: "%2$s", client_id: lanyard, client_secret_file: secrets/%1$s,
             scopes: [%3$s], groups_claim: groups, email_domains: [acme.example]},
          """
              .formatted(upstream.id(), upstream.issuer(), upstream.scopes().replace(" ", ", ")));
    }
    return text.append("]}").toString();
  }

  private String yaml(String signIn) {
    return """
    database: {url: "jdbc:sqlite:data/lanyard.db"}
    master_key_file: secrets/master.key
    library: library
    outbound: {loopback: true, ca: tls/ca.pem}
    broker:
      issuer: %1$s
      listen: localhost:%2$d
      tls: {certificate: tls/server.pem, key: tls/server.key}
      organisation: acme
      clients: clients/broker.yaml
      sign_in: %3$s
      signals: %9$s
    ras:
      issuer: %4$s
      listen: localhost:%5$d
      tls: {certificate: tls/server.pem, key: tls/server.key}
      clients: clients/ras.yaml
      flows: both
      sign_in: {organisation: guests, local_people: true}
      resources:
        - {resource: "%6$s", name: Linear, scopes: [issues.read, issues.write],
           scope_descriptions: {issues.read: See issues, issues.write: Change issues}}
        - {resource: "%7$s", name: Payroll, scopes: [salaries.read]}
        - {resource: "%10$s", name: Everything, scopes: [everything.use]}
      organisations:
        - name: acme
          issuers:
            - {issuer: "%1$s", algorithms: [ES256], domains: [acme.example], link_by_email: true,
               create_people: true, replay: single-use}
            - {issuer: "%8$s", algorithms: [ES256], domains: [acme.example], link_by_email: true,
               create_people: true, replay: single-use}
    """
        .formatted(
            broker(),
            ports.broker(),
            signIn,
            ras(),
            ports.ras(),
            resource(),
            otherResource(),
            secondIssuer.issuer(),
            signals,
            gateway());
  }

  @Override
  public void close() throws Exception {
    server.close();
    lanyard.close();
    secondIssuer.close();
    wire.close();
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
