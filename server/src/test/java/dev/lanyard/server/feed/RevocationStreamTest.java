package dev.lanyard.server.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.resourceserver.Verdict;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.delivery.EnforcementPoints;
import dev.lanyard.server.pair.Cable;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.Subscribed;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Denial;
import dev.lanyard.server.revocation.Happening;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RS-13: resource servers learn of a kill by the revocation stream, over real HTTP")
@Tag("thorough")
class RevocationStreamTest {
  private static final Duration BOUND = Duration.ofMillis(1_500);
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path folder;

  private final List<AutoCloseable> open = new ArrayList<>();
  private Pair pair;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    open.add(pair);
  }

  @AfterEach
  void stop() throws Exception {
    for (var one : open.reversed()) {
      one.close();
    }
  }

  private Subscribed subscribed(int port) throws InterruptedException {
    var server = new Subscribed(pair, port, "linear-server", BOUND);
    open.add(server);
    assertThat(server.stream.awaitFresh(SOON)).as("%s", server.stream.state()).isTrue();
    return server;
  }

  private static int portOf(Pair pair) {
    return URI.create(pair.ras().value()).getPort();
  }

  private Cable cable() {
    var cable = new Cable(portOf(pair));
    open.add(cable);
    return cable;
  }

  private static boolean isAdmitted(Verdict verdict) {
    return verdict instanceof Verdict.Admitted;
  }

  private static boolean isRevoked(Verdict verdict) {
    return verdict instanceof Verdict.Refused;
  }

  @Test
  void the_next_call_of_a_disabled_person_is_refused_and_nobody_elses() throws Exception {
    var alice = pair.person("alice", "engineering");
    pair.person("bob", "engineering");
    var desk = new Desk(pair);
    var hers = desk.accessToken("alice", World.LINEAR);
    var his = new Desk(pair).accessToken("bob", World.LINEAR);
    var server = subscribed(portOf(pair));
    assertThat(isAdmitted(server.call(hers))).isTrue();

    pair.happened(alice, Happening.DISABLED);

    Soon.until(() -> isRevoked(server.call(hers)));
    assertThat(isAdmitted(server.call(his))).isTrue();
  }

  @Test
  @DisplayName("DPR-3: who comes back gets new tokens, and no old one lives again")
  void enabled_again() throws Exception {
    var alice = pair.person("alice", "engineering");
    var old = new Desk(pair).accessToken("alice", World.LINEAR);
    var server = subscribed(portOf(pair));
    pair.happened(alice, Happening.DISABLED);
    Soon.until(() -> isRevoked(server.call(old)));

    pair.happened(alice, Happening.ENABLED);
    pair.clock.advance(Duration.ofSeconds(2));
    var fresh = new Desk(pair).accessToken("alice", World.LINEAR);

    assertThat(isAdmitted(server.call(fresh))).isTrue();
    assertThat(isRevoked(server.call(old))).isTrue();
  }

  @Test
  void whoever_was_disabled_before_the_stream_began_is_in_its_snapshot() throws Exception {
    var alice = pair.person("alice", "engineering");
    var token = new Desk(pair).accessToken("alice", World.LINEAR);
    pair.happened(alice, Happening.DISABLED);

    assertThat(isRevoked(subscribed(portOf(pair)).call(token))).isTrue();
  }

  @Test
  @DisplayName("A stream that is cut comes back by itself and misses nothing")
  void cut() throws Exception {
    var alice = pair.person("alice", "engineering");
    var token = new Desk(pair).accessToken("alice", World.LINEAR);
    var cable = cable();
    var server = subscribed(cable.port());
    for (int i = 0; i < 3; i++) {
      cable.cut();
      Soon.until(() -> server.stream.state().fault().isEmpty());
    }
    assertThat(isAdmitted(server.call(token))).isTrue();

    cable.cut();
    pair.happened(alice, Happening.DISABLED);

    Soon.until(() -> isRevoked(server.call(token)));
  }

  @ParameterizedTest
  @DisplayName("Without the server calls are refused with 503 within the bound, until it is back")
  @ValueSource(booleans = {false, true})
  void down(boolean silently) throws Exception {
    var alice = pair.person("alice", "engineering");
    pair.person("bob", "engineering");
    var hers = new Desk(pair).accessToken("alice", World.LINEAR);
    var his = new Desk(pair).accessToken("bob", World.LINEAR);
    var cable = cable();
    var server = subscribed(cable.port());
    if (silently) {
      cable.hold();
    } else {
      cable.unplug();
    }
    long killed = System.nanoTime();
    pair.happened(alice, Happening.DISABLED);

    Soon.until(() -> server.call(his) instanceof Verdict.Unavailable);
    long admitted = isAdmitted(server.call(hers)) ? System.nanoTime() : killed;
    assertThat(Duration.ofNanos(admitted - killed)).isLessThanOrEqualTo(BOUND);
    assertThat(server.stream.state().fresh()).isFalse();
    Soon.until(() -> server.stream.state().fault().isPresent());
    cable.plugInto(portOf(pair));

    Soon.until(() -> isAdmitted(server.call(his)));
    assertThat(isRevoked(server.call(hers))).isTrue();
  }

  @Test
  @DisplayName("A server that is restarted elsewhere goes on where the old one ended")
  void restart() throws Exception {
    var alice = pair.person("alice", "engineering");
    var token = new Desk(pair).accessToken("alice", World.LINEAR);
    var cable = cable();
    var server = subscribed(cable.port());
    var next = Pair.start(pair.setup().beside(pair), folder.resolve("next"));
    open.add(next);
    next.happened(alice, Happening.DISABLED);
    cable.plugInto(next.port("ras"));

    Soon.until(() -> isRevoked(server.call(token)));
    Soon.until(() -> server.stream.state().fresh());
  }

  @Test
  @DisplayName("A node that was started after the kill tells it to a listener that knows less")
  void a_node_that_was_started_after_the_kill() throws Exception {
    var alice = pair.person("alice", "engineering");
    var bob = pair.person("bob", "engineering");
    var token = new Desk(pair).accessToken("alice", World.LINEAR);
    pair.happened(bob, Happening.DISABLED);
    var cable = cable();
    var server = subscribed(cable.port());
    cable.unplug();
    pair.happened(alice, Happening.DISABLED);
    // It has loaded the denial, and so has no number for it.
    var next = Pair.start(pair.setup().beside(pair), folder.resolve("next"));
    open.add(next);
    cable.plugInto(next.port("ras"));

    Soon.until(() -> isRevoked(server.call(token)));
    Soon.until(() -> server.stream.state().fresh());
    assertThat(isRevoked(server.call(token))).isTrue();
  }

  @Test
  void two_nodes_one_kills_and_those_who_listen_at_the_other_refuse() throws Exception {
    var setup = Setup.on(TestDatabases.postgres(), folder);
    try (var one = Pair.start(setup, folder.resolve("one"));
        var two = Pair.start(setup.beside(one), folder.resolve("two"))) {
      var alice = one.person("alice", "engineering");
      var token = new Desk(one).accessToken("alice", World.LINEAR);
      try (var server = new Subscribed(one, two.port("ras"), "linear-server", BOUND)) {
        assertThat(server.stream.awaitFresh(SOON)).isTrue();
        assertThat(isAdmitted(server.call(token))).isTrue();

        one.happened(alice, Happening.DISABLED);

        Soon.until(() -> isRevoked(server.call(token)));
      }
    }
  }

  @Test
  @DisplayName("A failover that took kills back hides none that has their number now")
  void a_failover_that_took_kills_back() throws Exception {
    var config = TestDatabases.postgres();
    var setup = Setup.on(config, folder);
    try (var one = Pair.start(setup, folder.resolve("one"))) {
      var alice = one.person("alice", "engineering");
      var bob = one.person("bob", "engineering");
      var token = new Desk(one).accessToken("alice", World.LINEAR);
      long before = head(one);
      try (var server = new Subscribed(one, one.port("ras"), "linear-server", BOUND)) {
        assertThat(server.stream.awaitFresh(SOON)).isTrue();
        for (int i = 0; i < 5; i++) {
          one.happened(bob, Happening.SESSIONS_REVOKED);
        }
        Soon.until(() -> server.stream.state().sequence() > before);
        one.database.write(connection ->
            new Statements(connection).update("DELETE FROM change WHERE seq > ?", before));
        // It was started on what the new primary has, and is the first that it lets in.
        try (var two = Pair.start(setup.beside(one), folder.resolve("two"))) {
          two.happened(alice, Happening.DISABLED);
          assertThat(head(two)).as("a number that was given before").isLessThan(before + 5);
          assertThat(isAdmitted(server.call(token))).as("it cannot know").isTrue();

          TestDatabases.outage(config).close();

          Soon.until(() -> isRevoked(server.call(token)));
          Soon.until(() -> server.stream.state().fresh());
        }
      }
    }
  }

  private static long head(Pair pair) {
    return pair.database.read(connection ->
        new Statements(connection)
            .first("SELECT MAX(seq) FROM change", row -> row.getLong(1))
            .orElseThrow());
  }

  @Test
  void many_listen_and_each_refuses() throws Exception {
    var alice = pair.person("alice", "engineering");
    var token = new Desk(pair).accessToken("alice", World.LINEAR);
    var servers = new ArrayList<Subscribed>();
    for (int i = 0; i < 30; i++) {
      servers.add(subscribed(portOf(pair)));
    }

    pair.happened(alice, Happening.DISABLED);

    for (var server : servers) {
      Soon.until(() -> isRevoked(server.call(token)));
    }
  }

  @Test
  @DisplayName("A listener that stops reading keeps nobody waiting")
  void slow_listener() throws Exception {
    var alice = pair.person("alice", "engineering");
    var token = new Desk(pair).accessToken("alice", World.LINEAR);
    try (var slow = raw("linear-server", "")) {
      var server = subscribed(portOf(pair));
      for (int i = 0; i < 200; i++) {
        pair.happened(alice, Happening.SESSIONS_REVOKED);
      }
      pair.happened(alice, Happening.DISABLED);

      Soon.until(() -> isRevoked(server.call(token)));
      assertThat(slow.isClosed()).isFalse();
    }
  }

  private Socket raw(String client, String header) throws Exception {
    var socket = new Socket(InetAddress.getLoopbackAddress(), portOf(pair));
    socket.setSoTimeout(10_000);
    var body = "subscriber=a-process-of-the-server";
    var head =
        "POST /revocation-stream HTTP/1.1\r\nHost: x\r\n"
            + "Authorization: "
            + Desk.basic(client).get("Authorization")
            + "\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + header
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n";
    socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String read(Socket socket, String until) throws Exception {
    var reader =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    var text = new StringBuilder();
    for (var line = reader.readLine(); line != null; line = reader.readLine()) {
      text.append(line).append('\n');
      if (line.contains(until)) {
        break;
      }
    }
    return text.toString();
  }

  @Test
  @DisplayName("The stream tells marks, not people")
  void no_personal_data() throws Exception {
    var alice = pair.person("alice", "engineering");
    pair.happened(alice, Happening.DISABLED);
    try (var socket = raw("linear-server", "")) {
      var told = read(socket, "heartbeat");

      assertThat(told)
          .contains("event: snapshot", "\"kind\":\"person\"", "\"complete\":true")
          .doesNotContain(alice.id().value(), "alice", "acme");
    }
  }

  @Test
  @DisplayName("Last-Event-ID: only what came after it; of another record, everything")
  void resumption() throws Exception {
    var alice = pair.person("alice", "engineering");
    var bob = pair.person("bob", "engineering");
    pair.happened(alice, Happening.DISABLED);
    long seen = points().head();
    pair.happened(bob, Happening.DISABLED);
    long head = points().head();

    try (var socket = raw("linear-server", "Last-Event-ID: " + seen + "\r\n")) {
      var told = read(socket, "heartbeat");
      assertThat(told).contains("id: " + head).doesNotContain("\"sequence\":" + seen);
    }
    try (var socket = raw("linear-server", "Last-Event-ID: 999999\r\n")) {
      assertThat(read(socket, "heartbeat")).contains("\"complete\":true", "id: " + head);
    }
    try (var socket = raw("linear-server", "Last-Event-ID: -1; DROP\r\n")) {
      assertThat(read(socket, "heartbeat")).contains("\"complete\":true");
    }
  }

  private EnforcementPoints points() {
    return new EnforcementPoints(pair.database, Denial.CHANGE, pair.clock);
  }

  @ParameterizedTest
  @DisplayName("Only a resource server that proves itself may listen")
  @ValueSource(strings = {"desk-ras", "nobody", "open-ras"})
  void others_are_refused(String client) {
    var url = URI.create(pair.ras().value() + "/revocation-stream");
    var form = Form.builder().add("subscriber", "a-process-of-the-server").build();
    var headers = client.equals("open-ras") ? Map.<String, String>of() : Desk.basic(client);

    var answer = Http.post(url, form, headers);

    assertThat(answer.status()).isBetween(400, 401);
    assertThat(pair.audit(answer.text("correlation_id"))).contains("refused");
  }

  @ParameterizedTest
  @DisplayName("An acknowledgement in another form is refused")
  @ValueSource(
      strings = {
        "sequence=0&stale_after=1000",
        "subscriber=short&sequence=0&stale_after=1000",
        "subscriber=a-process-of-the-server&sequence=-1&stale_after=1000",
        "subscriber=a-process-of-the-server&sequence=0&stale_after=9999999",
        "subscriber=a-process-of-the-server&sequence=99999999999999999999&stale_after=1000"
      })
  void malformed_acknowledgements(String body) {
    var url = URI.create(pair.ras().value() + "/revocation-stream/acknowledgement");

    var answer =
        Http.post(url, "application/x-www-form-urlencoded", body, Desk.basic("linear-server"));

    assertThat(answer.status()).isEqualTo(400);
  }

  @Test
  @DisplayName("Who acknowledges what has not happened is taken to know what has")
  void an_acknowledgement_from_the_future() {
    var alice = pair.person("alice", "engineering");
    pair.happened(alice, Happening.DISABLED);
    var url = URI.create(pair.ras().value() + "/revocation-stream/acknowledgement");

    var answer =
        Http.post(
            url,
            "application/x-www-form-urlencoded",
            "subscriber=a-process-of-the-server&sequence=99999&stale_after=1000",
            Desk.basic("linear-server"));

    long head = points().head();
    assertThat(answer.body()).isEqualTo("{\"sequence\":" + head + "}");
    assertThat(points().of(head, Instant.EPOCH).getFirst().sequence()).isEqualTo(head);
  }

  @Test
  void whoever_ends_in_order_is_not_waited_for() throws Exception {
    var server = subscribed(portOf(pair));
    assertThat(points().of(0, Instant.EPOCH)).hasSize(1);

    server.close();

    assertThat(points().of(0, Instant.EPOCH)).isEmpty();
    assertThat(server.stream.state().fresh()).isFalse();
  }
}
