package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.egress.TrustedTls;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.pair.Described;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Forecasts, reviews, contracts and the value report, for programs of administrators")
class PlanningRoutesTest {
  private static final String TERMS =
      """
      currency: EUR
      providers: {okta: {quota: 250}}
      expansion: [{from: 2026-Q1, fee: 5000}]
      reviews: {hours: 6, rate: 120}
      budget: [{from: 2026-Q1, amount: 1000}]
      """;

  @TempDir private Path folder;

  private HttpResponse<String> get(Lanyard lanyard, String path, Optional<String> token)
      throws Exception {
    var request =
        HttpRequest.newBuilder(
            URI.create("https://localhost:" + lanyard.port(Lanyard.BROKER) + "/admin/api" + path));
    token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    try (var pem = Files.newInputStream(folder.resolve("set-up/tls/ca.pem"));
        var http =
            HttpClient.newBuilder()
                .sslContext(TrustedTls.context(TrustedTls.readPem(pem)))
                .build()) {
      return http.send(request.build(), BodyHandlers.ofString());
    }
  }

  @Test
  void whoever_bears_a_token_reads_and_nobody_else_learns_anything() throws Exception {
    var installed = Installed.in(folder.resolve("set-up"));
    var token = ClientSecret.generate(new SecureRandom());
    var secret = Optional.of(token.secret().reveal());
    var yaml = installed.configuration();
    var terms = Files.writeString(yaml.resolveSibling("contract.yaml"), TERMS);
    Files.writeString(
        yaml,
        Files.readString(yaml)
            + "\nadministration:\n  token_hashes: [\"%s\"]\ncontract: {terms: contract.yaml}\n"
                .formatted(token.hash().text()));
    var said =
        installed.here(
            "forecast",
            "set",
            "salesforce",
            "--in",
            "2999-Q1=1",
            "--as",
            "ana",
            "-m",
            "r",
            "--evidence",
            "e");
    assertThat(said.exit()).as(said.err()).isZero();
    try (var lanyard = Lanyard.start(ConfigurationFile.read(yaml, Map.of()), Clock.systemUTC())) {
      for (var path :
          List.of(
              "/forecast",
              "/forecast/statements",
              "/forecast/scores",
              "/reviews",
              "/reviews/none",
              "/contract",
              "/value?month=2026-01")) {
        assertThat(get(lanyard, path, Optional.empty()).statusCode()).as(path).isEqualTo(401);
        var wrong = get(lanyard, path, Optional.of("another"));
        assertThat(wrong.statusCode()).as(path).isEqualTo(401);
        assertThat(wrong.body()).as(path).contains("urn:lanyard:problem:unauthenticated");
      }
      var outlook = JsonObject.parse(get(lanyard, "/forecast?quarters=2", secret).body());
      assertThat(outlook.objects("quarters").orElseThrow()).hasSize(2);
      for (var path :
          List.of(
              "/forecast?quarters=2",
              "/forecast/statements",
              "/forecast/scores",
              "/reviews",
              "/contract",
              "/value?month=2026-01")) {
        var pattern = "/admin/api" + path.replaceFirst("\\?.*", "");
        Described.assertFits("get", pattern, 200, get(lanyard, path, secret).body());
      }
      assertThat(get(lanyard, "/forecast?quarters=99", secret).statusCode()).isEqualTo(400);
      assertThat(get(lanyard, "/forecast/statements", secret).body()).contains("salesforce", "ana");
      assertThat(get(lanyard, "/forecast/scores", secret).body()).contains("\"judged\":0");
      assertThat(get(lanyard, "/reviews", secret).statusCode()).isEqualTo(200);
      assertThat(get(lanyard, "/reviews/none", secret).statusCode()).isEqualTo(404);
      assertThat(get(lanyard, "/contract", secret).body()).contains("\"amount\":\"720.00\"");
      assertThat(get(lanyard, "/value?month=2026-01", secret).body()).contains("missing");
      assertThat(get(lanyard, "/value", secret).statusCode()).isEqualTo(400);

      Files.writeString(terms, "currency: EURO\n");
      var faulty = get(lanyard, "/contract", secret);
      assertThat(faulty.statusCode()).isEqualTo(409);
      assertThat(faulty.body()).contains("contract.yaml:1").doesNotContain(folder.toString());
    }
  }
}
