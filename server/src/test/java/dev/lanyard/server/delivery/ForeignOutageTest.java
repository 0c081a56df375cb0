package dev.lanyard.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.keys.KeySafe;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.pair.FreePort;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.receipts.Receipt;
import dev.lanyard.server.receipts.ReceiptDesk;
import dev.lanyard.server.receipts.ReceiptRequests;
import dev.lanyard.server.receipts.ReceiptVerdict;
import dev.lanyard.server.receipts.Receipts;
import dev.lanyard.server.revocation.Denial;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.signals.Signals;
import dev.lanyard.server.signals.SignalsConfig;
import dev.lanyard.server.signals.outbound.RevocationTarget;
import dev.lanyard.server.token.Platform;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The endpoint is a real one, the courier and its HTTP client are the product's; only the pauses
/// between attempts are short.
@DisplayName("DPR-5: an endpoint outside is down, hangs, breaks down and comes back")
class ForeignOutageTest {
  private static final DeliveryConfig SHORT =
      new DeliveryConfig(
          Duration.ofMillis(50),
          Duration.ofMillis(500),
          Duration.ofHours(1),
          1_000,
          Duration.ofSeconds(60),
          Duration.ofDays(1),
          Duration.ofMillis(20));

  @TempDir Path folder;

  private final List<AutoCloseable> open = new ArrayList<>();
  private final Queue<String> told = new ConcurrentLinkedQueue<>();
  private final int port = FreePort.next();
  private Pair pair;
  private Outbox outbox;

  @BeforeEach
  void start() throws IOException {
    pair = Pair.start(Setup.usual(folder), folder);
    open.add(pair);
    outbox = new Outbox(pair.database, (_, _, _) -> {}, pair.clock);
    var url = URI.create("http://127.0.0.1:" + port + "/revoke");
    var target =
        new RevocationTarget(
            "vendor",
            url,
            new RevocationTarget.Proof.Token(new Secret("agreed-on-with-the-vendor")),
            RevocationTarget.Format.EMAIL);
    var config = new SignalsConfig(List.of(), Optional.empty(), List.of(), List.of(target));
    var identity = new Signals.Identity(pair.broker(), World.ORGANISATION, "broker", Set.of());
    pair.revocation.tells(Signals.downstream(identity, config, pair.directory, outbox));
    var points = new EnforcementPoints(pair.database, Denial.CHANGE, pair.clock);
    pair.revocation.tells(new ReceiptRequests(pair.database.changes(), outbox));
    var parts =
        new Signals.Parts(
            pair.directory,
            ClientRegistry.open(Files.writeString(folder.resolve("none.yaml"), "clients: []")),
            pair.revocation,
            outbox,
            KeySafe.of(MasterKey.load(pair.setup().shared().resolve("master.key"))));
    var signals = new Signals(identity, config, parts, impatient());
    open.add(signals);
    var couriers = new HashMap<String, Courier>(signals.couriers());
    var sources =
        new ReceiptDesk.Sources(
            pair.database, pair.ras().value(), points, outbox, pair.receiptKeys());
    couriers.put(
        ReceiptDesk.KIND,
        new ReceiptDesk(
            sources,
            pair,
            (_, _) -> List.of(),
            pair.stragglers(),
            pair.revocation.denied(),
            pair.clock));
    open.add(Dispatcher.start(pair.database, couriers, (_, _, _) -> {}, SHORT, pair.clock));
  }

  /// Waits a second for an answer instead of ten.
  private Platform impatient() {
    var usual = pair.platform();
    return new Platform(
        usual.database(),
        new EgressClient(
            EgressPolicy.strict().exposingLoopback().limitedTo(Duration.ofSeconds(1), 10_000)),
        usual.skew(),
        usual.strangers(),
        usual.tally(),
        usual.clock());
  }

  @AfterEach
  void stop() throws Exception {
    for (var one : open.reversed()) {
      one.close();
    }
  }

  private InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /// Takes connections and requests, and says nothing.
  private ServerSocket hanging(AtomicInteger taken) throws IOException {
    var socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(address());
    Thread.ofVirtual()
        .start(() -> {
          var held = new ArrayList<Socket>();
          try {
            while (true) {
              held.add(socket.accept());
              taken.incrementAndGet();
            }
          } catch (SocketException e) {
            // Closed by the test; whoever waits on one of these is left alone as well.
            held.forEach(ForeignOutageTest::cut);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    return socket;
  }

  private static void cut(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// What was there before lets go of the port a moment after it was closed.
  private HttpServer bound() throws IOException, InterruptedException {
    for (int i = 0; i < 500; i++) {
      try {
        return HttpServer.create(address(), 0);
      } catch (BindException e) {
        Thread.sleep(20);
      }
    }
    throw new AssertionError("the port stays taken");
  }

  private HttpServer answering(int status) throws IOException, InterruptedException {
    var server = bound();
    server.createContext(
        "/revoke",
        exchange -> {
          var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          if (status == 204) {
            told.add(body);
          }
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  private List<Letter> letters() {
    return outbox.causedBy("test").stream()
        .filter(one -> !one.delivery().kind().equals(ReceiptDesk.KIND))
        .toList();
  }

  private void awaitAll(String what, Predicate<String> answer) {
    Soon.until(
        what,
        () -> {
          // As fast as everybody's, so that no lease runs out before its time.
          pair.clock.advance(Duration.ofMillis(10));
          return letters().stream().allMatch(one -> one.answer().filter(answer).isPresent());
        });
  }

  private List<Receipt> receipts() {
    return new Receipts(pair.database).newest(Optional.empty(), 10);
  }

  private JsonObject account(Receipt receipt) {
    var verdict = ReceiptVerdict.of(receipt.signed().orElseThrow(), pair.receiptKeys().published());
    assertThat(verdict).isInstanceOf(ReceiptVerdict.Genuine.class);
    return ((ReceiptVerdict.Genuine) verdict).account();
  }

  private void assertNothingIsLost() {
    assertThat(letters()).hasSize(3).allMatch(one -> one.state() == Letter.State.WAITING);
    assertThat(receipts()).noneMatch(Receipt::isFinal);
    assertThat(told).isEmpty();
  }

  @Test
  @DisplayName("it is told of everybody when it is back, and the receipts tell it")
  void down_hanging_broken_and_back() throws Exception {
    var people = new ArrayList<Person>();
    for (var name : List.of("alice", "bob", "carl")) {
      people.add(pair.person(name, "engineering"));
    }

    people.forEach(person -> pair.happened(person, Happening.DISABLED));

    awaitAll("connection refused", answer -> answer.contains("ConnectException"));
    assertNothingIsLost();
    var taken = new AtomicInteger();
    try (var hanging = hanging(taken)) {
      assertThat(hanging.isBound()).isTrue();
      awaitAll("no answer in time", answer -> answer.contains("no whole answer"));
      assertThat(taken.get()).isGreaterThanOrEqualTo(3);
      assertNothingIsLost();
    }
    var broken = answering(503);
    awaitAll("503", answer -> answer.equals("status 503"));
    assertNothingIsLost();
    for (var receipt : receipts()) {
      assertThat(receipt.reach().orElseThrow().withoutReach()).hasSize(1);
    }
    broken.stop(0);

    var back = answering(204);
    awaitAll("204", answer -> answer.equals("status 204"));
    Soon.until(() -> {
      pair.clock.advance(Duration.ofMillis(10));
      return receipts().stream().allMatch(Receipt::isFinal);
    });
    back.stop(0);

    for (var name : List.of("alice", "bob", "carl")) {
      assertThat(told).anyMatch(body -> body.contains(name));
    }
    assertThat(receipts()).hasSize(3).allMatch(Receipt::isFinal);
    for (var receipt : receipts()) {
      assertThat(receipt.reach().orElseThrow().withoutReach()).isEmpty();
      var letters = account(receipt).objects("told").orElseThrow();
      assertThat(letters).hasSize(1);
      assertThat(letters.getFirst().string("state")).contains("delivered");
      assertThat(letters.getFirst().string("answer")).contains("status 204");
      assertThat(letters.getFirst().integer("attempts").orElseThrow()).isGreaterThan(3);
    }
  }
}
