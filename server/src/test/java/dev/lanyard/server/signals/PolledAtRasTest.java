package dev.lanyard.server.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Visit;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.signals.inbound.SecurityEvents;
import dev.lanyard.server.signals.inbound.Signer;
import dev.lanyard.server.signals.inbound.SourceConfig;
import dev.lanyard.server.signals.inbound.Subscription;
import dev.lanyard.server.signals.inbound.Trust;
import dev.lanyard.server.signals.transmitter.Receiver;
import dev.lanyard.server.signals.transmitter.TransmitterConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("SSF-21: the resource authorization server fetches what a provider's transmitter has")
class PolledAtRasTest {
  private static final ClientSecret TOKEN = ClientSecret.generate(new SecureRandom());

  @TempDir Path folder;

  private Provider idp;
  private Station transmitter;
  private Pair pair;
  private SecurityEvents events;

  @BeforeEach
  void start() throws IOException {
    idp = new Provider();
    var there = Files.createDirectories(folder.resolve("there"));
    var receiver =
        new Receiver(
            "ras", List.of(TOKEN.hash()), Optional.empty(), "https://ras.example", false, true);
    var transmitting = new TransmitterConfig(List.of(receiver), Duration.ofMinutes(1), true);
    transmitter =
        new Station(
            TestDatabases.sqlite(there),
            there,
            idp,
            "clients: []",
            _ -> new SignalsConfig(List.of(), Optional.of(transmitting), List.of(), List.of()));
    var here = Files.createDirectories(folder.resolve("here"));
    pair = Pair.start(Setup.usual(here).ordinary(), here);
    events =
        new SecurityEvents(
            pair.ras(), List.of(source()), pair.directory, pair.revocation, pair.platform());
    // The stream is made, and its first sign of life is there.
    events.look();
    events.look();
  }

  private SourceConfig source() {
    var signer = new Signer(transmitter.issuer(), Optional.empty(), Set.of(SigningAlgorithm.RS256));
    var trust =
        new Trust(World.GUESTS, Set.of(transmitter.issuer()), Set.of(), Optional.of("partner"));
    var polled =
        new Subscription(new Subscription.Token(TOKEN.secret()), true, Duration.ofHours(1));
    return new SourceConfig(
        "partner",
        signer,
        "https://ras.example",
        trust,
        false,
        Optional.empty(),
        Optional.of(polled),
        SourceConfig.SILENCE);
  }

  @AfterEach
  void stop() {
    events.close();
    pair.close();
    transmitter.close();
    idp.close();
  }

  /// Somebody there who is somebody here.
  private Person there(String name, Person here) {
    var person = transmitter.person(name, idp);
    var subject =
        new ExternalSubject(here.organisation(), transmitter.issuer(), person.id().value());
    var _ = pair.directory.link(here.id(), subject);
    return person;
  }

  private void happens(Happening what, Person there) {
    pair.clock.advance(Duration.ofSeconds(2));
    transmitter.clock.advance(Duration.ofSeconds(2));
    transmitter.revocation.report(
        Source.of(Source.Kind.ADMIN), new Subject.Person(there.id()), what, "a test", "corr-1");
    pair.clock.advance(Duration.ofSeconds(2));
    events.look();
  }

  private int waiting() {
    return transmitter.database.read(connection -> {
      try (var query = connection.prepareStatement("SELECT COUNT(*) FROM ssf_event");
          var rows = query.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    });
  }

  private static Answer tokens(Visit visit, String userName) {
    var wanted = visit.authorization(World.LINEAR, "issues.read offline_access").build();
    var page = visit.question(userName, wanted);
    // Whoever has agreed before is not asked again.
    var back = page.status() == 303 ? page : visit.decide(page, "allow");
    return visit.token(visit.codeRequest(back.parameter("code")).build());
  }

  private static boolean lives(Visit visit, Answer tokens) {
    return visit.isActive(tokens.text("access_token"), "linear-server");
  }

  @Test
  @DisplayName("an event ends the session here, with all that came of it; it is acknowledged once")
  void ends_what_a_person_has() {
    var gina = there("gina", pair.guest("gina"));
    var visit = Visit.studio(pair);
    var tokens = tokens(visit, "gina");
    var _ = pair.guest("hugo");
    var other = Visit.studio(pair);
    var others = tokens(other, "hugo");

    happens(Happening.SESSIONS_REVOKED, gina);

    assertThat(lives(visit, tokens)).isFalse();
    assertThat(visit.token(Visit.refresh(tokens.text("refresh_token")).build()).text("error"))
        .isEqualTo("invalid_grant");
    assertThat(lives(other, others)).isTrue();
    assertThat(waiting()).isZero();

    var again = tokens(Visit.studio(pair), "gina");
    pair.clock.advance(Duration.ofSeconds(2));
    events.look();
    assertThat(lives(visit, again)).as("it is not fetched again").isTrue();
    happens(Happening.DISABLED, gina);
    assertThat(lives(visit, again)).isFalse();
  }

  @Test
  @DisplayName("SEC-9: of people of another organisation it is told for nothing, and is done with")
  void of_another_organisation() {
    var ana = pair.person("ana", "engineering");
    var there = transmitter.person("ana", idp);
    var subject = new ExternalSubject(World.ORGANISATION, transmitter.issuer(), there.id().value());
    var _ = pair.directory.link(ana.id(), subject);

    happens(Happening.DISABLED, there);

    assertThat(pair.directory.person(ana.id()).orElseThrow().active()).isTrue();
    assertThat(waiting()).isZero();
  }
}
