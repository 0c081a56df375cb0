package dev.lanyard.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.pair.Soon;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A response that goes on: server-sent events")
class EventStreamTest {
  private static final HttpLimits LIMITS =
      new HttpLimits(
          8192,
          100,
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          3,
          Duration.ofMillis(300),
          Duration.ofSeconds(5),
          TestLimits.PARTING);

  private final BlockingQueue<Source> opened = new LinkedBlockingQueue<>();
  private HttpServer server;

  /// Says what it is told to say.
  private static final class Source implements EventSource {
    final Queue<String> waiting = new ConcurrentLinkedQueue<>();
    final CountDownLatch closed = new CountDownLatch(1);
    final AtomicInteger asked = new AtomicInteger();
    private final BlockingQueue<Source> opened;
    EventSource.Listener listener;

    Source(BlockingQueue<Source> opened) {
      this.opened = opened;
    }

    void say(String text) {
      waiting.add(text);
      listener.wake();
    }

    @Override
    public void opened(EventSource.Listener by) {
      listener = by;
      opened.add(this);
    }

    @Override
    public Optional<String> next() {
      asked.incrementAndGet();
      return Optional.ofNullable(waiting.poll());
    }

    @Override
    public void closed() {
      closed.countDown();
    }
  }

  @BeforeEach
  void start() {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server =
        HttpServer.bind(
            List.of(new dev.lanyard.server.http.Listener("main", address, Optional.empty())),
            LIMITS);
    server.serve(
        Map.of(
            "main",
            List.of(
                Route.get("/events", Access.PUBLIC, _ -> Response.events(new Source(opened))))));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Socket connect() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), server.port("main"));
    socket.setSoTimeout(10_000);
    socket
        .getOutputStream()
        .write("GET /events HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  private static String until(BufferedReader reader, String text) throws IOException {
    var seen = new StringBuilder();
    for (var line = reader.readLine(); line != null; line = reader.readLine()) {
      seen.append(line).append('\n');
      if (line.contains(text)) {
        return seen.toString();
      }
    }
    return seen.append("<closed>").toString();
  }

  private Source next() throws InterruptedException {
    var source = opened.poll(10, TimeUnit.SECONDS);
    assertThat(source).isNotNull();
    return source;
  }

  @Test
  void headers_leave_at_once_and_events_when_there_are_any() throws Exception {
    try (var socket = connect()) {
      var reader = reader(socket);
      assertThat(until(reader, ": open"))
          .contains("HTTP/1.1 200")
          .contains("Content-Type: text/event-stream")
          .contains("Cache-Control: no-store");
      var source = next();

      source.say("data: one\n\n");
      assertThat(until(reader, "data:")).contains("data: one");
      source.say("data: two\n\n");
      assertThat(until(reader, "data:")).contains("data: two");
    }
  }

  @Test
  void the_end_of_the_source_is_the_end_of_the_response() throws Exception {
    try (var socket = connect()) {
      var reader = reader(socket);
      until(reader, ": open");
      var source = next();
      source.waiting.add("data: last\n\n");
      source.listener.end();

      assertThat(until(reader, "data:")).contains("data: last");
      assertThat(source.closed.await(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void a_peer_that_goes_away_is_noticed_at_the_next_events() throws Exception {
    var socket = connect();
    until(reader(socket), ": open");
    var source = next();
    socket.close();

    Soon.until(() -> {
      source.say("data: x\n\n");
      return source.closed.getCount() == 0;
    });
  }

  @Test
  @DisplayName("A peer that stops reading is cut off, and nothing queues up for it meanwhile")
  void slow_consumer() throws Exception {
    try (var socket = connect()) {
      until(reader(socket), ": open");
      var source = next();
      var large = "data: " + "x".repeat(1_000_000) + "\n\n";
      for (int i = 0; i < 50; i++) {
        source.waiting.add(large);
      }

      Soon.until(() -> {
        source.listener.wake();
        return source.closed.getCount() == 0;
      });

      assertThat(source.waiting).as("what it did not take was never asked for").isNotEmpty();
    }
  }

  @Test
  void streams_beyond_the_limit_are_refused_and_have_room_again_later() throws Exception {
    try (var one = connect();
        var two = connect();
        var three = connect()) {
      for (var socket : List.of(one, two, three)) {
        until(reader(socket), ": open");
      }
      try (var four = connect()) {
        assertThat(until(reader(four), "HTTP/1.1")).contains("503");
      }
      next().listener.end();
      Soon.until(() -> {
        try (var five = connect()) {
          return until(reader(five), "HTTP/1.1").contains("200");
        } catch (IOException e) {
          return false;
        }
      });
    }
  }

  @Test
  void a_server_that_ends_ends_its_streams_first() throws Exception {
    try (var socket = connect()) {
      var reader = reader(socket);
      until(reader, ": open");
      var source = next();
      long before = System.nanoTime();

      server.close();

      assertThat(source.closed.await(1, TimeUnit.SECONDS)).isTrue();
      assertThat(until(reader, "never")).endsWith("<closed>");
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(LIMITS.stop());
    }
  }

  @Test
  @DisplayName("HEAD gets the headers and no stream")
  void head() throws Exception {
    try (var wire = new Wire(server.port("main"))) {
      assertThat(wire.lines("HEAD /events HTTP/1.1", "Host: x", "").oneResponse())
          .startsWith("HTTP/1.1 200");
      assertThat(opened).isEmpty();
    }
  }
}
