package dev.lanyard.server.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.securityevent.CaepEvent;
import dev.lanyard.protocol.securityevent.LogoutToken;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.revocation.Origins;
import dev.lanyard.server.sessions.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The logout tokens that come in, on either database.
@DisplayName("OpenID Connect Back-Channel Logout 1.0 §2.5 to §2.8: logout tokens of providers")
@Tag("thorough")
class LogoutTokensTest {

  @Nested
  class OnSqlite extends Contract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends Contract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }

  abstract static class Contract {
    @TempDir Path folder;

    private final DatabaseConfig config;
    private Provider idp;
    private Provider stranger;
    private Station station;
    private Person ana;
    private Person bob;

    Contract(DatabaseConfig config) {
      this.config = config;
    }

    @BeforeEach
    void open() {
      idp = new Provider();
      stranger = new Provider();
      station = new Station(config, folder, idp, "clients: []", _ -> SignalsConfig.NONE);
      ana = station.person("ana", idp);
      bob = station.person("bob", idp);
    }

    @AfterEach
    void close() {
      station.close();
      stranger.close();
      idp.close();
    }

    private Answer loggedOut(Optional<String> sub, Optional<String> sid, String id) {
      return loggedOut("idp", sub, sid, id);
    }

    private Answer loggedOut(
        String provider, Optional<String> sub, Optional<String> sid, String id) {
      var now = station.clock.instant();
      var claims =
          new LogoutToken(idp.issuer(), id, now, now.plusSeconds(120), sub, sid)
              .claimsFor(new ClientId("lanyard"));
      return logoutToken(provider, idp.sign(LogoutToken.TYPE, claims));
    }

    private Answer logoutToken(String provider, String token) {
      return Http.post(
          station.at("/backchannel-logout/" + provider),
          Form.builder().add("logout_token", token).build(),
          Map.of());
    }

    @Test
    @DisplayName("BCL-4: sid ends that session, sub alone ends all of the person")
    void logout() {
      var one = station.session(ana, "up-1");
      var two = station.session(ana, "up-2");
      var bobs = station.session(bob, "up-3");
      station.clock.advance(Duration.ofSeconds(2));

      var answer = loggedOut(Optional.of("ana-sub"), Optional.of("up-1"), "l-1");
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.header("Cache-Control")).contains("no-store");
      assertThat(station.isEnded(one)).isTrue();
      assertThat(station.isEnded(two)).isFalse();

      assertThat(loggedOut(Optional.of("ana-sub"), Optional.empty(), "l-2").status())
          .isEqualTo(200);
      assertThat(station.isEnded(two)).isTrue();
      assertThat(station.isEnded(bobs)).isFalse();
    }

    @Test
    @DisplayName("a provider that answers nothing while it tells of a logout is understood")
    void keys_are_at_hand() {
      var one = station.session(ana, "up-1");
      station.signals.keepKeys();
      idp.keysAnswer.set(503);
      station.clock.advance(Duration.ofSeconds(2));

      var answer = loggedOut(Optional.empty(), Optional.of("up-1"), "l-1");
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(station.isEnded(one)).isTrue();
    }

    @Test
    @DisplayName("BCL-3: what stands on the session is dead, refresh tokens for offline use too")
    void logout_of_offline_access() {
      var one = station.session(ana, "up-1");
      var two = station.session(ana, "up-2");
      var issued = station.clock.instant();
      station.clock.advance(Duration.ofSeconds(2));

      assertThat(loggedOut(Optional.empty(), Optional.of("up-1"), "l-1").status()).isEqualTo(200);

      assertThat(station.revocation.denied().denial(standingOn(one, issued))).isPresent();
      assertThat(station.revocation.denied().denial(standingOn(two, issued))).isEmpty();
    }

    /// By this a refresh token is judged, whatever its scopes.
    private Origins standingOn(String session, Instant issued) {
      return Origins.signIn(ana.id().value(), issued).session(Optional.of(session));
    }

    @Test
    @DisplayName(
        "BCL-2: repeated, it is answered alike and does nothing; unknown sessions are over")
    void logout_repeated() {
      assertThat(loggedOut(Optional.of("ana-sub"), Optional.empty(), "same").status())
          .isEqualTo(200);
      station.clock.advance(Duration.ofSeconds(2));
      var later = station.session(ana, "up-5");
      station.clock.advance(Duration.ofSeconds(2));

      assertThat(loggedOut(Optional.of("ana-sub"), Optional.empty(), "same").status())
          .isEqualTo(200);
      assertThat(station.isEnded(later)).isFalse();
      assertThat(loggedOut(Optional.empty(), Optional.of("nobody's"), "l-9").status())
          .isEqualTo(200);
    }

    @Test
    @DisplayName(
        "BCL-1: what is no logout token of this provider for us is 400, and changes nothing")
    void logout_refusals() {
      var session = station.session(ana, "up-1");
      station.clock.advance(Duration.ofSeconds(2));
      var now = station.clock.instant();
      var meant =
          new LogoutToken(
              idp.issuer(),
              "l-3",
              now,
              now.plusSeconds(120),
              Optional.of("ana-sub"),
              Optional.of("up-1"));
      var claims = meant.claimsFor(new ClientId("lanyard"));
      var nonce = claims.with(JsonObject.builder().put("nonce", "n").build());

      for (var token :
          List.of(
              idp.sign("logout+jwt", meant.claimsFor(new ClientId("somebody-else"))),
              idp.sign("logout+jwt", nonce),
              idp.sign("secevent+jwt", claims),
              idp.sign("at+jwt", claims),
              stranger.sign(
                  "logout+jwt",
                  claims.with(JsonObject.builder().put("iss", stranger.issuer().value()).build())),
              new JwtSigner(SigningKey.generate(SigningAlgorithm.ES256), "logout+jwt").sign(claims),
              idp.event(
                  station.issuer().value(),
                  "e-1",
                  now,
                  idp.subject("ana-sub"),
                  new CaepEvent.SessionRevoked()),
              "no token")) {
        var answer = logoutToken("idp", token);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).doesNotContain("eyJ");
      }
      assertThat(
              Http.post(station.at("/backchannel-logout/idp"), Form.builder().build(), Map.of())
                  .status())
          .isEqualTo(400);
      assertThat(
              Http.post(
                      station.at("/backchannel-logout/other"),
                      Form.builder().add("logout_token", "x").build(),
                      Map.of())
                  .status())
          .isEqualTo(404);
      assertThat(station.isEnded(session)).isFalse();
    }

    private String sessionByOid(Person person, String sid, String sub) {
      return station.session(
          person, new Session.Upstream("by-oid", Optional.of(sid), Optional.of(sub)));
    }

    @Test
    @DisplayName("BCL-4: where another claim than sub means people, sub still means its sessions")
    void by_another_claim() {
      var one = sessionByOid(ana, "up-1", "pairwise-ana");
      var two = sessionByOid(ana, "up-2", "pairwise-ana");
      var elsewhere = station.session(ana, "up-2");
      var bobs = sessionByOid(bob, "up-3", "pairwise-bob");
      station.clock.advance(Duration.ofSeconds(2));

      var sub = Optional.of("pairwise-ana");
      assertThat(loggedOut("by-oid", sub, Optional.of("up-1"), "l-1").status()).isEqualTo(200);
      assertThat(station.isEnded(one)).isTrue();
      assertThat(station.isEnded(two)).isFalse();
      assertThat(station.alarms()).isEmpty();

      assertThat(loggedOut("by-oid", sub, Optional.empty(), "l-2").status()).isEqualTo(200);
      assertThat(station.isEnded(two)).isTrue();
      assertThat(station.isEnded(elsewhere)).as("at another provider").isFalse();
      assertThat(station.isEnded(bobs)).isFalse();
    }

    @Test
    @DisplayName(
        "SEC-9: a sub there that is somebody's oid means nobody; two names that differ alarm")
    void a_sub_is_no_oid() {
      var anas = sessionByOid(ana, "up-1", "pairwise-ana");
      station.clock.advance(Duration.ofSeconds(2));
      loggedOut("by-oid", Optional.of("ana-sub"), Optional.empty(), "l-1");
      assertThat(station.isEnded(anas)).isFalse();
      loggedOut("by-oid", Optional.of("bob-sub"), Optional.of("up-1"), "l-2");
      assertThat(station.isEnded(anas)).isFalse();
      assertThat(station.alarms()).contains("ambiguous-subject");
    }
  }
}
