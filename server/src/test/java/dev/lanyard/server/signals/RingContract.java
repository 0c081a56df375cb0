package dev.lanyard.server.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.securityevent.CaepEvent;
import dev.lanyard.protocol.securityevent.Circumstances;
import dev.lanyard.protocol.securityevent.RiscEvent;
import dev.lanyard.protocol.securityevent.SecurityEvent;
import dev.lanyard.protocol.securityevent.SecurityEventClaims;
import dev.lanyard.protocol.securityevent.SecurityEventToken;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Signal;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.signals.inbound.Signer;
import dev.lanyard.server.signals.inbound.SourceConfig;
import dev.lanyard.server.signals.inbound.Trust;
import dev.lanyard.server.signals.outbound.LoopPrevention;
import dev.lanyard.server.signals.transmitter.Receiver;
import dev.lanyard.server.signals.transmitter.TransmitterConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two installations that tell each other everything, and a provider that tells the first; on
/// either database. Everybody names people by their address.
abstract class RingContract {
  private static final ClientSecret TOKEN = ClientSecret.generate(new SecureRandom());
  private static final RiscEvent DISABLED = new RiscEvent.AccountDisabled(Optional.empty());
  private static final RiscEvent ENABLED = new RiscEvent.Plain(RiscEvent.Kind.ACCOUNT_ENABLED);

  @TempDir Path folder;

  private final DatabaseConfig config;
  private Provider idp;
  private Station one;
  private Station two;
  private final Map<Station, String> streams = new LinkedHashMap<>();

  RingContract(DatabaseConfig config) {
    this.config = config;
  }

  /// A database for a second installation.
  abstract DatabaseConfig another(Path at);

  @BeforeEach
  void open() throws IOException {
    idp = new Provider();
    int first = freePort();
    int second = freePort();
    one = station(config, "one", first, second);
    two = station(another(Files.createDirectories(folder.resolve("data"))), "two", second, first);
    for (var station : List.of(one, two)) {
      var made = Http.post(station.at("/signals/streams"), "application/json", "{}", bearer());
      streams.put(station, made.text("stream_id"));
    }
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Station station(DatabaseConfig database, String name, int port, int other)
      throws IOException {
    var peer = new Issuer("http://127.0.0.1:" + other);
    var receiver =
        new Receiver("peer", List.of(TOKEN.hash()), Optional.empty(), peer.value(), true, true);
    return new Station(
        database,
        Files.createDirectories(folder.resolve(name)),
        idp,
        "clients: []",
        self ->
            new SignalsConfig(
                List.of(
                    source(self, "idp", Station.signer(idp)),
                    source(
                        self,
                        "peer",
                        new Signer(
                            peer,
                            Optional.of(URI.create(peer + "/jwks")),
                            Set.of(SigningAlgorithm.RS256)))),
                Optional.of(new TransmitterConfig(List.of(receiver), Duration.ofMinutes(1), true)),
                List.of(),
                List.of()),
        port);
  }

  private static SourceConfig source(Issuer self, String name, Signer signer) {
    var trust =
        new Trust(
            Station.ORGANISATION,
            Set.of(signer.issuer()),
            Set.of("acme.example"),
            Optional.empty());
    return new SourceConfig(
        name,
        signer,
        self.value(),
        trust,
        false,
        Optional.empty(),
        Optional.empty(),
        Duration.ofHours(24));
  }

  @AfterEach
  void close() {
    two.close();
    one.close();
    idp.close();
  }

  private static Map<String, String> bearer() {
    return Map.of("Authorization", "Bearer " + TOKEN.secret().reveal());
  }

  private void later(Duration by) {
    one.clock.advance(by);
    two.clock.advance(by);
  }

  /// What waits in the stream of a station, which is then acknowledged.
  private List<String> fetched(Station from) throws Exception {
    var path = from.at("/signals/poll/" + streams.get(from));
    var sets =
        Http.post(path, "application/json", "{\"returnImmediately\":true}", bearer())
            .json()
            .object("sets")
            .orElseThrow();
    var ids = sets.names().stream().map(id -> "\"" + id + "\"").toList();
    Http.post(
        path,
        "application/json",
        "{\"maxEvents\":0,\"ack\":[" + String.join(",", ids) + "]}",
        bearer());
    var tokens = new ArrayList<String>();
    for (var id : sets.names()) {
      tokens.add(sets.string(id).orElseThrow());
    }
    return tokens;
  }

  /// Carries everything from each to the other until nothing is left.
  ///
  /// @return how many events were carried
  private int carried() throws Exception {
    int all = 0;
    for (int round = 0; round < 5; round++) {
      int before = all;
      for (var from : List.of(one, two)) {
        var to = from == one ? two : one;
        for (var token : fetched(from)) {
          assertThat(to.push("peer", token).status()).isEqualTo(202);
          all++;
        }
        later(Duration.ofSeconds(2));
      }
      if (all == before) {
        return all;
      }
    }
    throw new AssertionError("it goes round and round");
  }

  private static List<String> types(List<String> tokens) {
    return tokens.stream().map(RingContract::type).toList();
  }

  private static String type(String token) {
    try {
      var events =
          UnverifiedJwt.parse(token).unverifiedClaims().all().object("events").orElseThrow();
      var name = events.names().iterator().next();
      return name.substring(name.lastIndexOf('/') + 1);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private void told(String id, String txn, String name, SecurityEvent event) {
    var claims =
        new SecurityEventClaims(
            idp.issuer(),
            one.issuer().value(),
            new SubjectIdentifier.Email(name + "@acme.example"),
            event,
            Circumstances.UNKNOWN,
            Optional.of(txn));
    var token = idp.sign(SecurityEventToken.TYPE, claims.build(id, one.clock.instant()));
    assertThat(one.push("idp", token).status()).isEqualTo(202);
  }

  @Test
  @DisplayName("what we told and what comes back has its effect, and is not sent round again")
  void ring() throws Exception {
    var ana = one.person("ana", idp);
    var there = two.person("ana", idp);
    later(Duration.ofSeconds(2));
    one.revocation.report(
        Source.of(Source.Kind.ADMIN), new Subject.Person(ana.id()), Happening.DISABLED, "t", "c-1");

    // account-disabled and session-revoked: there, and back once.
    assertThat(carried()).isEqualTo(4);

    assertThat(one.isActive(ana)).isFalse();
    assertThat(two.isActive(there)).isFalse();
    assertThat(one.audit())
        .filteredOn(record -> record.event().type().equals("event.echo"))
        .isNotEmpty()
        .allSatisfy(record -> {
          assertThat(record.event().person()).contains(ana.id().value());
          assertThat(record.event().evidence().strings("receivers")).contains(List.of("peer"));
        });
    assertThat(one.alarms()).isEmpty();
    assertThat(two.alarms()).isEmpty();
  }

  @Test
  @DisplayName("RFC 8417 §2.2: events of one cause share their txn; each acts and goes on")
  void one_cause() throws Exception {
    var ana = one.person("ana", idp);
    var bob = one.person("bob", idp);
    var there = Stream.of("ana", "bob").map(name -> two.person(name, idp)).toList();
    later(Duration.ofSeconds(2));

    told("e-1", "cause", "ana", new CaepEvent.SessionRevoked());
    told("e-2", "cause", "ana", DISABLED);
    told("e-3", "cause", "bob", DISABLED);

    assertThat(one.isActive(ana)).isFalse();
    assertThat(one.isActive(bob)).isFalse();
    carried();
    assertThat(there).noneMatch(two::isActive);
  }

  @Test
  @DisplayName("AUD-2: everybody of one bulk request is switched off at the next installation, too")
  void bulk() throws Exception {
    var names = List.of("ana", "bob", "carl");
    var here = names.stream().map(name -> one.person(name, idp)).toList();
    var there = names.stream().map(name -> two.person(name, idp)).toList();
    later(Duration.ofSeconds(2));
    var signals =
        here.stream()
            .map(person ->
                new Signal(
                    Source.of(Source.Kind.SCIM),
                    "bulk " + person.id(),
                    new Subject.Person(person.id()),
                    Happening.DISABLED,
                    one.clock.instant(),
                    "bulk",
                    "c-bulk"))
            .toList();

    one.revocation.acceptAll(signals);

    assertThat(carried()).isEqualTo(12);
    assertThat(there).noneMatch(two::isActive);
  }

  @Test
  @DisplayName("switched off, on and off again under one txn: the last word goes on as well")
  void back_and_forth() throws Exception {
    Person there = two.person("ana", idp);
    one.person("ana", idp);
    for (var event : List.of(DISABLED, ENABLED, DISABLED)) {
      later(Duration.ofSeconds(60));
      told("e " + one.clock.instant(), "always the same", "ana", event);
      carried();
    }

    assertThat(two.isActive(there)).isFalse();
  }

  @Test
  @DisplayName("somebody gives what comes round a time of their own: that ends with an alarm")
  void endless() throws Exception {
    var ana = one.person("ana", idp);
    for (int i = 0; i < LoopPrevention.MOST_TIMES; i++) {
      later(Duration.ofSeconds(60));
      told("e-" + i, "round", "ana", new CaepEvent.SessionRevoked());
    }
    assertThat(types(fetched(one)))
        .hasSize(LoopPrevention.MOST_TIMES)
        .containsOnly("session-revoked");
    assertThat(one.alarms()).isEmpty();

    later(Duration.ofSeconds(60));
    var session = one.session(ana, "up-1");
    later(Duration.ofSeconds(60));
    told("e-x", "round", "ana", new CaepEvent.SessionRevoked());

    assertThat(fetched(one)).isEmpty();
    assertThat(one.alarms()).containsExactly("signals-going-round");
    assertThat(one.isEnded(session)).as("it has its effect all the same").isTrue();

    told("e-y", "round", "ana", DISABLED);
    assertThat(types(fetched(one))).as("something else").containsExactly("account-disabled");
    later(Duration.ofHours(1));
    told("e-z", "round", "ana", new CaepEvent.SessionRevoked());
    assertThat(types(fetched(one))).as("later").containsExactly("session-revoked");
  }
}
