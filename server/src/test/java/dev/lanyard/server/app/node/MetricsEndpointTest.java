package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.egress.TrustedTls;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.yaml.FaultyFileException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Figures are read at /metrics, by whoever bears the secret")
class MetricsEndpointTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final Pattern REFUSED =
      Pattern.compile("^lanyard_refused_transactions_total ([0-9.E+]+)$", Pattern.MULTILINE);

  @TempDir Path folder;

  private Configuration configuration(String secret) throws IOException {
    var installed = Installed.in(folder.resolve("set-up"));
    var yaml = installed.configuration();
    if (!secret.isEmpty()) {
      Files.writeString(yaml.resolveSibling("secrets").resolve("metrics"), secret + "\n");
      Files.writeString(
          yaml, Files.readString(yaml) + "\nmetrics:\n  token_file: secrets/metrics\n");
    }
    return ConfigurationFile.read(yaml, Map.of());
  }

  private HttpResponse<String> get(
      Lanyard lanyard, String listener, String path, String authorization) {
    var request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + lanyard.port(listener) + path));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return send(request);
  }

  /// From a client that nobody knows, which is recorded.
  private HttpResponse<String> redemption(Lanyard lanyard) {
    return send(
        HttpRequest.newBuilder(
                URI.create("https://localhost:" + lanyard.port(Lanyard.RAS) + "/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("grant_type=x&client_id=nobody&client_secret=wrong")));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try (var pem = Files.newInputStream(folder.resolve("set-up/tls/ca.pem"));
        var http =
            HttpClient.newBuilder()
                .sslContext(TrustedTls.context(TrustedTls.readPem(pem)))
                .build()) {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_kill_and_a_refusal_show_on_both_listeners_and_name_nobody() throws IOException {
    try (var lanyard = Lanyard.start(configuration(SECRET), Clock.systemUTC())) {
      var created =
          (Linking.Created)
              lanyard
                  .directory()
                  .create(
                      new NewPerson(
                          "example", "zoe", Optional.of("zoe@acme.example"), "Zoe", Set.of()));
      var zoe = created.person();
      var _ =
          lanyard
              .revocation()
              .report(
                  Source.of(Source.Kind.ADMIN),
                  new Subject.Person(zoe.id()),
                  Happening.DISABLED,
                  "left",
                  "test");
      var refused = get(lanyard, Lanyard.BROKER, "/authorize?client_id=unknown-client-9", "");
      assertThat(refused.statusCode()).isGreaterThanOrEqualTo(400);

      for (var listener : new String[] {Lanyard.BROKER, Lanyard.RAS}) {
        var answer = get(lanyard, listener, "/metrics", "Bearer " + SECRET);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
            .isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(answer.body())
            .contains("lanyard_signals_total{reaction=\"done\",source=\"admin\"} 1.0")
            .contains("lanyard_signal_seconds_count{source=\"admin\"} 1")
            .contains("lanyard_change_seconds_count{kind=\"deny\"}")
            .contains("lanyard_denials 1.0")
            .contains("lanyard_feed_age_seconds ")
            .contains("lanyard_group_commit_batches_total ")
            .contains("lanyard_group_commit_units_total ")
            .contains("lanyard_deliveries_waiting ")
            .contains("lanyard_deliveries_dead 0.0")
            .contains("lanyard_receipts_waiting ")
            .contains("jvm_heap_used_bytes ")
            .doesNotContain("zoe")
            .doesNotContain(zoe.id().value())
            .doesNotContain("unknown-client-9");
      }
    }
  }

  private static Linking create(Lanyard lanyard, String name) {
    return lanyard
        .directory()
        .create(new NewPerson("example", name, Optional.empty(), name, Set.of()));
  }

  private double refused(Lanyard lanyard) {
    var figure = REFUSED.matcher(get(lanyard, Lanyard.RAS, "/metrics", "Bearer " + SECRET).body());
    assertThat(figure.find()).isTrue();
    return Double.parseDouble(figure.group(1));
  }

  private String health(Lanyard lanyard) {
    var answer = get(lanyard, Lanyard.RAS, "/health/ready", "");
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  @Test
  @DisplayName("A record that cannot be written shows in the health and the figures, until it can")
  void unwritable() throws IOException, SQLException {
    var config = configuration(SECRET);
    try (var lanyard = Lanyard.start(config, Clock.systemUTC());
        var foreign = DriverManager.getConnection(config.database().url());
        var statement = foreign.createStatement()) {
      assertThat(redemption(lanyard).statusCode()).isEqualTo(401);
      assertThat(health(lanyard)).doesNotContain("\"record\"");

      statement.execute("BEGIN IMMEDIATE");
      assertThat(redemption(lanyard).statusCode()).isEqualTo(503);

      assertThat(health(lanyard)).contains("\"record\":\"cannot be written\"");
      double shared = refused(lanyard);
      assertThat(shared).isPositive();
      assertThatThrownBy(() -> create(lanyard, "yan")).isInstanceOf(DatabaseException.class);
      assertThat(refused(lanyard)).as("a transaction of its own counts too").isGreaterThan(shared);

      statement.execute("ROLLBACK");
      assertThat(create(lanyard, "yan")).isInstanceOf(Linking.Created.class);
      // What waited for the lock meanwhile may be told so a moment later than we are.
      do {
        assertThat(redemption(lanyard).statusCode()).isEqualTo(401);
      } while (health(lanyard).contains("\"record\""));
    }
  }

  @Test
  void whoever_does_not_bear_it_learns_nothing() throws IOException {
    try (var lanyard = Lanyard.start(configuration(SECRET), Clock.systemUTC())) {
      for (var wrong :
          new String[] {
            "", "Bearer", "Bearer ", "Bearer " + SECRET + "0", "Basic " + SECRET, SECRET
          }) {
        var answer = get(lanyard, Lanyard.RAS, "/metrics", wrong);
        assertThat(answer.statusCode()).as(wrong).isEqualTo(401);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
      }
    }
  }

  @Test
  void without_a_secret_there_is_no_such_page() throws IOException {
    try (var lanyard = Lanyard.start(configuration(""), Clock.systemUTC())) {
      assertThat(get(lanyard, Lanyard.RAS, "/metrics", "Bearer ").statusCode()).isEqualTo(404);
      assertThat(get(lanyard, Lanyard.RAS, "/health/ready", "Bearer ").body())
          .isEqualTo("{\"status\":\"ready\"}");
    }
  }

  @Test
  void strangers_learn_from_the_health_whether_a_node_is_ready_and_no_more() throws IOException {
    try (var lanyard = Lanyard.start(configuration(SECRET), Clock.systemUTC())) {
      for (var stranger : new String[] {"", "Bearer", "Bearer " + SECRET + "0", SECRET}) {
        for (var listener : new String[] {Lanyard.BROKER, Lanyard.RAS}) {
          var answer = get(lanyard, listener, "/health/ready", stranger);
          assertThat(answer.statusCode()).as(stranger).isEqualTo(200);
          assertThat(answer.body()).as(stranger).isEqualTo("{\"status\":\"ready\"}");
        }
      }
      assertThat(get(lanyard, Lanyard.RAS, "/health/ready", "Bearer " + SECRET).body())
          .contains("\"status\":\"ready\"", "\"alarms\":", "\"silent_signals\":0")
          .contains("\"deliveries_dead\":0", "\"exports_stalled\":0")
          .doesNotContain("ended_threads");
    }
  }

  @Test
  void a_secret_that_can_be_guessed_stops_the_start() {
    assertThatThrownBy(() -> configuration("hunter2"))
        .isInstanceOf(FaultyFileException.class)
        .hasMessageContaining("openssl rand -hex 32");
  }
}
