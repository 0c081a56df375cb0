package dev.lanyard.server.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Receivers of our streams as OAuth clients, on either database.
abstract class ReceiverClientsContract {
  private static final ClientSecret SECRET = ClientSecret.generate(new SecureRandom());

  private static final Duration LIFE = Duration.ofMinutes(15);

  @TempDir Path folder;

  private final DatabaseConfig config;
  private Provider idp;
  private Station station;

  ReceiverClientsContract(DatabaseConfig config) {
    this.config = config;
  }

  /// A database for a second installation.
  abstract DatabaseConfig another(Path at);

  @BeforeEach
  void open() throws IOException {
    idp = new Provider();
    var clients = new StringBuilder("clients:\n");
    for (var id : List.of("payroll", "reader", "nobody")) {
      clients.append(
          """
            - id: %s
              authentication: [client_secret_basic]
              secret_hash: "%s"
              grants: [client_credentials]
          """
              .formatted(id, SECRET.hash().text()));
    }
    station =
        new Station(
            config,
            Files.createDirectories(folder.resolve("one")),
            idp,
            clients.toString(),
            _ ->
                new SignalsConfig(
                    List.of(),
                    Optional.of(
                        new TransmitterConfig(
                            List.of(receiver("payroll", true), receiver("reader", false)),
                            Duration.ofMinutes(1),
                            true)),
                    List.of(),
                    List.of()));
  }

  private static Receiver receiver(String name, boolean manages) {
    return new Receiver(
        name,
        List.of(),
        Optional.of(new ClientId(name)),
        "https://" + name + ".example",
        false,
        manages);
  }

  @AfterEach
  void close() {
    station.close();
    idp.close();
  }

  private Answer asked(String client, String more) {
    return asked(client, SECRET, more);
  }

  private Answer asked(String client, ClientSecret secret, String more) {
    var credentials = new BasicCredentials(new ClientId(client), secret.secret()).toHeader();
    return Http.post(
        station.at("/signals/token"),
        "application/x-www-form-urlencoded",
        "grant_type=client_credentials" + more,
        Map.of("Authorization", credentials));
  }

  private String token(String client, String more) {
    var answer = asked(client, more);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.text("token_type")).isEqualTo("Bearer");
    assertThat(answer.header("Cache-Control")).contains("no-store");
    return answer.text("access_token");
  }

  private Answer read(String token) {
    return Http.get(station.at("/signals/streams"), Map.of("Authorization", "Bearer " + token));
  }

  private Answer create(String token) {
    return Http.post(
        station.at("/signals/streams"),
        "application/json",
        "{}",
        Map.of("Authorization", "Bearer " + token));
  }

  @Test
  @DisplayName("SSF-10: the metadata says that access tokens are wanted")
  void metadata() throws Exception {
    var json = Http.get(station.at("/.well-known/ssf-configuration"), Map.of()).json();
    var schemes = json.objects("authorization_schemes").orElseThrow();

    assertThat(schemes).hasSize(1);
    assertThat(schemes.getFirst().string("spec_urn")).contains("urn:ietf:rfc:6749");
  }

  @Test
  @DisplayName(
      "SSF-16: ssf.read reads and changes nothing; ssf.manage does both; neither lives an hour")
  void scopes() {
    var manages = token("payroll", "");
    var reads = token("payroll", "&scope=ssf.read");

    assertThat(asked("payroll", "").text("scope")).isEqualTo("ssf.read ssf.manage");
    var refused = create(reads);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.header("WWW-Authenticate"))
        .contains("Bearer error=\"insufficient_scope\", scope=\"ssf.manage\"");
    var made = create(manages);
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    assertThat(read(reads).body()).contains(made.text("stream_id"));
    assertThat(read(token("reader", "")).body()).as("another's").isEqualTo("[]");

    station.clock.advance(LIFE.minusSeconds(1));
    assertThat(read(reads).status()).isEqualTo(200);
    station.clock.advance(Duration.ofSeconds(1));
    assertThat(read(reads).status()).isEqualTo(401);
    assertThat(create(manages).status()).isEqualTo(401);
  }

  @Test
  @DisplayName("SSF-16: whoever is no receiver, or asks for more than it may have, gets nothing")
  void refusals() {
    assertRefused(asked("nobody", ""), 400, "unauthorized_client");
    assertRefused(asked("reader", "&scope=ssf.manage"), 400, "invalid_scope");
    assertRefused(asked("payroll", "&scope=scim"), 400, "invalid_scope");
    assertRefused(asked("payroll", "&resource=https://other.example"), 400, "invalid_target");
    assertRefused(
        asked("payroll", ClientSecret.generate(new SecureRandom()), ""), 401, "invalid_client");
    assertThat(create(token("reader", "")).status()).isEqualTo(403);
    assertThat(read("lanyard_ssfat_invented").status()).isEqualTo(401);
    assertThat(asked("payroll", "&resource=" + station.at("/signals")).status()).isEqualTo(200);
  }

  private static void assertRefused(Answer answer, int status, String error) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.text("error")).isEqualTo(error);
    assertThat(answer.body()).doesNotContain("access_token");
  }

  @Test
  @DisplayName("TOK-10: a token that its client gives back ends, and no other does")
  void revoked() {
    var token = new Secret(token("payroll", ""));
    var other = token("payroll", "");
    var tokens = station.signals.tokens();

    assertThat(tokens.revoke(new ClientId("reader"), token)).isEmpty();
    assertThat(tokens.revoke(new ClientId("payroll"), new Secret("lanyard_ssfat_x"))).isEmpty();
    assertThat(read(token.reveal()).status()).isEqualTo(200);
    assertThat(tokens.revoke(new ClientId("payroll"), token)).contains("payroll");
    assertThat(read(token.reveal()).status()).isEqualTo(401);
    assertThat(tokens.revoke(new ClientId("payroll"), token)).isEmpty();
    assertThat(read(other).status()).isEqualTo(200);
  }

  @Test
  @DisplayName("DPR-1: with the client its tokens die, and none of them comes back with it")
  void killed() {
    var token = token("payroll", "");
    station.clock.advance(Duration.ofSeconds(2));
    happens(Happening.DISABLED);
    assertThat(read(token).status()).isEqualTo(401);
    assertThat(asked("payroll", "").status()).isNotEqualTo(200);

    station.clock.advance(Duration.ofSeconds(2));
    happens(Happening.ENABLED);
    assertThat(read(token).status()).isEqualTo(401);
    station.clock.advance(Duration.ofSeconds(2));
    assertThat(read(token("payroll", "")).status()).isEqualTo(200);
  }

  private void happens(Happening what) {
    station.revocation.report(
        Source.of(Source.Kind.ADMIN),
        new Subject.Client(station.issuer(), new ClientId("payroll")),
        what,
        "test",
        "corr-1");
  }

  @Test
  @DisplayName("SEC-10: the record has hashes of tokens, and says who got one")
  void recorded() {
    var token = token("payroll", "");
    var kept =
        station.database.read(connection ->
            new Statements(connection)
                .list("SELECT hash FROM signal_access_token", row -> row.getString(1)));

    assertThat(kept).hasSize(1).doesNotContain(token);
    assertThat(station.newestEvent()).isEqualTo("stream.token-issued");
    assertThat(station.audit().getFirst().event().evidence().toJson())
        .contains("payroll")
        .doesNotContain(token);
  }

  @Test
  @DisplayName("SSF-21: our own receiver gets such tokens at our own transmitter")
  void each_other() throws Exception {
    var ana = station.person("ana", idp);
    var access =
        new Subscription.Client(
            station.at("/signals/token"),
            new ClientId("payroll"),
            SECRET.secret(),
            Subscription.Client.SCOPES);
    var source =
        new SourceConfig(
            "upstream",
            new Signer(station.issuer(), Optional.empty(), Set.of(SigningAlgorithm.RS256)),
            "https://payroll.example",
            new Trust(Station.ORGANISATION, Set.of(station.issuer()), Set.of(), Optional.empty()),
            false,
            Optional.empty(),
            Optional.of(new Subscription(access, true, Duration.ofHours(1))),
            Duration.ofHours(24));
    try (var listener =
        new Station(
            another(Files.createDirectories(folder.resolve("data"))),
            Files.createDirectories(folder.resolve("two")),
            idp,
            "clients: []",
            _ -> new SignalsConfig(List.of(source), Optional.empty(), List.of(), List.of()))) {
      var subject = new ExternalSubject(Station.ORGANISATION, station.issuer(), ana.id().value());
      var person = new NewPerson(Station.ORGANISATION, "ana", Optional.empty(), "Ana", Set.of());
      var there = ((Linking.Created) listener.directory.createLinked(person, subject)).person();
      listener.signals.look();
      station.clock.advance(Duration.ofSeconds(2));
      listener.clock.advance(Duration.ofSeconds(2));
      station.revocation.report(
          Source.of(Source.Kind.ADMIN),
          new Subject.Person(ana.id()),
          Happening.DISABLED,
          "test",
          "corr-2");
      listener.signals.look();

      assertThat(listener.isActive(there)).isFalse();
    }
  }
}
