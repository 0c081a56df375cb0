package dev.lanyard.server.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.securityevent.CaepEvent;
import dev.lanyard.protocol.securityevent.Circumstances;
import dev.lanyard.protocol.securityevent.LogoutToken;
import dev.lanyard.protocol.securityevent.RevocationCaller;
import dev.lanyard.protocol.securityevent.SecurityEventClaims;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.signals.inbound.CallerConfig;
import dev.lanyard.server.signals.inbound.SourceConfig;
import dev.lanyard.server.signals.inbound.Trust;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The same provider signs every kind of token with the same key, each with exactly the claims that
/// would pass at the place where it is presented: the type alone tells them apart.
@DisplayName("SEC-3: no kind of token passes for another at an endpoint for signals")
@Tag("thorough")
class ConfusionTest {
  private static final List<String> KINDS =
      List.of(
          "JWT",
          "at+jwt",
          "oauth-id-jag+jwt",
          "rt+jwt",
          "client-authentication+jwt",
          "dpop+jwt",
          "secevent+jwt",
          "logout+jwt",
          "global-token-revocation+jwt",
          "statuslist+jwt");

  @TempDir Path folder;
  private Provider idp;
  private Station station;
  private Person ana;
  private String session;

  /// Where signals are presented, and the kinds that pass there.
  private enum Place {
    PUSH(Set.of("secevent+jwt")),
    // Logout tokens of type JWT are in use: with these claims it is one.
    LOGOUT(Set.of("logout+jwt", "JWT")),
    REVOCATION(Set.of("global-token-revocation+jwt"));

    private final Set<String> own;

    Place(Set<String> own) {
      this.own = own;
    }
  }

  static Stream<Arguments> everyKindAtEveryPlace() {
    return Stream.of(Place.values())
        .flatMap(place -> KINDS.stream().map(kind -> Arguments.of(kind, place)));
  }

  @BeforeEach
  void open() {
    idp = new Provider();
    station = new Station(TestDatabases.sqlite(folder), folder, idp, "clients: []", this::signals);
    ana = station.person("ana", idp);
    session = station.session(ana, "up-1");
    station.clock.advance(Duration.ofSeconds(2));
  }

  @AfterEach
  void close() {
    station.close();
    idp.close();
  }

  private SignalsConfig signals(Issuer self) {
    var trust = new Trust(Station.ORGANISATION, Set.of(idp.issuer()), Set.of(), Optional.of("idp"));
    return new SignalsConfig(
        List.of(
            new SourceConfig(
                "idp",
                Station.signer(idp),
                self.value(),
                trust,
                true,
                Optional.empty(),
                Optional.empty(),
                Duration.ofHours(24))),
        Optional.empty(),
        List.of(
            new CallerConfig(
                "okta", new CallerConfig.Proof.Signed(Station.signer(idp), "0oa1"), trust, true)),
        List.of());
  }

  @ParameterizedTest(name = "{0} at {1}")
  @MethodSource("everyKindAtEveryPlace")
  void only_the_diagonal_passes(String kind, Place place) {
    var token = idp.sign(kind, claims(place));

    var answer = presented(place, token);

    boolean passed = answer.status() < 300;
    assertThat(passed).as(answer.body()).isEqualTo(place.own.contains(kind));
    assertThat(station.isEnded(session)).isEqualTo(passed);
  }

  private JsonObject claims(Place place) {
    var now = station.clock.instant();
    return switch (place) {
      case PUSH ->
          new SecurityEventClaims(
                  idp.issuer(),
                  station.issuer().value(),
                  idp.subject("ana-sub"),
                  new CaepEvent.SessionRevoked(),
                  Circumstances.UNKNOWN,
                  Optional.empty())
              .build("j-1", now);
      case LOGOUT ->
          new LogoutToken(
                  idp.issuer(),
                  "j-1",
                  now,
                  now.plusSeconds(60),
                  Optional.of("ana-sub"),
                  Optional.of("up-1"))
              .claimsFor(new ClientId("lanyard"));
      case REVOCATION ->
          new RevocationCaller(idp.issuer(), "0oa1", "j-1", now.plusSeconds(300))
              .claimsFor(station.at("/global-token-revocation/okta"), now);
    };
  }

  private Answer presented(Place place, String token) {
    return switch (place) {
      case PUSH -> station.push("idp", token);
      case LOGOUT ->
          Http.post(
              station.at("/backchannel-logout/idp"),
              Form.builder().add("logout_token", token).build(),
              Map.of());
      case REVOCATION ->
          Http.post(
              station.at("/global-token-revocation/okta"),
              "application/json",
              JsonObject.builder().put("sub_id", idp.subject("ana-sub").toJson()).build().toJson(),
              Map.of("Authorization", "Bearer " + token));
    };
  }
}
