package dev.lanyard.server.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.export.ExportConfig.Place;
import dev.lanyard.server.export.ExportConfig.Target;
import dev.lanyard.server.http.TestCertificate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Files, syslog over TLS and HTTP collectors, which rotate, die, hang and refuse")
class SinksTest {
  private static final TestCertificate CERTIFICATE = TestCertificate.ec("siem");
  private static final Issuer SELF = new Issuer("https://broker.example");

  static List<AuditRecord> records(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i ->
            new AuditRecord(
                i,
                AuditEvent.of(
                    "token.redeem",
                    Outcome.SUCCESS,
                    Instant.parse("2026-11-23T09:00:00.250Z"),
                    "request-" + i,
                    JsonObject.EMPTY)))
        .toList();
  }

  private static Sink sink(Target target, X509Certificate... trusted) {
    return Exports.sink(
        new Place("siem", Format.JSON, target),
        SELF,
        EgressPolicy.strict().exposingLoopback().trusting(List.of(trusted)));
  }

  /// As the exporter does.
  private static int halvedUntilItArrives(Sink sink) throws IOException {
    for (int many = 2_000; many > 0; many /= 2) {
      try {
        sink.send(records(0, many));
        return many;
      } catch (TookTooLongException e) {
        assertThat(e).hasMessageContaining("too long for " + many + " records");
      }
    }
    throw new AssertionError("nothing arrives");
  }

  @Nested
  @DisplayName("A file")
  class AFile {
    @TempDir Path folder;

    private Path path() {
      return folder.resolve("new/audit.jsonl");
    }

    @Test
    void may_be_renamed_at_any_time() throws IOException {
      var sink = sink(new Target.File(path()));
      sink.send(records(1, 3));
      Files.move(path(), folder.resolve("audit.1"));
      sink.send(records(3, 4));
      assertThat(Files.readAllLines(folder.resolve("audit.1"))).hasSize(2);
      assertThat(Files.readAllLines(path())).singleElement().asString().contains("request-3");
    }

    @Test
    void is_made_for_its_owner_alone_and_keeps_the_rights_that_whatever_rotates_gave_it()
        throws IOException {
      var sink = sink(new Target.File(path()));
      sink.send(records(1, 2));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
          .isEqualTo("rw-------");
      Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("rw-r-----"));
      sink.send(records(2, 3));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
          .isEqualTo("rw-r-----");
    }

    @Test
    @DisplayName("a line that somebody died in is ended, and the record comes again whole")
    void torn() throws IOException, MalformedException {
      var sink = sink(new Target.File(path()));
      sink.send(records(1, 2));
      Files.writeString(path(), "{\"sequence\":2,\"at", StandardOpenOption.APPEND);
      sink.send(records(2, 3));
      var lines = Files.readAllLines(path());
      assertThat(lines).hasSize(3);
      assertThat(JsonObject.parse(lines.get(2)).integer("sequence")).contains(2L);
    }

    @Test
    @DisplayName("on a full disk has got nothing: what it lacks comes when there is room")
    void full() throws IOException {
      assertThatThrownBy(() -> sink(new Target.File(Path.of("/dev/full"))).send(records(1, 2)))
          .isInstanceOf(IOException.class);
    }

    @Test
    void that_cannot_be_written_is_a_failure() throws IOException {
      Files.createDirectories(path());
      assertThatThrownBy(() -> sink(new Target.File(path())).send(records(1, 2)))
          .isInstanceOf(IOException.class);
    }
  }

  @Nested
  @DisplayName("RFC 5425: syslog over TLS")
  class Syslog {
    private final List<String> received = Collections.synchronizedList(new ArrayList<>());
    private SSLServerSocket listener;

    private enum Receiver {
      GOOD,
      SLOW,
      NEVER_READS
    }

    private Sink started(Receiver kind) throws IOException {
      listener =
          (SSLServerSocket)
              CERTIFICATE
                  .serve()
                  .getServerSocketFactory()
                  .createServerSocket(0, 5, InetAddress.getByName("localhost"));
      Thread.ofVirtual().start(() -> serve(kind));
      return sink(
          new Target.Syslog("localhost", listener.getLocalPort()), CERTIFICATE.certificate());
    }

    private void serve(Receiver kind) {
      while (true) {
        try {
          var socket = (SSLSocket) listener.accept();
          socket.startHandshake();
          if (kind == Receiver.NEVER_READS) {
            continue;
          }
          if (kind == Receiver.SLOW) {
            readSlowly(socket);
            continue;
          }
          var all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
          received.add(all);
          socket.close();
        } catch (IOException e) {
          if (listener.isClosed()) {
            return;
          }
        }
      }
    }

    /// A kilobyte in 20 milliseconds.
    private void readSlowly(SSLSocket socket) {
      Thread.ofVirtual()
          .start(() -> {
            try (socket) {
              var in = socket.getInputStream();
              var all = new ByteArrayOutputStream();
              var some = in.readNBytes(1024);
              while (some.length > 0) {
                all.write(some);
                Thread.sleep(20);
                some = in.readNBytes(1024);
              }
              received.add(all.toString(StandardCharsets.UTF_8));
            } catch (IOException | InterruptedException e) {
              // We were not waited for.
            }
          });
    }

    @Test
    @DisplayName("a slow receiver is said to be slow, and gets fewer records until they arrive")
    void slow() throws IOException {
      var _ = started(Receiver.SLOW);
      var sink =
          new SyslogSink(
              new Target.Syslog("localhost", listener.getLocalPort()),
              Format.JSON,
              "broker.example",
              CERTIFICATE.trust(),
              Duration.ofSeconds(1));

      int arrived = halvedUntilItArrives(sink);

      assertThat(arrived).isBetween(2, 600);
      assertThat(received)
          .as("the others were cut off")
          .anyMatch(all -> all.split("lanyard - ", -1).length == arrived + 1);
    }

    @AfterEach
    void stop() throws IOException {
      if (listener != null) {
        listener.close();
      }
    }

    @Test
    @DisplayName("§4.3: each message has its length before it; RFC 5424 §6: and its header")
    void framing() throws IOException {
      var sink = started(Receiver.GOOD);
      sink.send(records(1, 3));
      var rest = received.getFirst();
      for (int i = 1; i < 3; i++) {
        int space = rest.indexOf(' ');
        int length = Integer.parseInt(rest.substring(0, space));
        var message = rest.substring(space + 1, space + 1 + length);
        assertThat(message)
            .startsWith("<110>1 2026-11-23T09:00:00.250Z broker.example lanyard - token.redeem - {")
            .contains("request-" + i)
            .endsWith("}");
        rest = rest.substring(space + 1 + length);
      }
      assertThat(rest).isEmpty();
      sink.send(records(3, 4));
      assertThat(received).hasSize(2);
    }

    @Test
    void a_receiver_that_is_not_there() throws IOException {
      var sink = started(Receiver.GOOD);
      listener.close();
      assertThatThrownBy(() -> sink.send(records(1, 2))).isInstanceOf(IOException.class);
    }

    @Test
    @DisplayName("a receiver that nobody vouches for gets nothing")
    void a_stranger() throws IOException {
      var _ = started(Receiver.GOOD);
      var stranger = TestCertificate.ec("other").certificate();
      var trustingAnother = sink(new Target.Syslog("localhost", listener.getLocalPort()), stranger);
      assertThatThrownBy(() -> trustingAnother.send(records(1, 2))).isInstanceOf(IOException.class);
      assertThat(received).isEmpty();
    }

    @Test
    @DisplayName("a receiver that reads nothing is cut off, and what was written counts nothing")
    void hangs() throws IOException {
      var sink = started(Receiver.NEVER_READS);
      var began = System.nanoTime();
      assertThatThrownBy(() -> sink.send(records(1, 20_000))).isInstanceOf(IOException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Positions.TURN);
    }
  }

  @Nested
  @DisplayName("A collector in the manner of Splunk's")
  class Collector {
    private final List<String> bodies = Collections.synchronizedList(new ArrayList<>());
    private final List<String> tokens = Collections.synchronizedList(new ArrayList<>());
    private HttpsServer server;
    private volatile int status = 200;
    private volatile Duration perRecord = Duration.ZERO;

    private Sink started() throws IOException {
      return started(Sink.PATIENCE);
    }

    private Sink started(Duration patience) throws IOException {
      server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), 0), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(CERTIFICATE.serve()));
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext(
          "/services/collector/event",
          exchange -> {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            tokens.add(exchange.getRequestHeaders().getFirst("Authorization"));
            sleep(body.lines().count());
            if (status == 200) {
              bodies.add(body);
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
          });
      server.start();
      var url =
          URI.create(
              "https://localhost:" + server.getAddress().getPort() + "/services/collector/event");
      return new CollectorSink(
          new Target.Collector(url, new Secret("the-token")),
          Format.JSON,
          SELF.value(),
          new EgressClient(
              EgressPolicy.strict()
                  .exposingLoopback()
                  .trusting(List.of(CERTIFICATE.certificate()))),
          patience);
    }

    private void sleep(long records) {
      try {
        Thread.sleep(perRecord.multipliedBy(records));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Test
    @DisplayName("a slow one is said to be slow, and gets fewer records until they arrive")
    void slow() throws IOException {
      var sink = started(Duration.ofSeconds(1));
      perRecord = Duration.ofMillis(2);

      assertThat(halvedUntilItArrives(sink)).isBetween(2, 250);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 413, 504})
    @DisplayName("one that says that it is too much, or took too long, gets fewer")
    void too_much(int code) throws IOException {
      var sink = started();
      status = code;
      assertThatThrownBy(() -> sink.send(records(1, 2)))
          .isInstanceOf(code == 413 ? TooLargeException.class : TookTooLongException.class)
          .hasMessageContaining(Integer.toString(code));
    }

    @AfterEach
    void stop() {
      server.stop(0);
    }

    @Test
    void gets_records_as_events_with_their_time() throws Exception {
      var sink = started();
      sink.send(records(1, 3));
      assertThat(tokens).containsExactly("Splunk the-token");
      var events = bodies.getFirst().lines().toList();
      assertThat(events).hasSize(2);
      var event = JsonObject.parse(events.getFirst());
      assertThat(event.string("time")).contains(at() + ".250");
      assertThat(event.string("sourcetype")).contains("lanyard:json");
      assertThat(event.string("source")).contains(SELF.value());
      assertThat(event.object("event").orElseThrow().string("correlation_id"))
          .contains("request-1");
    }

    private static String at() {
      return Long.toString(Instant.parse("2026-11-23T09:00:00.250Z").getEpochSecond());
    }

    @Test
    void many_are_sent_in_several_bodies() throws IOException {
      var sink = started();
      sink.send(records(1, 5_000));
      assertThat(bodies).hasSizeGreaterThan(1);
      assertThat(bodies.stream().mapToLong(body -> body.lines().count()).sum()).isEqualTo(4_999);
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 401, 403, 429, 500, 503})
    @DisplayName("whatever is not yes is no: sent again later, and the token is in no message")
    void refuses(int code) throws IOException {
      var sink = started();
      status = code;
      assertThatThrownBy(() -> sink.send(records(1, 2)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(Integer.toString(code))
          .hasMessageNotContaining("the-token");
      status = 200;
      sink.send(records(1, 2));
      assertThat(bodies).hasSize(1);
    }

    @Test
    void dies() throws IOException {
      var sink = started();
      server.stop(0);
      assertThatThrownBy(() -> sink.send(records(1, 2))).isInstanceOf(IOException.class);
    }
  }
}
