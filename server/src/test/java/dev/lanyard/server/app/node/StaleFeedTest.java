package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.egress.TrustedTls;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.resourceserver.status.Introspection;
import dev.lanyard.resourceserver.status.RevocationStream;
import dev.lanyard.resourceserver.status.StreamConfig;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.database.Proxy;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Soon;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole server, with its network to PostgreSQL cut, and a resource server that follows it.
@DisplayName("Fail closed: who may have missed a kill refuses, says so, and recovers by itself")
class StaleFeedTest {
  private static final String METRICS = "0123456789abcdef0123456789abcdef";
  private static final ClientSecret CLIENT = ClientSecret.generate(new SecureRandom());
  private static final Pattern AGE =
      Pattern.compile("^lanyard_feed_age_seconds ([0-9.E+-]+)$", Pattern.MULTILINE);
  private static final double BOUND = 2;

  @TempDir Path folder;
  private HttpClient http;
  private Lanyard lanyard;

  private Configuration configuration(String database) throws IOException {
    var installed = Installed.in(folder.resolve("installed"));
    var yaml = installed.configuration();
    Files.writeString(yaml.resolveSibling("secrets").resolve("metrics"), METRICS + "\n");
    Files.writeString(yaml.resolveSibling("secrets").resolve("database"), "postgres");
    Files.writeString(
        yaml,
        Files.readString(yaml)
                .replace(
                    "url: jdbc:sqlite:data/lanyard.db",
                    """
                    url: "%s"
                      user: postgres
                      password_file: secrets/database
                      poll: 100ms
                      stale_after: 2s
                    """
                        .formatted(database))
            + "\nmetrics:\n  token_file: secrets/metrics\n");
    var clients = yaml.resolveSibling("clients").resolve("ras.yaml");
    Files.writeString(
        clients,
        Files.readString(clients)
            .replaceAll(
                "secret_hash: \"[^\"]*\"", "secret_hash: \"" + CLIENT.hash().text() + "\""));
    return ConfigurationFile.read(yaml, Map.of());
  }

  private List<X509Certificate> authorities() throws IOException {
    try (var pem = Files.newInputStream(folder.resolve("installed/tls/ca.pem"))) {
      return TrustedTls.readPem(pem);
    }
  }

  private RevocationStream library() throws IOException {
    return RevocationStream.open(
        new StreamConfig(
            new Issuer(at("").toString()),
            at("/revocation-stream"),
            new BasicCredentials(new ClientId("example-server"), CLIENT.secret()),
            Duration.ofSeconds(3)),
        Introspection.http(authorities()),
        Clock.systemUTC());
  }

  private URI at(String path) {
    return URI.create("https://localhost:" + lanyard.port(Lanyard.RAS) + path);
  }

  private HttpResponse<String> get(String path, String... headers) {
    return send(HttpRequest.newBuilder(at(path)), headers);
  }

  private HttpResponse<String> introspect() {
    var credentials = new BasicCredentials(new ClientId("example-server"), CLIENT.secret());
    var request =
        HttpRequest.newBuilder(at("/introspect"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("token=x"));
    return send(request, "Authorization", credentials.toHeader());
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String... headers) {
    try {
      return http.send(
          (headers.length == 0 ? request : request.headers(headers)).build(),
          BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private double age() {
    var figures = get("/metrics", "Authorization", "Bearer " + METRICS);
    assertThat(figures.statusCode()).isEqualTo(200);
    var age = AGE.matcher(figures.body());
    assertThat(age.find()).as(figures.body()).isTrue();
    return Double.parseDouble(age.group(1));
  }

  @Test
  @DisplayName("in the health, in the figures, as 503, and in the library; and back")
  void shows_everywhere_and_goes_away() throws Exception {
    var database = TestDatabases.postgres();
    try (var network = Proxy.to(database);
        var started =
            Lanyard.start(configuration(network.through(database).url()), Clock.systemUTC());
        var client =
            HttpClient.newBuilder().sslContext(TrustedTls.context(authorities())).build()) {
      lanyard = started;
      http = client;
      try (var library = library()) {
        Soon.until("the library begins", () -> library.state().fresh());
        Soon.until("ready", () -> get("/health/ready").statusCode() == 200);
        Soon.until("answers", () -> introspect().statusCode() == 200);
        Soon.until("young", () -> age() < BOUND);

        network.cut();

        Soon.until("stale", () -> get("/health/ready").statusCode() == 503);
        assertThat(get("/health/ready").body()).contains("\"status\":\"stale\"");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(age()).isGreaterThan(BOUND);
        var refused = introspect();
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        Soon.until("the library refuses", () -> !library.state().fresh());
        Soon.until("and says why", () -> library.state().fault().orElse("").contains("stale"));

        network.mend();

        Soon.until("ready again", () -> get("/health/ready").statusCode() == 200);
        Soon.until("answers again", () -> introspect().statusCode() == 200);
        Soon.until("young again", () -> age() < BOUND);
        Soon.until("the library serves again", () -> library.state().fresh());
      }
    }
  }
}
