package dev.lanyard.server.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.securityevent.CaepEvent;
import dev.lanyard.protocol.securityevent.SecurityEventToken;
import dev.lanyard.protocol.securityevent.SecurityEventTokenValidator;
import dev.lanyard.protocol.securityevent.SignalVerdict;
import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.resourceserver.Verdict;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.delivery.EnforcementPoints;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Cable;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Following;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.Visit;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Denial;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
    "RS-13, RFC 8936: resource servers follow what dies as security events, over real HTTP")
class EventFeedTest {
  private static final Duration BOUND = Duration.ofSeconds(3);
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String CLIENT = "linear-server";

  @TempDir Path folder;

  private final List<AutoCloseable> open = new ArrayList<>();
  private Pair pair;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder).ordinary(), folder);
    open.add(pair);
  }

  @AfterEach
  void stop() throws Exception {
    for (var one : open.reversed()) {
      one.close();
    }
  }

  private static boolean isAdmitted(Verdict verdict) {
    return verdict instanceof Verdict.Admitted;
  }

  private static boolean isRevoked(Verdict verdict) {
    return verdict instanceof Verdict.Refused;
  }

  @Nested
  @DisplayName("With our library")
  class WithOurLibrary {
    private Following following(int port) throws InterruptedException {
      var server = new Following(pair, port, CLIENT, BOUND);
      open.add(server);
      assertThat(server.feed.awaitFresh(SOON)).as("%s", server.feed.state()).isTrue();
      return server;
    }

    @Test
    void the_next_call_of_a_disabled_person_is_refused_and_nobody_elses() throws Exception {
      var alice = pair.person("alice", "engineering");
      pair.person("bob", "engineering");
      var hers = new Desk(pair).accessToken("alice", World.LINEAR);
      var his = new Desk(pair).accessToken("bob", World.LINEAR);
      var server = following(pair.port("ras"));
      assertThat(isAdmitted(server.call(hers))).isTrue();

      pair.happened(alice, Happening.DISABLED);

      Soon.until(() -> isRevoked(server.call(hers)));
      assertThat(isAdmitted(server.call(his))).isTrue();
    }

    @Test
    @DisplayName("what a person takes back that they had consented to is refused, and nothing else")
    void what_is_taken_back() throws Exception {
      pair.guest("gina");
      pair.guest("greta");
      var visit = Visit.pocket(pair);
      var hers = visit.tokens("gina", World.LINEAR, "issues.read").text("access_token");
      var others =
          Visit.pocket(pair).tokens("greta", World.LINEAR, "issues.read").text("access_token");
      var server = following(pair.port("ras"));
      assertThat(isAdmitted(server.call(hers))).isTrue();

      var page = visit.browse(pair.rasUrl("/consents"));
      visit.submit("/consents", Visit.form(page).build());

      Soon.until(() -> isRevoked(server.call(hers)));
      assertThat(isAdmitted(server.call(others))).isTrue();
    }

    @Test
    void whoever_was_disabled_before_it_connected_is_told_of_too() throws Exception {
      var alice = pair.person("alice", "engineering");
      var token = new Desk(pair).accessToken("alice", World.LINEAR);
      pair.happened(alice, Happening.DISABLED);

      assertThat(isRevoked(following(pair.port("ras")).call(token))).isTrue();
    }

    @Test
    @DisplayName("DPR-3: who comes back gets new tokens, and no old one lives again")
    void enabled_again() throws Exception {
      var alice = pair.person("alice", "engineering");
      var old = new Desk(pair).accessToken("alice", World.LINEAR);
      var server = following(pair.port("ras"));
      pair.happened(alice, Happening.DISABLED);
      Soon.until(() -> isRevoked(server.call(old)));

      pair.happened(alice, Happening.ENABLED);
      pair.clock.advance(Duration.ofSeconds(2));
      var fresh = new Desk(pair).accessToken("alice", World.LINEAR);

      assertThat(isAdmitted(server.call(fresh))).isTrue();
      assertThat(isRevoked(server.call(old))).isTrue();
    }

    @Test
    @DisplayName("Without the server calls are refused with 503 within the bound, until it is back")
    void down() throws Exception {
      var alice = pair.person("alice", "engineering");
      pair.person("bob", "engineering");
      var hers = new Desk(pair).accessToken("alice", World.LINEAR);
      var his = new Desk(pair).accessToken("bob", World.LINEAR);
      var cable = new Cable(pair.port("ras"));
      open.add(cable);
      var server = following(cable.port());
      cable.hold();
      long killed = System.nanoTime();
      pair.happened(alice, Happening.DISABLED);

      Soon.until(() -> server.call(his) instanceof Verdict.Unavailable);
      assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(BOUND.plusSeconds(30));
      assertThat(isAdmitted(server.call(hers))).isFalse();
      assertThat(server.feed.state().fresh()).isFalse();
      cable.plugInto(pair.port("ras"));

      Soon.until(() -> isAdmitted(server.call(his)));
      assertThat(isRevoked(server.call(hers))).isTrue();
    }

    @Test
    @DisplayName("Two nodes on one database: one kills, who follows at the other refuses")
    void two_nodes() throws Exception {
      var setup = Setup.on(TestDatabases.postgres(), folder);
      try (var one = Pair.start(setup, folder.resolve("one"));
          var two = Pair.start(setup.beside(one), folder.resolve("two"))) {
        var alice = one.person("alice", "engineering");
        var token = new Desk(one).accessToken("alice", World.LINEAR);
        try (var server = new Following(one, two.port("ras"), CLIENT, BOUND)) {
          assertThat(server.feed.awaitFresh(SOON)).isTrue();
          assertThat(isAdmitted(server.call(token))).isTrue();

          one.happened(alice, Happening.DISABLED);

          Soon.until(() -> isRevoked(server.call(token)));
        }
      }
    }

    @Test
    @DisplayName(
        "A server that has forgotten the stream gives another one, and tells everything anew")
    void forgotten() throws Exception {
      var alice = pair.person("alice", "engineering");
      var token = new Desk(pair).accessToken("alice", World.LINEAR);
      var server = following(pair.port("ras"));
      pair.database.write(connection -> {
        try (var statement = connection.prepareStatement("DELETE FROM event_feed")) {
          return statement.executeUpdate();
        }
      });
      pair.happened(alice, Happening.DISABLED);

      Soon.until(() -> isRevoked(server.call(token)));
      Soon.until(() -> server.feed.state().fresh());
    }

    @Test
    @DisplayName("Receipts wait for it as for every enforcement point, until it has ended")
    void enforcement_point() throws Exception {
      var points = new EnforcementPoints(pair.database, Denial.CHANGE, pair.clock);
      var server = following(pair.port("ras"));
      var alice = pair.person("alice", "engineering");
      pair.happened(alice, Happening.DISABLED);

      Soon.until(() ->
          points.of(points.head(), Instant.EPOCH).stream()
              .anyMatch(point -> point.at().isPresent()));
      server.close();

      assertThat(points.of(points.head(), Instant.EPOCH)).isEmpty();
    }
  }

  @Nested
  @DisplayName("On the wire")
  class OnTheWire {
    private Answer post(String path, JsonObject body) {
      return post(path, body, Desk.basic(CLIENT));
    }

    private Answer post(String path, JsonObject body, Map<String, String> headers) {
      return Http.post(at(path), "application/json", body.toJson(), headers);
    }

    private URI at(String path) {
      return URI.create(pair.ras() + path);
    }

    private String begun() {
      var answer = post("/events/streams", JsonObject.EMPTY);
      assertThat(answer.status()).as(answer.body()).isEqualTo(201);
      return answer.text("stream_id");
    }

    private JsonObject poll(String stream, List<String> ack) {
      var body = JsonObject.builder().put("returnImmediately", true).put("ack", ack).build();
      var answer = post("/events/poll/" + stream, body);
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      return answer.json();
    }

    private Map<String, SecurityEventToken> sets(JsonObject answer) throws MalformedException {
      var issuer =
          new TrustedIssuer(
              pair.ras(),
              (keyId, algorithm) -> pair.rasKeys.published().find(keyId, algorithm),
              Set.of(SigningAlgorithm.ES256));
      var terms =
          new SecurityEventTokenValidator.Terms(ClockSkew.DEFAULT, Duration.ofMinutes(5), false);
      var validator = new SecurityEventTokenValidator(issuer, CLIENT, terms, pair.clock);
      var sets = answer.object("sets").orElseThrow();
      var tokens = new HashMap<String, SecurityEventToken>();
      for (var id : sets.names()) {
        if (validator.judge(sets.string(id).orElseThrow())
            instanceof SignalVerdict.Accepted(var token)) {
          assertThat(token.id()).isEqualTo(id);
          tokens.put(id, token);
        }
      }
      assertThat(tokens.keySet()).isEqualTo(sets.names());
      return tokens;
    }

    /// Takes everything until there is no more.
    private List<SecurityEventToken> drained(String stream) throws MalformedException {
      var all = new ArrayList<SecurityEventToken>();
      List<String> has = List.of();
      while (true) {
        var answer = poll(stream, has);
        var sets = sets(answer);
        all.addAll(sets.values());
        has = List.copyOf(sets.keySet());
        if (has.isEmpty() && !answer.bool("moreAvailable").orElseThrow()) {
          return all;
        }
      }
    }

    @Test
    @DisplayName("SSF-10: the configuration says where everything is")
    void metadata() throws Exception {
      var json = Http.get(at("/.well-known/ssf-configuration"), Map.of()).json();

      assertThat(json.string("issuer")).contains(pair.ras().value());
      assertThat(json.strings("delivery_methods_supported").orElseThrow())
          .containsExactly("urn:ietf:rfc:8936");
      assertThat(json.string("configuration_endpoint")).contains(at("/events/streams").toString());
    }

    @Test
    @DisplayName(
        "SSF-30: a disabled person is a session-revoked about iss and sub, signed for the client")
    void session_revoked() throws Exception {
      var alice = pair.person("alice", "engineering");
      new Desk(pair).accessToken("alice", World.LINEAR);
      var stream = begun();
      assertThat(drained(stream)).isEmpty();

      pair.happened(alice, Happening.DISABLED);

      assertThat(drained(stream))
          .filteredOn(token -> token.subject() instanceof SubjectIdentifier.IssuerSubject)
          .singleElement()
          .satisfies(token -> {
            assertThat(token.event()).isInstanceOf(CaepEvent.SessionRevoked.class);
            assertThat(((SubjectIdentifier.IssuerSubject) token.subject()).issuer())
                .isEqualTo(pair.ras().value());
          });
    }

    @Test
    @DisplayName("RFC 8936 §2.4: what is not acknowledged comes again, under the same id")
    void again() throws Exception {
      var alice = pair.person("alice", "engineering");
      var stream = begun();
      drained(stream);
      pair.happened(alice, Happening.DISABLED);

      var first = sets(poll(stream, List.of())).keySet();
      var second = sets(poll(stream, List.of("unknown"))).keySet();

      assertThat(first).isNotEmpty().isEqualTo(second);
      assertThat(sets(poll(stream, List.copyOf(first)))).isEmpty();
    }

    @Test
    @DisplayName("maxEvents 0 only acknowledges; fewer than there are leave the rest for later")
    void max_events() throws Exception {
      for (int i = 0; i < 3; i++) {
        pair.happened(pair.person("person-" + i, "engineering"), Happening.DISABLED);
      }
      var stream = begun();
      var one = JsonObject.builder().put("maxEvents", 1).build();
      var none = JsonObject.builder().put("maxEvents", 0).build();

      var answer = post("/events/poll/" + stream, one).json();

      assertThat(sets(answer)).hasSize(1);
      assertThat(answer.bool("moreAvailable")).contains(true);
      assertThat(sets(post("/events/poll/" + stream, none).json())).isEmpty();
      assertThat(drained(stream).stream().map(SecurityEventToken::id).distinct().count())
          .isGreaterThanOrEqualTo(3);
    }

    @Test
    @DisplayName("A thousand denials come in parts, each once, also when another comes meanwhile")
    void many() throws Exception {
      pair.database.write(connection -> {
        for (int i = 0; i < 1_000; i++) {
          try (var insert =
              connection.prepareStatement(
                  "INSERT INTO deny (kind, value, before, forget_after, reason, created_at)"
                      + " VALUES ('GRANT', ?, ?, ?, 'a test', 0)")) {
            insert.setString(1, "grant-" + i);
            insert.setLong(2, pair.clock.instant().toEpochMilli());
            insert.setLong(3, pair.clock.instant().plusSeconds(3_600).toEpochMilli());
            insert.executeUpdate();
          }
        }
        return 0;
      });
      var stream = begun();
      var first = sets(poll(stream, List.of()));
      pair.happened(pair.person("alice", "engineering"), Happening.DISABLED);

      var all = new ArrayList<>(first.values());
      var none = JsonObject.builder().put("maxEvents", 0).put("ack", List.copyOf(first.keySet()));
      assertThat(post("/events/poll/" + stream, none.build()).status()).isEqualTo(200);
      all.addAll(drained(stream));

      assertThat(all.stream().map(SecurityEventToken::id).distinct().count())
          .isGreaterThanOrEqualTo(1_001);
      assertThat(all)
          .filteredOn(token -> token.subject().toJson().toJson().contains("grant-"))
          .extracting(SecurityEventToken::id)
          .doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("A request is held until something happens, as long as the receiver prefers")
    void long_polling() throws Exception {
      var alice = pair.person("alice", "engineering");
      var stream = begun();
      drained(stream);
      var headers = new HashMap<>(Desk.basic(CLIENT));
      headers.put("Prefer", "wait=15");
      var waiting =
          CompletableFuture.supplyAsync(
              () -> post("/events/poll/" + stream, JsonObject.EMPTY, headers));

      pair.happened(alice, Happening.DISABLED);

      assertThat(sets(waiting.get(10, TimeUnit.SECONDS).json())).isNotEmpty();
      headers.put("Prefer", "wait=0");
      drained(stream);
      var nothing = post("/events/poll/" + stream, JsonObject.EMPTY, headers);
      assertThat(sets(nothing.json())).isEmpty();
    }

    @Test
    @DisplayName("SSF-14: a verification comes back with its state")
    void verification() throws Exception {
      var stream = begun();
      drained(stream);
      var asked =
          JsonObject.builder().put("stream_id", stream).put("state", "are you there").build();

      assertThat(post("/events/verification", asked).status()).isEqualTo(204);

      assertThat(drained(stream))
          .singleElement()
          .satisfies(token ->
              assertThat(token.event().toJson().string("state")).contains("are you there"));
    }

    private void stop(Subject thing) {
      report(thing, Happening.DISABLED);
    }

    private void report(Subject thing, Happening what) {
      pair.revocation.report(Source.of(Source.Kind.ADMIN), thing, what, "a test", "test");
    }

    @Test
    @DisplayName(
        "SSF-2: stopped, let go and stopped again is told three times, each under its own id")
    void stopped_again() throws Exception {
      var client = new Subject.Client(pair.ras(), new ClientId("desk-ras"));
      var stream = begun();
      drained(stream);
      var ids = new ArrayList<String>();
      for (var what : List.of(Happening.DISABLED, Happening.ENABLED, Happening.DISABLED)) {
        report(client, what);
        pair.clock.advance(Duration.ofSeconds(2));
        drained(stream).forEach(token -> ids.add(token.id()));
      }

      assertThat(ids).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("A stopped client and a stopped connector are told of, of its own resources only")
    void things() throws Exception {
      var stream = begun();
      var other = Desk.basic("notion-server");
      var theirs = post("/events/streams", JsonObject.EMPTY, other).text("stream_id");
      stop(new Subject.Client(pair.ras(), new ClientId("desk-ras")));
      stop(new Subject.Connector(World.LINEAR));

      var subjects =
          drained(stream).stream().map(token -> token.subject().toJson().toJson()).toList();

      assertThat(subjects)
          .anyMatch(text -> text.contains("\"application\"") && text.contains("desk-ras"))
          .anyMatch(text -> text.contains("\"resource\"") && text.contains("linear.example"));
      var told =
          post(
                  "/events/poll/" + theirs,
                  JsonObject.builder().put("returnImmediately", true).build(),
                  other)
              .body();
      assertThat(told).doesNotContain("linear");
    }

    @Test
    @DisplayName("A stream is begun, read, ended; its client's alone")
    void configuration() throws Exception {
      var stream = begun();
      var url = at("/events/streams?stream_id=" + stream);

      var document = Http.get(url, Desk.basic(CLIENT)).json();
      assertThat(document.string("aud")).contains(CLIENT);
      assertThat(document.integer("inactivity_timeout")).contains(3_600L);
      assertThat(Http.get(at("/events/streams"), Desk.basic(CLIENT)).body()).contains(stream);
      assertThat(
              Http.get(at("/events/status?stream_id=" + stream), Desk.basic(CLIENT))
                  .json()
                  .string("status"))
          .contains("enabled");

      var stranger = Desk.basic("notion-server");
      assertThat(Http.get(url, stranger).status()).isEqualTo(404);
      assertThat(post("/events/poll/" + stream, JsonObject.EMPTY, stranger).status())
          .isEqualTo(404);
      assertThat(Http.delete(url, stranger).status()).isEqualTo(404);

      assertThat(Http.delete(url, Desk.basic(CLIENT)).status()).isEqualTo(204);
      assertThat(Http.get(url, Desk.basic(CLIENT)).status()).isEqualTo(404);
    }

    @Test
    @DisplayName("SSF-12: a stream works until it is deleted; nobody may pause or disable it")
    void status() {
      var stream = begun();
      var changes = Map.of("enabled", 200, "paused", 403, "disabled", 403, "broken", 400, "", 400);
      changes.forEach((status, expected) ->
          assertThat(post("/events/status", change(stream, status), Desk.basic(CLIENT)).status())
              .as(status)
              .isEqualTo(expected));
      var enabled = change(stream, "enabled");
      assertThat(post("/events/status", enabled, Desk.basic("notion-server")).status())
          .isEqualTo(404);
      assertThat(post("/events/status", enabled, Map.of()).status()).isEqualTo(401);
      assertThat(
              Http.get(at("/events/status?stream_id=" + stream), Desk.basic(CLIENT)).text("status"))
          .isEqualTo("enabled");
    }

    private static JsonObject change(String stream, String status) {
      return JsonObject.builder().put("stream_id", stream).put("status", status).build();
    }

    @Test
    @DisplayName("SSF-16: whoever is no resource server gets nothing")
    void strangers() {
      var none = post("/events/streams", JsonObject.EMPTY, Map.of());
      assertThat(none.status()).isEqualTo(401);
      assertThat(none.header("WWW-Authenticate").orElseThrow()).startsWith("Basic");
      assertThat(post("/events/streams", JsonObject.EMPTY, Desk.basic("desk-ras")).status())
          .isEqualTo(403);
      var wrong = Map.of("Authorization", "Basic bGluZWFyLXNlcnZlcjp3cm9uZw==");
      assertThat(post("/events/streams", JsonObject.EMPTY, wrong).status()).isEqualTo(401);
    }

    @Test
    @DisplayName("What cannot be is refused with what is wrong")
    void bad_input() {
      var push =
          JsonObject.builder()
              .put("delivery", JsonObject.builder().put("method", "urn:ietf:rfc:8935").build())
              .build();
      assertThat(post("/events/streams", push).body()).contains("fetched here");
      var bound = JsonObject.builder().put("stale_after", 3_600).build();
      assertThat(post("/events/streams", bound).status()).isEqualTo(400);
      var stream = begun();
      var negative = JsonObject.builder().put("maxEvents", -1).build();
      assertThat(post("/events/poll/" + stream, negative).status()).isEqualTo(400);
      assertThat(post("/events/poll/unknown", JsonObject.EMPTY).status()).isEqualTo(404);
      assertThat(
              Http.post(at("/events/poll/" + stream), "application/json", "no", Desk.basic(CLIENT))
                  .status())
          .isEqualTo(400);
    }
  }
}
