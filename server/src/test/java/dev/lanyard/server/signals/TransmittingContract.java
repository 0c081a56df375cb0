package dev.lanyard.server.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.securityevent.LogoutToken;
import dev.lanyard.protocol.securityevent.LogoutTokenValidator;
import dev.lanyard.protocol.securityevent.RevocationCaller;
import dev.lanyard.protocol.securityevent.RevocationCallerValidator;
import dev.lanyard.protocol.securityevent.RiscEvent;
import dev.lanyard.protocol.securityevent.SecurityEventToken;
import dev.lanyard.protocol.securityevent.SecurityEventTokenValidator;
import dev.lanyard.protocol.securityevent.SignalVerdict;
import dev.lanyard.protocol.securityevent.StreamEvent;
import dev.lanyard.server.authorization.ClientNames;
import dev.lanyard.server.authorization.PairwiseNames;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.delivery.Letter;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Meanwhile;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.revocation.Departure;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Signal;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.signals.inbound.CallerConfig;
import dev.lanyard.server.signals.inbound.LastHeard;
import dev.lanyard.server.signals.inbound.SecurityEvents;
import dev.lanyard.server.signals.inbound.Signer;
import dev.lanyard.server.signals.inbound.SourceConfig;
import dev.lanyard.server.signals.inbound.Subscription;
import dev.lanyard.server.signals.inbound.Trust;
import dev.lanyard.server.signals.outbound.LoopPrevention;
import dev.lanyard.server.signals.outbound.RevocationTarget;
import dev.lanyard.server.signals.transmitter.AdministeredStreams;
import dev.lanyard.server.signals.transmitter.Receiver;
import dev.lanyard.server.signals.transmitter.TransmitterConfig;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What goes out, on either database.
abstract class TransmittingContract {
  private static final ClientSecret FIRST = ClientSecret.generate(new SecureRandom());
  private static final ClientSecret SECOND = ClientSecret.generate(new SecureRandom());
  private static final ClientSecret MAILED = ClientSecret.generate(new SecureRandom());
  private static final ClientSecret READER = ClientSecret.generate(new SecureRandom());
  private static final String DISABLED = RiscEvent.BASE + "account-disabled";

  @TempDir Path folder;

  private final DatabaseConfig config;
  private Provider idp;
  private Provider outside;
  private Station station;
  private Person ana;

  TransmittingContract(DatabaseConfig config) {
    this.config = config;
  }

  /// A database for a second installation.
  abstract DatabaseConfig another(Path at);

  @BeforeEach
  void open() throws IOException {
    idp = new Provider();
    outside = new Provider();
    var clients =
        """
        clients:
          - id: desk
            authentication: [none]
            redirect_uris: ["http://localhost/callback"]
            grants: [authorization_code]
            backchannel_logout_uri: "%s"
        """
            .formatted(outside.inbox());
    station =
        new Station(
            config,
            Files.createDirectories(folder.resolve("one")),
            idp,
            clients,
            _ -> new SignalsConfig(List.of(), Optional.of(transmitter()), List.of(), List.of()));
    ana = station.person("ana", idp);
  }

  private static TransmitterConfig transmitter() {
    return new TransmitterConfig(
        List.of(
            receiver("first", FIRST, true),
            receiver("second", SECOND, true),
            new Receiver(
                "mailed",
                List.of(MAILED.hash()),
                Optional.empty(),
                "https://mailed.example",
                true,
                true),
            receiver("reader", READER, false)),
        Duration.ofMinutes(1),
        true);
  }

  private static Receiver receiver(String name, ClientSecret secret, boolean manages) {
    return new Receiver(
        name,
        List.of(secret.hash()),
        Optional.empty(),
        "https://" + name + ".example",
        false,
        manages);
  }

  @AfterEach
  void close() {
    station.close();
    outside.close();
    idp.close();
  }

  private void happens(Happening what, Person person) {
    station.clock.advance(Duration.ofSeconds(2));
    station.revocation.report(
        Source.of(Source.Kind.ADMIN), new Subject.Person(person.id()), what, "test", "corr-1");
  }

  private static Map<String, String> bearer(ClientSecret secret) {
    return Map.of("Authorization", "Bearer " + secret.secret().reveal());
  }

  private Answer post(String path, ClientSecret secret, String body) {
    return Http.post(station.at(path), "application/json", body, bearer(secret));
  }

  private Answer get(String path, ClientSecret secret) {
    return Http.get(station.at(path), bearer(secret));
  }

  private String stream(ClientSecret secret, String delivery) {
    var answer = post("/signals/streams", secret, "{" + delivery + "}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.text("stream_id");
  }

  private String push() {
    return "\"delivery\":{\"method\":\"urn:ietf:rfc:8935\",\"endpoint_url\":\""
        + outside.inbox()
        + "\",\"authorization_header\":\"Bearer of-the-receiver\"}";
  }

  private PublicKeySet keys() {
    try {
      return PublicKeySet.parse(Http.get(station.at("/jwks"), Map.of()).json());
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private SecurityEventToken event(String token, String audience) {
    var issuer = new TrustedIssuer(station.issuer(), keys(), Set.of(SigningAlgorithm.RS256));
    var terms = new SecurityEventTokenValidator.Terms(ClockSkew.DEFAULT, Duration.ofDays(1), false);
    var verdict =
        new SecurityEventTokenValidator(issuer, audience, terms, station.clock).judge(token);
    if (verdict instanceof SignalVerdict.Accepted<SecurityEventToken> accepted) {
      return accepted.token();
    }
    throw new AssertionError(verdict.toString());
  }

  // ---- Streams

  @Test
  @DisplayName("SSF-10: the metadata stands where it must and says what is served")
  void metadata() throws Exception {
    var json = Http.get(station.at("/.well-known/ssf-configuration"), Map.of()).json();

    assertThat(json.string("issuer")).contains(station.issuer().value());
    assertThat(json.string("spec_version")).contains("1_0");
    assertThat(json.string("jwks_uri")).contains(station.at("/jwks").toString());
    assertThat(json.strings("delivery_methods_supported").orElseThrow())
        .containsExactly("urn:ietf:rfc:8935", "urn:ietf:rfc:8936");
    for (var endpoint :
        List.of("configuration", "status", "add_subject", "remove_subject", "verification")) {
      assertThat(json.string(endpoint + "_endpoint")).isPresent();
    }
  }

  @Test
  @DisplayName("SSF-11: make, read, change, replace and remove a stream")
  void stream_life() throws Exception {
    assertThat(get("/signals/streams", FIRST).body()).isEqualTo("[]");
    var id = stream(FIRST, "\"description\":\"mine\"");
    assertThat(post("/signals/streams", FIRST, "{}").status()).isEqualTo(409);

    var read = get("/signals/streams?stream_id=" + id, FIRST);
    assertThat(read.text("aud")).isEqualTo("https://first.example");
    assertThat(read.json().object("delivery").orElseThrow().string("method"))
        .contains("urn:ietf:rfc:8936");
    assertThat(get("/signals/streams", FIRST).body()).startsWith("[{").contains(id);

    var requested = "\"events_requested\":[\"" + DISABLED + "\",\"https://e.example/x\"]";
    var patched = send("PATCH", "{\"stream_id\":\"" + id + "\"," + requested + "}");
    assertThat(patched.status()).isEqualTo(200);
    assertThat(patched.json().strings("events_delivered").orElseThrow()).containsExactly(DISABLED);
    assertThat(patched.text("description")).isEqualTo("mine");
    assertThat(send("PATCH", "{\"stream_id\":\"" + id + "\",\"aud\":\"other\"}").status())
        .isEqualTo(400);
    assertThat(send("PATCH", "{\"stream_id\":\"unknown\"}").status()).isEqualTo(404);
    var replaced = send("PUT", "{\"stream_id\":\"" + id + "\"," + push() + "}");
    assertThat(replaced.json().has("description")).isFalse();
    assertThat(replaced.body()).doesNotContain("of-the-receiver");
    assertThat(send("DELETE", "?stream_id=" + id).status()).isEqualTo(204);
    assertThat(send("DELETE", "?stream_id=" + id).status()).isEqualTo(404);
    assertThat(get("/signals/streams?stream_id=" + id, FIRST).status()).isEqualTo(404);
  }

  private Answer send(String method, String what) throws Exception {
    var query = what.startsWith("?") ? what : "";
    var body = query.isEmpty() ? what : "";
    var request =
        HttpRequest.newBuilder(station.at("/signals/streams" + query))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + FIRST.secret().reveal())
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (var client = HttpClient.newHttpClient()) {
      return new Answer(client.send(request, HttpResponse.BodyHandlers.ofString()));
    }
  }

  @Test
  @DisplayName("SSF-16: a receiver has its own stream only, and proves who it is")
  void isolation() {
    var id = stream(FIRST, "");

    assertThat(get("/signals/streams?stream_id=" + id, SECOND).status()).isEqualTo(404);
    assertThat(post("/signals/poll/" + id, SECOND, "{\"returnImmediately\":true}").status())
        .isEqualTo(404);
    assertThat(get("/signals/status?stream_id=" + id, SECOND).status()).isEqualTo(404);
    assertThat(post("/signals/verify", SECOND, "{\"stream_id\":\"" + id + "\"}").status())
        .isEqualTo(404);
    assertThat(post("/signals/streams", READER, "{}").status()).isEqualTo(403);
    assertThat(Http.get(station.at("/signals/streams"), Map.of()).status()).isEqualTo(401);
    assertThat(
            Http.get(station.at("/signals/streams"), Map.of("Authorization", "Bearer invented"))
                .status())
        .isEqualTo(401);
    for (var broken :
        List.of(
            "{",
            "{\"delivery\":{\"method\":\"carrier-pigeon\"}}",
            "{\"delivery\":{\"method\":\"urn:ietf:rfc:8935\"}}",
            "{\"delivery\":{\"method\":\"urn:ietf:rfc:8935\",\"endpoint_url\":\"file:///etc\"}}",
            "{\"delivery\":{\"method\":\"urn:ietf:rfc:8935\",\"endpoint_url\":\"https://h/\","
                + "\"authorization_header\":\"a\\r\\nb: c\"}}",
            "{\"events_requested\":[7]}")) {
      assertThat(post("/signals/streams", SECOND, broken).status()).as(broken).isEqualTo(400);
    }
  }

  // ---- Delivery

  @Test
  @DisplayName("SSF-15, SSF-20: a kill is pushed, signed with RS256 and with the receiver's header")
  void pushed() throws Exception {
    stream(FIRST, push());
    happens(Happening.DISABLED, ana);

    var first = outside.received();
    var second = outside.received();

    assertThat(first.contentType()).isEqualTo("application/secevent+jwt");
    assertThat(first.authorization()).contains("Bearer of-the-receiver");
    var token = event(first.body(), "https://first.example");
    assertThat(token.event()).isInstanceOf(RiscEvent.AccountDisabled.class);
    assertThat(token.subject().toJson().string("sub")).contains(ana.id().value());
    assertThat(token.transaction()).contains("corr-1");
    assertThat(token.circumstances().reasonForAdmins()).containsKey("en");
    assertThat(event(second.body(), "https://first.example").event().type())
        .endsWith("session-revoked");
    Soon.until("nothing waits any more", () -> station.outbox.waiting().isEmpty());
  }

  @Test
  @DisplayName("SSF-23: RSA of 2048 bits at least; people by issuer and subject, or by address")
  void interoperability_profile() throws Exception {
    var keys = Http.get(station.at("/jwks"), Map.of()).json().objects("keys").orElseThrow();
    var moduli = new ArrayList<String>();
    for (var key : keys) {
      key.string("n").ifPresent(moduli::add);
    }
    var bySubject = stream(FIRST, "");
    var byAddress = stream(MAILED, "");

    happens(Happening.DISABLED, ana);

    assertThat(moduli)
        .isNotEmpty()
        .allSatisfy(modulus -> {
          var bits = new BigInteger(1, Base64.getUrlDecoder().decode(modulus)).bitLength();
          assertThat(bits).isGreaterThanOrEqualTo(2048);
        });
    assertThat(subjects(FIRST, bySubject))
        .isNotEmpty()
        .containsOnly(
            "{\"format\":\"iss_sub\",\"iss\":\""
                + station.issuer()
                + "\",\"sub\":\""
                + ana.id()
                + "\"}");
    assertThat(subjects(MAILED, byAddress))
        .isNotEmpty()
        .containsOnly("{\"format\":\"email\",\"email\":\"ana@acme.example\"}");
  }

  /// Whom the events of a fetched stream name.
  private List<String> subjects(ClientSecret receiver, String stream) throws Exception {
    var sets =
        Http.post(
                station.at("/signals/poll/" + stream),
                "application/json",
                "{\"returnImmediately\":true}",
                bearer(receiver))
            .json()
            .object("sets")
            .orElseThrow();
    var subjects = new ArrayList<String>();
    for (var name : sets.names()) {
      var claims = UnverifiedJwt.parse(sets.string(name).orElseThrow()).unverifiedClaims().all();
      subjects.add(claims.object("sub_id").orElseThrow().toJson());
    }
    return subjects;
  }

  @Test
  @DisplayName("SEC-10: the receiver's secret is not in the record, and no token is")
  void secrets_are_sealed() {
    stream(FIRST, push());
    outside.answers.set(503);
    happens(Happening.DISABLED, ana);

    var texts =
        station.database.read(connection -> {
          var text = new StringBuilder();
          for (var column :
              List.of(
                  "authorization_sealed FROM ssf_stream",
                  "claims FROM ssf_event",
                  "body FROM delivery")) {
            try (var query = connection.prepareStatement("SELECT " + column);
                var rows = query.executeQuery()) {
              while (rows.next()) {
                text.append(rows.getString(1)).append('\n');
              }
            }
          }
          return text.toString();
        });
    assertThat(texts).contains(ana.id().value()).doesNotContain("of-the-receiver", "eyJ");
  }

  @Test
  @DisplayName("at least once: down for a while, the receiver gets everything in order afterwards")
  void receiver_down() throws Exception {
    stream(FIRST, push());
    outside.answers.set(503);
    happens(Happening.DISABLED, ana);
    outside.received();
    happens(Happening.ENABLED, ana);
    outside.answers.set(202);

    var types = new ArrayList<String>();
    while (types.size() < 3) {
      var received = outside.receivedLater(station.clock);
      var type = event(received.body(), "https://first.example").event().type();
      if (!types.contains(type)) {
        types.add(type);
      }
    }

    assertThat(types.stream().map(type -> type.substring(type.lastIndexOf('/') + 1)))
        .containsExactly("account-disabled", "session-revoked", "account-enabled");
  }

  @Test
  @DisplayName("SEC-6: nothing is pushed inside the network")
  void no_way_inside() {
    stream(
        FIRST,
        "\"delivery\":{\"method\":\"urn:ietf:rfc:8935\","
            + "\"endpoint_url\":\"https://169.254.169.254/latest/meta-data\"}");
    happens(Happening.SESSIONS_REVOKED, ana);

    Soon.until("given up", () -> !station.outbox.dead().isEmpty());
    assertThat(station.outbox.dead().getFirst().answer().orElse("")).startsWith("not sent");
  }

  @Test
  @DisplayName("SSF-21: fetched, not acknowledged, fetched again, acknowledged, gone")
  void polled() throws Exception {
    var id = stream(FIRST, "");
    happens(Happening.DISABLED, ana);

    var poll = "{\"returnImmediately\":true,\"maxEvents\":1";
    var once = post("/signals/poll/" + id, FIRST, poll + "}").json();
    var again = post("/signals/poll/" + id, FIRST, poll + "}").json();
    var jti = once.object("sets").orElseThrow().names().iterator().next();
    assertThat(once.bool("moreAvailable")).contains(true);
    assertThat(again.object("sets").orElseThrow().names()).containsExactly(jti);
    assertThat(
            event(
                    once.object("sets").orElseThrow().string(jti).orElseThrow(),
                    "https://first.example")
                .id())
        .isEqualTo(jti);

    var next = post("/signals/poll/" + id, FIRST, poll + ",\"ack\":[\"" + jti + "\"]}").json();
    var second = next.object("sets").orElseThrow().names().iterator().next();
    assertThat(second).isNotEqualTo(jti);
    assertThat(next.bool("moreAvailable")).contains(false);
    var refused = "{\"maxEvents\":0,\"setErrs\":{\"" + second + "\":{\"err\":\"invalid_key\"}}}";
    assertThat(post("/signals/poll/" + id, FIRST, refused).json().object("sets").orElseThrow())
        .isEqualTo(JsonObject.EMPTY);
    assertThat(station.alarms()).contains("event-refused");
    assertThat(post("/signals/poll/" + id, FIRST, poll + "}").json().object("sets").orElseThrow())
        .isEqualTo(JsonObject.EMPTY);
  }

  @Test
  @DisplayName(
      "SSF-12: paused it holds events back, enabled again it sends them; disabled it drops")
  void paused() throws Exception {
    var id = stream(FIRST, "");
    status(id, "paused");
    happens(Happening.DISABLED, ana);
    assertThat(names(id)).isEmpty();

    status(id, "enabled");
    assertThat(names(id)).hasSize(2);
    status(id, "disabled");
    happens(Happening.ENABLED, ana);
    status(id, "enabled");
    assertThat(names(id)).isEmpty();
    assertThat(
            post("/signals/status", FIRST, "{\"stream_id\":\"" + id + "\",\"status\":\"on\"}")
                .status())
        .isEqualTo(400);
  }

  /// Changes a stream once the events of a kill are in its queue, and before that is committed.
  private Meanwhile<?> inTheSameInstant(Runnable change) {
    var changing = new AtomicReference<Meanwhile<?>>();
    station.revocation.tells((_, incidents) -> {
      if (!incidents.isEmpty() && changing.get() == null) {
        changing.set(
            Meanwhile.does(() -> {
              change.run();
              return true;
            }));
        LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
      }
    });
    happens(Happening.DISABLED, ana);
    return changing.get();
  }

  @Test
  @DisplayName("SSF-12: what happens in the instant in which a stream is enabled again is sent")
  void enabled_meanwhile() throws Exception {
    var id = stream(FIRST, "");
    status(id, "paused");
    inTheSameInstant(() -> status(id, "enabled")).outcome();
    assertThat(names(id)).hasSize(2);
  }

  @Test
  @DisplayName("SSF-12: what happens in the instant in which a stream is paused is pushed later")
  void paused_meanwhile() throws Exception {
    var id = stream(FIRST, push());
    inTheSameInstant(() -> status(id, "paused")).outcome();
    Soon.until("nothing is pushed any more", () -> station.outbox.waiting().isEmpty());
    status(id, "enabled");
    var told =
        Set.of(
            event(outside.received().body(), "https://first.example").event().type(),
            event(outside.received().body(), "https://first.example").event().type());
    assertThat(told).hasSize(2).anyMatch(type -> type.endsWith("account-disabled"));
  }

  @Test
  @DisplayName("SSF-12: what happens in the instant in which a stream is disabled is dropped")
  void disabled_meanwhile() throws Exception {
    var id = stream(FIRST, "");
    inTheSameInstant(() -> status(id, "disabled")).outcome();
    status(id, "enabled");
    assertThat(names(id)).isEmpty();
  }

  private AdministeredStreams administered() {
    return new AdministeredStreams(
        station.issuer(),
        transmitter().receivers(),
        station.database,
        station.outbox,
        station.clock);
  }

  private List<String> fetchedTypes(String id) throws MalformedException {
    var sets =
        post("/signals/poll/" + id, FIRST, "{\"returnImmediately\":true}")
            .json()
            .object("sets")
            .orElseThrow();
    var types = new ArrayList<String>();
    var ids = new ArrayList<String>();
    for (var name : sets.names()) {
      var token = event(sets.string(name).orElseThrow(), "https://first.example");
      types.add(token.event().type().replaceFirst(".*/", "") + " " + state(token));
      ids.add("\"" + name + "\"");
    }
    post("/signals/poll/" + id, FIRST, "{\"maxEvents\":0,\"ack\":[" + String.join(",", ids) + "]}");
    return types;
  }

  private static String state(SecurityEventToken token) throws MalformedException {
    return token.event().toJson().string("status").orElse("-");
  }

  @Test
  @DisplayName(
      "SSF-12: an administrator pauses a stream; its receiver hears so, and cannot help it")
  void paused_by_an_administrator() throws Exception {
    var id = stream(FIRST, "");
    var streams = administered();
    var reason = Optional.of("maintenance");
    var paused = streams.change("first", StreamEvent.Status.PAUSED, reason, "corr-p").orElseThrow();
    assertThat(paused.stopped()).isTrue();
    happens(Happening.DISABLED, ana);

    assertThat(fetchedTypes(id)).containsExactly("stream-updated paused");
    assertThat(get("/signals/status?stream_id=" + id, FIRST).body())
        .contains("paused", "maintenance");
    var enable = "{\"stream_id\":\"" + id + "\",\"status\":\"enabled\"}";
    assertThat(post("/signals/status", FIRST, enable).status()).isEqualTo(403);
    assertThat(send("DELETE", "?stream_id=" + id).status()).isEqualTo(403);
    assertThat(fetchedTypes(id)).isEmpty();

    var _ = streams.change("first", StreamEvent.Status.ENABLED, Optional.empty(), "corr-e");
    assertThat(fetchedTypes(id))
        .containsExactlyInAnyOrder(
            "account-disabled -", "session-revoked -", "stream-updated enabled");
    assertThat(post("/signals/status", FIRST, enable).status()).isEqualTo(200);
    var _ = streams.change("first", StreamEvent.Status.ENABLED, Optional.empty(), "corr-e");
    assertThat(fetchedTypes(id)).as("no change").isEmpty();
  }

  @Test
  @DisplayName(
      "SSF-12: a pushed stream that an administrator disables says so last, and drops the rest")
  void disabled_by_an_administrator() throws Exception {
    stream(FIRST, push());
    var streams = administered();
    var _ = streams.change("first", StreamEvent.Status.DISABLED, Optional.empty(), "corr-d");
    happens(Happening.DISABLED, ana);
    var notice = event(outside.received().body(), "https://first.example");
    assertThat(notice.event())
        .isEqualTo(new StreamEvent.StreamUpdated(StreamEvent.Status.DISABLED, Optional.empty()));
    Soon.until("nothing waits any more", () -> station.outbox.waiting().isEmpty());
    assertThat(outside.isInboxEmpty()).isTrue();

    var _ = streams.change("first", StreamEvent.Status.ENABLED, Optional.empty(), "corr-e");
    var again = event(outside.received().body(), "https://first.example");
    assertThat(state(again)).isEqualTo("enabled");
    happens(Happening.ENABLED, ana);
    assertThat(event(outside.received().body(), "https://first.example").event().type())
        .endsWith("account-enabled");
    assertThat(streams.change("second", StreamEvent.Status.PAUSED, Optional.empty(), "corr-x"))
        .as("it has none")
        .isEmpty();
  }

  @Test
  @DisplayName("DPR-3: an outdated disabling switches nobody, and tells nobody that it had")
  void outdated() throws Exception {
    var id = stream(FIRST, "");
    var before = station.clock.instant();
    station.clock.advance(Duration.ofMinutes(1));
    happens(Happening.DISABLED, ana);
    happens(Happening.ENABLED, ana);
    int told = names(id).size();
    station.revocation.accept(
        new Signal(
            Source.of(Source.Kind.SHARED_SIGNALS, "late"),
            "late-1",
            new Subject.Person(ana.id()),
            Happening.DISABLED,
            before,
            "late",
            "corr-late"));

    assertThat(station.isActive(ana)).isTrue();
    var sets =
        post("/signals/poll/" + id, FIRST, "{\"returnImmediately\":true}")
            .json()
            .object("sets")
            .orElseThrow();
    for (var name : List.copyOf(sets.names()).subList(told, sets.names().size())) {
      assertThat(event(sets.string(name).orElseThrow(), "https://first.example").event().type())
          .doesNotContain("account-disabled");
    }
  }

  private void status(String id, String status) {
    var answer =
        post(
            "/signals/status",
            FIRST,
            "{\"stream_id\":\"" + id + "\",\"status\":\"" + status + "\",\"reason\":\"r\"}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(get("/signals/status?stream_id=" + id, FIRST).text("status")).isEqualTo(status);
  }

  private Set<String> names(String id) throws MalformedException {
    return post("/signals/poll/" + id, FIRST, "{\"returnImmediately\":true}")
        .json()
        .object("sets")
        .orElseThrow()
        .names();
  }

  @Test
  @DisplayName("SSF-13: a removed subject is not told of; the answer does not say who is known")
  void subjects() throws Exception {
    var bob = station.person("bob", idp);
    var id = stream(FIRST, "");
    var known = subject(id, "remove", ana.id().value());
    var unknown = subject(id, "remove", "nobody");
    assertThat(known.status()).isEqualTo(204).isEqualTo(unknown.status());

    happens(Happening.DISABLED, ana);
    assertThat(names(id)).isEmpty();
    happens(Happening.DISABLED, bob);
    assertThat(names(id)).hasSize(2);

    assertThat(subject(id, "add", ana.id().value()).status()).isEqualTo(200);
    happens(Happening.ENABLED, ana);
    assertThat(names(id)).hasSize(3);
  }

  @Test
  @DisplayName("SSF-13: what a receiver said of an address goes with the person who had it")
  void subject_of_an_address() throws Exception {
    var id = stream(FIRST, "");
    var address = ana.email().orElseThrow().toUpperCase(Locale.ROOT);
    var said =
        "{\"stream_id\":\"%s\",\"subject\":{\"format\":\"email\",\"email\":\"%s\"}}"
            .formatted(id, address);
    assertThat(post("/signals/subjects/remove", FIRST, said).status()).isEqualTo(204);
    happens(Happening.DISABLED, ana);

    var departure = new Departure(station.directory, station.revocation, station.clock);
    station
        .database
        .write(connection ->
            departure.go(connection, ana.id(), Source.of(Source.Kind.ADMIN), "corr-2"))
        .enforce();

    assertThat(names(id)).as("as the receiver wanted, to the end").isEmpty();
    var left =
        station.database.<List<String>>read(connection ->
            new Statements(connection)
                .list("SELECT subject FROM ssf_stream_subject", row -> row.getString(1)));
    assertThat(left).isEmpty();
  }

  private Answer subject(String id, String what, String sub) {
    return post(
        "/signals/subjects/" + what,
        FIRST,
        "{\"stream_id\":\""
            + id
            + "\",\"subject\":{\"format\":\"iss_sub\",\"iss\":\""
            + station.issuer()
            + "\",\"sub\":\""
            + sub
            + "\"}}");
  }

  @Test
  @DisplayName("SSF-13: a full list takes nobody more, but every change of who is on it")
  void full_list() {
    var id = stream(FIRST, "");
    assertThat(subject(id, "remove", "one").status()).isEqualTo(204);
    assertThat(subject(id, "remove", "two").status()).isEqualTo(204);
    assertThat(kept(id)).isEqualTo(2);
    station.database.write(connection ->
        new Statements(connection).update("UPDATE ssf_stream SET subjects = ?", 1_000_000));

    assertThat(subject(id, "remove", "three").status()).isEqualTo(429);
    assertThat(subject(id, "remove", "two").status()).as("known already").isEqualTo(204);
    assertThat(subject(id, "add", "four").status()).as("as everybody").isEqualTo(200);
    assertThat(subject(id, "remove", "three").status()).isEqualTo(429);
    assertThat(subject(id, "add", "one").status()).isEqualTo(200);
    assertThat(kept(id)).as("what is the default is not kept").isEqualTo(1);
    assertThat(subject(id, "remove", "three").status()).as("there is room").isEqualTo(204);
    assertThat(subject(id, "remove", "five").status()).isEqualTo(429);
  }

  private int kept(String stream) {
    return station.database.read(connection ->
        new Statements(connection)
            .list(
                "SELECT subject FROM ssf_stream_subject WHERE stream = ?",
                row -> row.getString(1),
                stream)
            .size());
  }

  @Test
  @DisplayName("SSF-14: a sign of life echoes the state; asked too often it is 429")
  void verification() throws Exception {
    var id = stream(FIRST, "");
    var ask = "{\"stream_id\":\"" + id + "\",\"state\":\"s-1\"}";

    assertThat(post("/signals/verify", FIRST, ask).status()).isEqualTo(204);
    var tooOften = post("/signals/verify", FIRST, ask);
    assertThat(tooOften.status()).isEqualTo(429);
    assertThat(tooOften.header("Retry-After")).contains("60");

    var sets =
        post("/signals/poll/" + id, FIRST, "{\"returnImmediately\":true}")
            .json()
            .object("sets")
            .orElseThrow();
    var token =
        event(sets.string(sets.names().iterator().next()).orElseThrow(), "https://first.example");
    assertThat(token.event().toJson().string("state")).contains("s-1");
    assertThat(token.subject().toJson().string("id")).contains(id);
  }

  // ---- Back-channel logout and global token revocation

  @Test
  @DisplayName(
      "BCL-5, BCL-6: the client in an ended session gets a logout token of two minutes, for it alone")
  void logout_of_clients() throws Exception {
    var session = station.session(ana, "up-1");
    outside.answers.set(204);
    happens(Happening.SESSIONS_REVOKED, ana);

    var received = outside.received();
    var form = Form.parse(received.body(), Set.of());
    var issuer = new TrustedIssuer(station.issuer(), keys(), Set.of(SigningAlgorithm.ES256));
    var verdict =
        new LogoutTokenValidator(issuer, new ClientId("desk"), ClockSkew.DEFAULT, station.clock)
            .judge(form.one("logout_token").orElseThrow());

    assertThat(verdict).isInstanceOf(SignalVerdict.Accepted.class);
    var token = ((SignalVerdict.Accepted<LogoutToken>) verdict).token();
    assertThat(token.session()).contains(session);
    assertThat(token.subject()).contains(ana.id().value());
    assertThat(Duration.between(token.issuedAt(), token.expiresAt()))
        .isEqualTo(Duration.ofMinutes(2));
    Soon.until("delivered", () -> station.outbox.waiting().isEmpty());
    happens(Happening.SESSIONS_REVOKED, ana);
    assertThat(outside.isInboxEmpty()).isTrue();
  }

  @Test
  @DisplayName(
      "Of many who are killed at once everybody hears of each what is theirs to hear, once")
  void many_at_once() throws Exception {
    var bob = station.person("bob", idp);
    var eve = station.person("eve", idp);
    var one = stream(FIRST, "");
    var all = stream(SECOND, "");
    subject(one, "remove", ana.id().value());
    station.session(bob, "up-1");
    station.session(eve, "up-2");
    outside.answers.set(204);
    station.clock.advance(Duration.ofSeconds(2));
    station.revocation.acceptAll(Stream.of(ana, bob, eve).map(this::disabled).toList());

    assertThat(subjects(one, FIRST)).containsOnly(bob.id().value(), eve.id().value()).hasSize(4);
    assertThat(subjects(all, SECOND))
        .containsOnly(ana.id().value(), bob.id().value(), eve.id().value())
        .hasSize(6);
    outside.received();
    outside.received();
    Soon.until("delivered", () -> station.outbox.waiting().isEmpty());
    assertThat(outside.isInboxEmpty()).as("two sessions, two logout tokens").isTrue();
  }

  private Signal disabled(Person person) {
    return new Signal(
        Source.of(Source.Kind.SCIM, "idp"),
        "of-" + person.id(),
        new Subject.Person(person.id()),
        Happening.DISABLED,
        station.clock.instant(),
        "left",
        "corr-many");
  }

  /// Of every event that waits.
  private List<String> subjects(String stream, ClientSecret secret) throws MalformedException {
    var answer = post("/signals/poll/" + stream, secret, "{\"returnImmediately\":true}").json();
    var sets = answer.object("sets").orElseThrow();
    var found = new ArrayList<String>();
    for (var id : sets.names()) {
      var payload = sets.string(id).orElseThrow().split("\\.")[1];
      var claims =
          JsonObject.parse(
              new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8));
      found.add(claims.object("sub_id").orElseThrow().string("sub").orElseThrow());
    }
    return found;
  }

  @Test
  @DisplayName("BCL-6: a client of a sector is told by the names that stand in its ID Tokens")
  void logout_of_a_client_of_a_sector() throws Exception {
    var clients =
        """
        clients:
          - id: desk
            authentication: [none]
            redirect_uris: ["https://desk.example/callback"]
            grants: [authorization_code]
            backchannel_logout_uri: "%s"
            backchannel_logout_session_required: true
            subject_type: pairwise
        """
            .formatted(outside.inbox());
    var two = Files.createDirectories(folder.resolve("two"));
    try (var other = new Station(another(two), two, idp, clients, _ -> SignalsConfig.NONE)) {
      var carl = other.person("carl", idp);
      var session = other.session(carl, "up-1");
      outside.answers.set(204);
      other.revocation.report(
          Source.of(Source.Kind.ADMIN),
          new Subject.Person(carl.id()),
          Happening.SESSIONS_REVOKED,
          "test",
          "corr-1");

      var form = Form.parse(outside.received().body(), Set.of());
      var claims =
          UnverifiedJwt.parse(form.one("logout_token").orElseThrow()).unverifiedClaims().all();
      var names = new ClientNames(new PairwiseNames(other.secret(PairwiseNames.SALT)));
      var desk = ClientRegistry.open(two.resolve("clients.yaml")).find(new ClientId("desk"));
      assertThat(claims.string("sub")).contains(names.subject(desk.orElseThrow(), carl.id()));
      assertThat(claims.string("sid")).contains(names.session(desk.orElseThrow(), session));
      assertThat(claims.toJson()).doesNotContain(carl.id().value(), session);
    }
  }

  @Test
  @DisplayName("GTR-7: others are called; 404 is done, an outage is retried")
  void calls_of_ours() throws Exception {
    try (var caller =
        new Station(
            another(folder.resolve("two")),
            Files.createDirectories(folder.resolve("two")),
            idp,
            "clients: []",
            _ ->
                new SignalsConfig(
                    List.of(),
                    Optional.empty(),
                    List.of(),
                    List.of(
                        new RevocationTarget(
                            "app",
                            outside.inbox(),
                            new RevocationTarget.Proof.Signed("0oa1"),
                            RevocationTarget.Format.EMAIL))))) {
      var carl = caller.person("carl", idp);
      outside.answers.set(500);
      caller.revocation.report(
          Source.of(Source.Kind.ADMIN),
          new Subject.Person(carl.id()),
          Happening.DISABLED,
          "left",
          "corr-2");
      var first = outside.received();
      outside.answers.set(404);
      var second = outside.receivedLater(caller.clock);

      assertThat(first.body())
          .isEqualTo("{\"sub_id\":{\"format\":\"email\",\"email\":\"carl@acme.example\"}}");
      var keys = PublicKeySet.parse(Http.get(caller.at("/jwks"), Map.of()).json());
      var issuer = new TrustedIssuer(caller.issuer(), keys, Set.of(SigningAlgorithm.ES256));
      var verdict =
          new RevocationCallerValidator(
                  issuer, "0oa1", outside.inbox(), ClockSkew.DEFAULT, caller.clock)
              .judge(second.authorization().orElseThrow().substring("Bearer ".length()));
      assertThat(verdict).isInstanceOf(SignalVerdict.Accepted.class);
      assertThat(second.authorization()).isNotEqualTo(first.authorization());
      Soon.until("done", () -> caller.outbox.waiting().isEmpty());
      assertThat(caller.outbox.causedBy("corr-2").getFirst().state()).isEqualTo(Letter.State.GONE);
    }
  }

  @Test
  @DisplayName(
      "DPR-5: 404 about somebody who had another address before is not done: it is given up")
  void calls_about_somebody_who_had_another_address() throws Exception {
    var targets =
        List.of(
            new RevocationTarget(
                "crm",
                outside.inbox(),
                new RevocationTarget.Proof.Token(new Secret("agreed")),
                RevocationTarget.Format.EMAIL),
            target("app", outside.inbox()));
    try (var caller =
        new Station(
            another(folder.resolve("two")),
            Files.createDirectories(folder.resolve("two")),
            idp,
            "clients: []",
            _ -> new SignalsConfig(List.of(), Optional.empty(), List.of(), targets))) {
      var carl = caller.person("carl", idp);
      var ann = caller.person("ann", idp);
      caller.database.write(connection -> {
        caller.directory.forgetAddresses(connection, List.of(carl.id()));
        caller.directory.announce(connection, List.of(carl.id()));
        return null;
      });
      caller.database.changes().awaitCurrent(Duration.ofSeconds(10));
      outside.answers.set(404);
      for (var person : List.of(carl, ann)) {
        caller.revocation.report(
            Source.of(Source.Kind.ADMIN),
            new Subject.Person(person.id()),
            Happening.DISABLED,
            "left",
            person.userName());
      }
      Soon.until("done", () -> caller.outbox.waiting().isEmpty());

      assertThat(states(caller, "carl"))
          .containsExactlyInAnyOrderEntriesOf(
              Map.of("crm", Letter.State.DEAD, "app", Letter.State.GONE));
      assertThat(states(caller, "ann"))
          .containsExactlyInAnyOrderEntriesOf(
              Map.of("crm", Letter.State.GONE, "app", Letter.State.GONE));
      var dead =
          caller.outbox.causedBy("carl").stream()
              .filter(letter -> letter.state() == Letter.State.DEAD)
              .findFirst()
              .orElseThrow();
      assertThat(dead.answer().orElseThrow()).contains("former address");

      // Whoever has it sent again has been told to look there.
      assertThat(caller.outbox.retry(dead.id())).isPresent();
      Soon.until("done", () -> caller.outbox.waiting().isEmpty());
      assertThat(states(caller, "carl")).containsEntry("crm", Letter.State.GONE);
    }
  }

  private static Map<String, Letter.State> states(Station at, String correlationId) {
    return at.outbox.causedBy(correlationId).stream()
        .collect(
            Collectors.toMap(letter -> letter.delivery().destination(), letter -> letter.state()));
  }

  @Test
  @DisplayName("DPR-5: a revocation that we are called for calls everybody but the caller")
  void called_and_calling() throws Exception {
    var trust = new Trust(Station.ORGANISATION, Set.of(idp.issuer()), Set.of(), Optional.empty());
    var callers =
        Stream.of("okta", "app")
            .map(name ->
                new CallerConfig(
                    name, new CallerConfig.Proof.Signed(Station.signer(idp), "0oa1"), trust, true))
            .toList();
    var targets =
        List.of(
            target("app", outside.inbox()),
            target("crm", outside.inbox()),
            target("idp-too", idp.inbox()));
    try (var caller =
        new Station(
            another(folder.resolve("two")),
            Files.createDirectories(folder.resolve("two")),
            idp,
            "clients: []",
            _ -> new SignalsConfig(List.of(), Optional.empty(), callers, targets))) {
      var carl = caller.person("carl", idp);

      // The target at the address of who called is the caller itself.
      assertThat(called(caller, "okta", "c-1")).containsExactlyInAnyOrder("app", "crm");
      // So is one that has the caller's name.
      caller.clock.advance(Duration.ofSeconds(2));
      assertThat(called(caller, "app", "c-2")).containsExactly("crm");
      assertThat(calls(caller, gtr("https://crm.example"), carl, "c-3"))
          .as("an enrolled issuer elsewhere")
          .containsExactlyInAnyOrder("app", "crm", "idp-too");
      assertThat(calls(caller, gtr(idp.issuer().value()), carl, "c-4"))
          .as("an enrolled issuer that is a target")
          .containsExactlyInAnyOrder("app", "crm");
    }
  }

  private static RevocationTarget target(String name, URI url) {
    return new RevocationTarget(
        name,
        url,
        new RevocationTarget.Proof.Token(new Secret("agreed")),
        RevocationTarget.Format.ISS_SUB);
  }

  private List<String> called(Station at, String endpoint, String id) {
    var url = at.at("/global-token-revocation/" + endpoint);
    var now = at.clock.instant();
    var proof =
        idp.sign(
            RevocationCaller.TYPE,
            new RevocationCaller(idp.issuer(), "0oa1", id, now.plusSeconds(300))
                .claimsFor(url, now));
    var body = "{\"sub_id\":" + idp.subject("carl-sub").toJson().toJson() + "}";
    var before = written(at).size();
    var answer =
        Http.post(url, "application/json", body, Map.of("Authorization", "Bearer " + proof));
    assertThat(answer.status()).as(answer.body()).isEqualTo(204);
    var after = written(at);
    return after.subList(before, after.size());
  }

  /// To whom all calls so far go.
  private static List<String> written(Station at) {
    return at.database.read(connection -> {
      try (var query =
              connection.prepareStatement("SELECT destination FROM delivery ORDER BY seq");
          var rows = query.executeQuery()) {
        var all = new ArrayList<String>();
        while (rows.next()) {
          all.add(rows.getString(1));
        }
        return all;
      }
    });
  }

  private static Source gtr(String connection) {
    return Source.of(Source.Kind.GLOBAL_TOKEN_REVOCATION, connection);
  }

  private static List<String> calls(Station at, Source source, Person person, String correlation) {
    at.clock.advance(Duration.ofSeconds(2));
    at.revocation.report(
        source, new Subject.Person(person.id()), Happening.TOKENS_REVOKED, "called", correlation);
    return at.outbox.causedBy(correlation).stream()
        .map(letter -> letter.delivery().destination())
        .toList();
  }

  @Test
  @DisplayName("calls that others bring about end with an alarm when they go round; ours never do")
  void calls_go_round() throws Exception {
    try (var caller =
        new Station(
            another(folder.resolve("two")),
            Files.createDirectories(folder.resolve("two")),
            idp,
            "clients: []",
            _ ->
                new SignalsConfig(
                    List.of(
                        new SourceConfig(
                            "app",
                            Station.signer(outside),
                            "https://aud.example",
                            new Trust(Station.ORGANISATION, Set.of(), Set.of(), Optional.empty()),
                            false,
                            Optional.empty(),
                            Optional.empty(),
                            Duration.ofHours(24))),
                    Optional.empty(),
                    List.of(),
                    List.of(target("app", outside.inbox()))))) {
      var carl = caller.person("carl", idp);
      var admin = Source.of(Source.Kind.ADMIN);
      assertThat(calls(caller, admin, carl, "r-0")).containsExactly("app");

      var answer = Source.of(Source.Kind.SHARED_SIGNALS, "app");
      assertThat(calls(caller, answer, carl, "r-1")).as("the target's own doing").isEmpty();
      caller.clock.advance(Duration.ofMinutes(1));
      assertThat(calls(caller, answer, carl, "r-2")).as("much later").containsExactly("app");

      for (int i = 0; i < LoopPrevention.MOST_TIMES; i++) {
        assertThat(calls(caller, gtr("x"), carl, "x-" + i)).as("call " + i).containsExactly("app");
      }
      assertThat(caller.alarms()).isEmpty();
      assertThat(calls(caller, gtr("x"), carl, "x-x")).isEmpty();
      assertThat(caller.alarms()).containsExactly("signals-going-round");
      assertThat(calls(caller, gtr("x"), caller.person("dora", idp), "x-d")).containsExactly("app");
      assertThat(calls(caller, gtr("y"), carl, "y-1")).as("of another").containsExactly("app");
      assertThat(calls(caller, admin, carl, "r-3")).containsExactly("app");
    }
  }

  @Test
  @DisplayName("a kill that reaches to now calls, also if we have called since it occurred")
  void late_kills_call() throws Exception {
    try (var caller =
        new Station(
            another(folder.resolve("two")),
            Files.createDirectories(folder.resolve("two")),
            idp,
            "clients: []",
            _ ->
                new SignalsConfig(
                    List.of(),
                    Optional.empty(),
                    List.of(),
                    List.of(target("app", outside.inbox()))))) {
      var carl = caller.person("carl", idp);
      var occurredAt = caller.clock.instant();
      caller.clock.advance(Duration.ofMinutes(10));
      assertThat(calls(caller, Source.of(Source.Kind.ADMIN), carl, "c-0")).containsExactly("app");
      // Whoever has the password signs in there again.
      caller.clock.advance(Duration.ofMinutes(10));

      assertThat(late(caller, carl, Happening.SESSIONS_REVOKED, occurredAt)).isEmpty();
      assertThat(late(caller, carl, Happening.CREDENTIAL_COMPROMISED, occurredAt))
          .containsExactly("app");
      assertThat(late(caller, carl, Happening.DISABLED, occurredAt)).containsExactly("app");
    }
  }

  private static List<String> late(Station at, Person person, Happening what, Instant occurredAt) {
    var signal =
        new Signal(
            Source.of(Source.Kind.SHARED_SIGNALS, "idp"),
            "late-" + what,
            new Subject.Person(person.id()),
            what,
            occurredAt,
            "late",
            "late-" + what);
    at.revocation.acceptAll(List.of(signal));
    return at.outbox.causedBy(signal.correlationId()).stream()
        .map(letter -> letter.delivery().destination())
        .toList();
  }

  // ---- Our receiver at our transmitter

  private Station listener(boolean poll, Provider provider) throws IOException {
    return listener(poll, provider, new Subscription.Token(SECOND.secret()));
  }

  private Station listener(boolean poll, Provider provider, Subscription.Access access)
      throws IOException {
    return listener(provider, List.of(source("upstream", station.issuer(), access, poll)));
  }

  private Station listener(Provider provider, List<SourceConfig> sources) throws IOException {
    return new Station(
        another(folder.resolve("two")),
        Files.createDirectories(folder.resolve("two")),
        provider,
        "clients: []",
        _ -> new SignalsConfig(sources, Optional.of(transmitter()), List.of(), List.of()));
  }

  private static SourceConfig source(
      String name, Issuer issuer, Subscription.Access access, boolean poll) {
    return new SourceConfig(
        name,
        new Signer(issuer, Optional.empty(), Set.of(SigningAlgorithm.RS256)),
        "https://second.example",
        new Trust(Station.ORGANISATION, Set.of(issuer), Set.of(), Optional.empty()),
        false,
        poll ? Optional.empty() : Optional.of(new Secret("Bearer pushing")),
        Optional.of(new Subscription(access, poll, Duration.ofHours(1))),
        Duration.ofHours(24));
  }

  /// The same person at the listener, linked to the subject that our transmitter names.
  private Person linked(Station listener) {
    var person =
        new NewPerson(
            Station.ORGANISATION, "ana", Optional.of("ana@acme.example"), "Ana", Set.of());
    var subject = new ExternalSubject(Station.ORGANISATION, station.issuer(), ana.id().value());
    return ((Linking.Created) listener.directory.createLinked(person, subject)).person();
  }

  @Test
  @DisplayName(
      "SSF-22: our receiver makes a pushed stream at our transmitter, verifies it, and obeys")
  void push_end_to_end() throws Exception {
    try (var listener = listener(false, idp)) {
      var there = linked(listener);
      listener.signals.look();
      Soon.until("verified", () -> heard(listener));
      happens(Happening.DISABLED, ana);
      listener.clock.advance(Duration.ofSeconds(2));

      Soon.until("disabled there", () -> !listener.isActive(there));
      happens(Happening.ENABLED, ana);
      Soon.until("enabled there", () -> listener.isActive(there));
    }
  }

  @Test
  @DisplayName("SSF-21, SSF-22: our receiver makes a fetched stream, verifies it, and obeys")
  void poll_end_to_end() throws Exception {
    try (var listener = listener(true, idp)) {
      var there = linked(listener);
      listener.signals.look();
      listener.signals.look();
      Soon.until("verified", () -> heard(listener));
      happens(Happening.DISABLED, ana);
      listener.clock.advance(Duration.ofSeconds(2));
      listener.signals.look();

      assertThat(listener.isActive(there)).isFalse();
      assertThat(waiting()).isZero();
      station.database.write(connection -> {
        try (var delete = connection.prepareStatement("DELETE FROM ssf_stream")) {
          return delete.executeUpdate();
        }
      });
      listener.clock.advance(Duration.ofHours(2));
      station.clock.advance(Duration.ofHours(2));
      listener.signals.look();
      listener.signals.look();
      assertThat(get("/signals/streams", SECOND).body()).contains("stream_id");
    }
  }

  @Test
  @DisplayName(
      "SSF-16: our receiver gets its tokens as an OAuth client, keeps one, and replaces a dead one")
  void as_an_oauth_client() throws Exception {
    var secret = new Secret("between us");
    var client =
        new Subscription.Client(
            outside.tokenEndpoint(), new ClientId("lanyard"), secret, Subscription.Client.SCOPES);
    try (var listener = listener(true, idp, client)) {
      var there = linked(listener);
      listener.signals.look();
      assertThat(heard(listener)).as("without a token there is no stream").isFalse();
      assertThat(outside.tokenRequests())
          .isNotEmpty()
          .allSatisfy(request -> {
            assertThat(request.authorization())
                .contains(new BasicCredentials(new ClientId("lanyard"), secret).toHeader());
            assertThat(request.body())
                .isEqualTo("grant_type=client_credentials&scope=ssf.manage+ssf.read");
          });

      // Of another receiver's, or revoked: the transmitter does not know it.
      outside.tokens.add(new Secret("not-known-there"));
      outside.tokens.add(SECOND.secret());
      listener.signals.look();
      listener.signals.look();
      Soon.until("verified", () -> heard(listener));
      assertThat(outside.tokenRequests()).hasSize(2);

      happens(Happening.DISABLED, ana);
      listener.clock.advance(Duration.ofSeconds(2));
      listener.signals.look();
      assertThat(listener.isActive(there)).isFalse();
      assertThat(outside.tokenRequests()).as("the token is kept").isEmpty();

      outside.tokens.add(SECOND.secret());
      listener.clock.advance(Duration.ofMinutes(5));
      listener.signals.look();
      assertThat(outside.tokenRequests()).as("until it ends").hasSize(1);
    }
  }

  @Test
  @DisplayName("DPR-1: a node that has died is followed within its lease, one that ended at once")
  void next_node() throws Exception {
    try (var listener = listener(true, idp);
        var second = listener.node();
        var third = listener.node()) {
      var there = linked(listener);
      listener.signals.look();
      listener.signals.look();
      Soon.until("verified", () -> heard(listener));
      happens(Happening.DISABLED, ana);
      listener.clock.advance(Duration.ofSeconds(2));
      second.look();
      assertThat(listener.isActive(there)).as("the first looks after it").isTrue();

      assertThat(SecurityEvents.LEASE).isLessThanOrEqualTo(Duration.ofSeconds(20));
      listener.clock.advance(SecurityEvents.LEASE);
      second.look();
      assertThat(listener.isActive(there)).isFalse();

      happens(Happening.ENABLED, ana);
      listener.clock.advance(Duration.ofSeconds(2));
      third.look();
      assertThat(listener.isActive(there)).as("the second looks after it").isFalse();
      second.close();
      third.look();
      assertThat(listener.isActive(there)).isTrue();
      third.close();
      second.look();
      assertThat(holder(listener, "upstream")).as("whoever has ended begins no more").isEmpty();
    }
  }

  private static Optional<String> holder(Station listener, String source) {
    return listener.database.read(connection ->
        new Statements(connection)
            .first(
                "SELECT node FROM ssf_listening WHERE leased_until IS NOT NULL AND source = ?",
                row -> row.getString(1),
                source));
  }

  @Test
  @DisplayName(
      "transmitters that hang hold up no other, and stay with the node that waits for them")
  void hanging_transmitters() throws Exception {
    try (var hanging = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      var nowhere = new Issuer("http://127.0.0.1:" + hanging.getLocalPort());
      var access = new Subscription.Token(SECOND.secret());
      var sources =
          List.of(
              source("one", nowhere, access, true),
              source("two", nowhere, access, true),
              source("upstream", station.issuer(), access, true));
      try (var listener = listener(idp, sources);
          var other = listener.node()) {
        var there = linked(listener);
        listener.signals.start();
        Soon.until("verified", () -> heard(listener));
        happens(Happening.DISABLED, ana);
        listener.clock.advance(Duration.ofSeconds(2));
        Soon.until("disabled there", () -> !listener.isActive(there));
        var holder = holder(listener, "one");
        assertThat(holder).isPresent();

        listener.clock.advance(SecurityEvents.LEASE.minusSeconds(3));
        Soon.until("renewed", () -> isLeasedFor(listener, SecurityEvents.LEASE));
        listener.clock.advance(Duration.ofSeconds(4));
        other.look();
        assertThat(holder(listener, "one")).isEqualTo(holder);
      }
    }
  }

  private static boolean isLeasedFor(Station listener, Duration time) {
    var until = listener.clock.instant().plus(time);
    return listener.database.read(connection ->
        new Statements(connection)
            .first(
                "SELECT source FROM ssf_listening WHERE source = 'one' AND leased_until >= ?",
                row -> row.getString(1),
                until)
            .isPresent());
  }

  private static boolean heard(Station listener) {
    return new LastHeard(listener.database).of("upstream").isPresent();
  }

  private int waiting() {
    return station.database.read(connection -> {
      try (var query = connection.prepareStatement("SELECT COUNT(*) FROM ssf_event");
          var rows = query.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    });
  }
}
