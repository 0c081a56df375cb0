package dev.lanyard.benchmarks.compare;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.TokenType;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Lanyard as `./lanyard serve` starts it, broker and RAS in one process.
final class Lanyard implements Contestant {
  private static final String USER = "alice@example.com";
  private static final String PASSWORD = "correct horse battery staple";

  private final LanyardFiles files;
  private final Started started;
  private final CustomerIdp issuer;
  private final Map<String, String> environment;
  private final Path home;
  private final String name;
  private final List<Started> mcpServers = new ArrayList<>();

  private Lanyard(
      LanyardFiles files,
      Started started,
      CustomerIdp issuer,
      Map<String, String> environment,
      Path home,
      String name) {
    this.files = files;
    this.started = started;
    this.issuer = issuer;
    this.environment = environment;
    this.home = home;
    this.name = name;
  }

  /// Starts it twice, as the peer: the first start makes the tables and the keys, the second is
  /// measured.
  ///
  /// @param home the checkout, built
  /// @param folder for its files and logs; made anew
  /// @param population its customers and their people, beside the one of the comparison
  /// @param options of its JVM, beside what the launcher gives
  static Lanyard start(
      Path home,
      Path folder,
      String database,
      CustomerIdp issuer,
      Population population,
      String options)
      throws IOException, SQLException {
    var files = LanyardFiles.write(folder.resolve("files"), database, issuer);
    var environment =
        Map.of("LANYARD_JAVA_OPTIONS", options, "JAVA_HOME", System.getProperty("java.home"));
    var launcher = home.resolve("lanyard").toString();
    var command = List.of(launcher, "serve", "-c", files.configuration().toString());
    var ready = URI.create(files.broker() + "/health/ready");
    Started.of(command, environment, folder.resolve("first-start.log"), ready).close();
    population.fill(database, issuer);
    var started = Started.of(command, environment, folder.resolve("lanyard.log"), ready);
    return new Lanyard(files, started, issuer, environment, home, population.title());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ProcessTree server() {
    return mcpServers.stream().map(Started::tree).reduce(started.tree(), ProcessTree::and);
  }

  @Override
  public StartUp startUp() {
    return started.startUp();
  }

  @Override
  public Optional<Load> load(Operation operation) throws IOException {
    return Optional.of(
        switch (operation) {
          case ISSUE -> issue();
          case REDEEM -> redemption();
          case INTROSPECT -> introspection();
          case CALL -> call();
        });
  }

  private Load issue() throws IOException {
    addPerson();
    var idToken = new LanyardSignIn(files).idToken(USER, PASSWORD);
    var form =
        Form.builder()
            .add("grant_type", GrantType.TOKEN_EXCHANGE.value())
            .add("requested_token_type", TokenType.ID_JAG.value())
            .add("subject_token", idToken)
            .add("subject_token_type", TokenType.ID_TOKEN.value())
            .add("audience", files.ras().toString())
            .add("resource", files.resource().toString())
            .add("scope", LanyardFiles.SCOPE)
            .build();
    return new Load.Same(at(files.broker(), "/token"), client(LanyardFiles.CLIENT), form.encode());
  }

  private void addPerson() throws IOException {
    var command =
        List.of(
            home.resolve("lanyard").toString(),
            "person",
            "add",
            "-c",
            files.configuration().toString(),
            USER,
            "--group",
            LanyardFiles.GROUP);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    var process = builder.start();
    try (var in = process.outputWriter()) {
      in.write(PASSWORD + "\n");
    }
    var said =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("no person could be added: " + said);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while adding a person", e);
    }
  }

  private Load.Unique redemption() {
    var prefix =
        Form.builder().add("grant_type", GrantType.JWT_BEARER.value()).build().encode()
            + "&assertion=";
    return new Load.Unique(
        at(files.ras(), "/token"),
        client(LanyardFiles.CLIENT_THERE),
        () ->
            prefix
                + issuer.idJag(
                    files.ras().toString(),
                    LanyardFiles.CLIENT_THERE,
                    files.resource().toString(),
                    LanyardFiles.SCOPE));
  }

  private Load introspection() throws IOException {
    return new Load.Same(
        at(files.ras(), "/introspect"),
        Map.of(
            "Content-Type",
            Http.FORM,
            "Authorization",
            Http.basic(LanyardFiles.MCP_SERVER, files.server().secret().reveal())),
        "token=" + accessToken());
  }

  private Load call() throws IOException {
    mcpServers.add(McpServerProcess.start(files));
    var call =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\","
            + "\"params\":{\"name\":\"echo\",\"arguments\":{}}}";
    return new Load.Same(
        files.resource(),
        Map.of(
            "Content-Type",
            "application/json",
            "Accept",
            "application/json, text/event-stream",
            "Authorization",
            "Bearer " + accessToken()),
        call);
  }

  private String accessToken() throws IOException {
    return Http.once(redemption()).get("access_token").asString();
  }

  private Map<String, String> client(String id) {
    return Map.of(
        "Content-Type",
        Http.FORM,
        "Authorization",
        Http.basic(id, files.client().secret().reveal()));
  }

  private static URI at(URI issuer, String path) {
    return URI.create(issuer + path);
  }

  @Override
  public void close() {
    mcpServers.forEach(Started::close);
    started.close();
  }
}
