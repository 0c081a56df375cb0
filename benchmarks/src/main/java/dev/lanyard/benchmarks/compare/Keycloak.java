package dev.lanyard.benchmarks.compare;

import dev.lanyard.benchmarks.postgres.DurablePostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The peer: the one other server that redeems ID-JAGs for real (as a feature that must be switched
/// on). It issues none and guards no MCP server.
final class Keycloak implements Contestant {
  private static final String CLIENT = "backend-client";
  private static final String SECRET = "bsecret";
  private static final String FEATURES = "jwt-authorization-grant,identity-assertion-jwt";

  private final Started started;
  private final URI realm;
  private final CustomerIdp issuer;

  private Keycloak(Started started, URI realm, CustomerIdp issuer) {
    this.started = started;
    this.realm = realm;
    this.issuer = issuer;
  }

  /// Starts it twice: the first start makes the schema and the realm, the second is measured.
  ///
  /// @param home the unpacked distribution
  /// @param folder for logs
  /// @param database its JDBC URL
  static Keycloak start(Path home, Path folder, String database, CustomerIdp issuer)
      throws IOException {
    build(home, folder);
    importRealm(home, issuer);
    var http = Started.freePort();
    var management = Started.freePort();
    var base = "http://127.0.0.1:" + http;
    var command =
        List.of(
            home.resolve("bin/kc.sh").toString(),
            "start",
            "--optimized",
            "--import-realm",
            "--db-url=" + database,
            "--db-username=" + DurablePostgres.USER,
            "--db-password=none",
            "--http-enabled=true",
            "--http-host=127.0.0.1",
            "--http-port=" + http,
            "--hostname=" + base,
            "--http-management-port=" + management,
            "--cache=local");
    var ready = URI.create("http://127.0.0.1:" + management + "/health/ready");
    var log = folder.resolve("keycloak.log");
    Started.of(command, environment(), log, ready).close();
    var started = Started.of(command, environment(), log, ready);
    return new Keycloak(started, URI.create(base + "/realms/bench"), issuer);
  }

  private static Map<String, String> environment() {
    return Map.of("JAVA_HOME", System.getProperty("java.home"));
  }

  /// Fixes the features and the kind of database, once per unpacked distribution.
  private static void build(Path home, Path folder) throws IOException {
    var done = home.resolve("built-for-comparison");
    if (Files.exists(done)) {
      return;
    }
    Files.createDirectories(folder);
    var log = folder.resolve("keycloak-build.log");
    var builder =
        new ProcessBuilder(
                home.resolve("bin/kc.sh").toString(),
                "build",
                "--features=" + FEATURES,
                "--db=postgres",
                "--health-enabled=true")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment());
    try {
      if (builder.start().waitFor() != 0) {
        throw new IOException("the peer could not be built; see " + log);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while building the peer", e);
    }
    Files.createFile(done);
  }

  private static void importRealm(Path home, CustomerIdp issuer) throws IOException {
    try (var template = Keycloak.class.getResourceAsStream("keycloak-realm.json")) {
      if (template == null) {
        throw new IllegalStateException("keycloak-realm.json is missing from the class path");
      }
      var realm =
          new String(template.readAllBytes(), StandardCharsets.UTF_8)
              .replace("@ISSUER@", issuer.issuer())
              .replace("@CLIENT@", CLIENT)
              .replace("@SECRET@", SECRET)
              .replace("@SUBJECT@", CustomerIdp.SUBJECT)
              .replace("@EMAIL@", CustomerIdp.EMAIL);
      var folder = Files.createDirectories(home.resolve("data/import"));
      Files.writeString(folder.resolve("bench-realm.json"), realm);
    }
  }

  @Override
  public String name() {
    return "Keycloak";
  }

  @Override
  public ProcessTree server() {
    return started.tree();
  }

  @Override
  public StartUp startUp() {
    return started.startUp();
  }

  @Override
  public Optional<Load> load(Operation operation) throws IOException {
    return switch (operation) {
      case REDEEM -> Optional.of(redemption());
      case INTROSPECT -> Optional.of(introspection());
      case ISSUE, CALL -> Optional.empty();
    };
  }

  private Load.Unique redemption() {
    var prefix = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
    return new Load.Unique(
        endpoint("token"),
        headers(),
        () -> prefix + issuer.idJag(realm.toString(), CLIENT, "http://127.0.0.1/mcp", "profile"));
  }

  private Load introspection() throws IOException {
    var token = Http.once(redemption()).get("access_token").asString();
    return new Load.Same(endpoint("token/introspect"), headers(), "token=" + token);
  }

  private Map<String, String> headers() {
    return Map.of("Content-Type", Http.FORM, "Authorization", Http.basic(CLIENT, SECRET));
  }

  private URI endpoint(String path) {
    return URI.create(realm + "/protocol/openid-connect/" + path);
  }

  @Override
  public void close() {
    started.close();
  }
}
