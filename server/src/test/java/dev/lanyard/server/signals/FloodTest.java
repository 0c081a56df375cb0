package dev.lanyard.server.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.securityevent.CaepEvent;
import dev.lanyard.protocol.securityevent.LogoutToken;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.signals.inbound.CallerConfig;
import dev.lanyard.server.signals.inbound.SourceConfig;
import dev.lanyard.server.signals.inbound.Trust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real senders come from 127.0.0.1, the flood from 127.0.0.2.
@DisplayName("SEC: a flood of forged signals fills no record and keeps no real one out")
class FloodTest {
  @TempDir Path folder;
  private Provider idp;
  private Provider forger;
  private Station station;
  private HttpClient flood;

  @BeforeEach
  void open() throws IOException {
    idp = new Provider();
    forger = new Provider();
    station = new Station(TestDatabases.sqlite(folder), folder, idp, "clients: []", this::signals);
    flood = HttpClient.newBuilder().localAddress(InetAddress.getByName("127.0.0.2")).build();
  }

  @AfterEach
  void close() {
    flood.close();
    station.close();
    forger.close();
    idp.close();
  }

  private SignalsConfig signals(Issuer self) {
    var trust =
        new Trust(
            Station.ORGANISATION, Set.of(idp.issuer()), Set.of("acme.example"), Optional.of("idp"));
    var source =
        new SourceConfig(
            "idp",
            Station.signer(idp),
            self.value(),
            trust,
            false,
            Optional.empty(),
            Optional.empty(),
            Duration.ofHours(24));
    return new SignalsConfig(
        List.of(source),
        Optional.empty(),
        List.of(
            new CallerConfig(
                "okta", new CallerConfig.Proof.Signed(Station.signer(idp), "0oa1"), trust, true)),
        List.of());
  }

  private int forged(URI at, String type, String body, String authorization) throws Exception {
    var request =
        HttpRequest.newBuilder(at)
            .header("Content-Type", type)
            .header("Authorization", authorization)
            .POST(BodyPublishers.ofString(body))
            .build();
    return flood.send(request, BodyHandlers.discarding()).statusCode();
  }

  private int rows() {
    return station.database.read(connection -> {
      try (var query = connection.prepareStatement("SELECT COUNT(*) FROM audit");
          var rows = query.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    });
  }

  private String logoutToken(Provider by, String id) {
    var now = station.clock.instant();
    return by.sign(
        LogoutToken.TYPE,
        new LogoutToken(
                idp.issuer(),
                id,
                now,
                now.plusSeconds(120),
                Optional.of("ana-sub"),
                Optional.empty())
            .claimsFor(new ClientId("lanyard")));
  }

  @Test
  @DisplayName("thousands of forged tokens leave as many records as the limit says, and one sum")
  void few_records() throws Exception {
    int before = rows();
    int refused = 0;
    int turnedAway = 0;
    var key = SigningKey.generate(SigningAlgorithm.ES256);
    var forged =
        new JwtSigner(key, LogoutToken.TYPE)
            .sign(JsonObject.builder().put("iss", idp.issuer().value()).build());
    var endpoints =
        Map.of(
            "/backchannel-logout/idp", "application/x-www-form-urlencoded",
            "/signals/events/idp", "application/secevent+jwt",
            "/global-token-revocation/okta", "application/json");
    for (int i = 0; i < 500; i++) {
      for (var endpoint : endpoints.entrySet()) {
        int status =
            forged(
                station.at(endpoint.getKey()),
                endpoint.getValue(),
                "logout_token=" + forged,
                "Bearer " + forged);
        assertThat(status).isIn(400, 401, 429);
        if (status == 429) {
          turnedAway++;
        } else {
          refused++;
        }
      }
    }
    // Where clients prove themselves an address may fail more often; no more of that is recorded.
    assertThat(refused).isEqualTo(60 + 60 + 500);
    // Half of what there is for strangers: all of it came from one network.
    assertThat(rows() - before).isEqualTo(300);
    var summary = station.strangers.take().orElseThrow();
    assertThat(summary.count()).isEqualTo(turnedAway + refused - 300);
    assertThat(summary.sources().keySet()).containsExactly("127.0.0.2");
  }

  @Test
  @DisplayName("the real provider is heard at once while the flood goes on")
  void the_real_one_is_heard() throws Exception {
    var ana = station.person("ana", idp);
    var session = station.session(ana, "up-1");
    for (int i = 0; i < 100; i++) {
      forged(
          station.at("/backchannel-logout/idp"),
          "application/x-www-form-urlencoded",
          "logout_token=x",
          "none");
      forged(station.at("/signals/events/idp"), "application/secevent+jwt", "x", "none");
    }
    assertThat(
            forged(
                station.at("/backchannel-logout/idp"),
                "application/x-www-form-urlencoded",
                "logout_token=x",
                "none"))
        .isEqualTo(429);
    station.clock.advance(Duration.ofSeconds(2));

    var form = Form.builder().add("logout_token", logoutToken(idp, "real-1")).build();
    assertThat(Http.post(station.at("/backchannel-logout/idp"), form, Map.of()).status())
        .isEqualTo(200);
    assertThat(station.isEnded(session)).isTrue();
    var event =
        idp.event(
            station.issuer().value(),
            "real-2",
            station.clock.instant(),
            idp.subject("ana-sub"),
            new CaepEvent.SessionRevoked());
    assertThat(station.push("idp", event).status()).isEqualTo(202);
  }

  @Test
  @DisplayName("a provider that sends thousands of genuine signals is never slowed down")
  void a_storm_of_genuine_ones() {
    station.person("ana", idp);
    for (int i = 0; i < 300; i++) {
      var event =
          idp.event(
              station.issuer().value(),
              "storm-" + i,
              station.clock.instant(),
              idp.subject("ana-sub"),
              new CaepEvent.SessionRevoked());
      assertThat(station.push("idp", event).status()).isEqualTo(202);
    }
  }
}
