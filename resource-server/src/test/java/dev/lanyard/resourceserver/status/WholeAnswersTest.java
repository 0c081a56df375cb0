package dev.lanyard.resourceserver.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("SSF-22: an answer is whole, in time and of a size, or there is none")
@Timeout(30)
class WholeAnswersTest {
  private static final int MOST = 100;
  private static final Duration PLENTY = Duration.ofSeconds(20);

  /// Long enough that a busy machine has a connection by then, which is to be closed.
  private static final Duration SHORT = Duration.ofSeconds(1);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final BlockingQueue<String> script = new LinkedBlockingQueue<>();
  private final HttpClient http = Introspection.http(List.of());
  private final WholeAnswers answers = new WholeAnswers(http, MOST);
  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::play);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  /// Says what the test wants, byte by byte, and then nothing more, without hanging up.
  private void play() {
    try (var peer = server.accept()) {
      var gone = Thread.ofVirtual().start(() -> awaitEnd(peer));
      for (var line = script.take(); gone.isAlive(); line = script.take()) {
        peer.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
        peer.getOutputStream().flush();
      }
    } catch (IOException | InterruptedException e) {
      closed.countDown();
    }
  }

  private void awaitEnd(Socket peer) {
    try {
      while (peer.getInputStream().read() >= 0) {
        asked.countDown();
      }
    } catch (IOException e) {
      // Closed with force.
    }
    closed.countDown();
  }

  private HttpRequest request() {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"))
        .build();
  }

  @ParameterizedTest
  @DisplayName("A server that falls silent keeps nobody, wherever it does, and is hung up on")
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"active\":",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"active\":true}",
      })
  void silence(String said) throws Exception {
    script.add(said);

    assertThatThrownBy(() -> answers.to(request(), SHORT))
        .isInstanceOf(HttpTimeoutException.class)
        .hasMessage("no whole answer within 1000 ms");
    assertThat(closed.await(10, TimeUnit.SECONDS)).as("hung up").isTrue();
  }

  @Test
  @DisplayName("Nor does one that says a byte now and then")
  void drop_by_drop() {
    script.add("HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n");
    var dropping =
        Thread.ofVirtual()
            .start(() -> {
              try {
                while (true) {
                  Thread.sleep(50);
                  script.add("x");
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });

    assertThatThrownBy(() -> answers.to(request(), SHORT)).isInstanceOf(HttpTimeoutException.class);
    dropping.interrupt();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Length: 101\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n65\r\n"})
  void more_than_allowed(String framing) throws Exception {
    script.add("HTTP/1.1 200 OK\r\n" + framing + "x".repeat(MOST + 1));

    assertThatThrownBy(() -> answers.to(request(), PLENTY))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("larger than 100 bytes");
    assertThat(closed.await(10, TimeUnit.SECONDS)).as("hung up").isTrue();
  }

  @Test
  void as_much_as_allowed_however_late_it_begins() throws Exception {
    var late = CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS);
    late.execute(
        () -> script.add("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + "x".repeat(60)));
    var later = CompletableFuture.delayedExecutor(700, TimeUnit.MILLISECONDS);
    later.execute(() -> script.add("x".repeat(40)));

    assertThat(answers.to(request(), PLENTY).body()).hasSize(MOST);
  }

  @Test
  void whoever_is_interrupted_hangs_up() throws Exception {
    script.add("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n");
    var failure = new CompletableFuture<Throwable>();
    var asking =
        Thread.ofPlatform()
            .start(() -> {
              try {
                answers.to(request(), PLENTY);
              } catch (IOException | InterruptedException e) {
                failure.complete(e);
              }
            });
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    asking.interrupt();

    assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    assertThat(closed.await(10, TimeUnit.SECONDS)).as("hung up").isTrue();
  }

  @Test
  void a_server_that_is_not_there() throws Exception {
    server.close();

    assertThatThrownBy(() -> answers.to(request(), PLENTY)).isInstanceOf(IOException.class);
  }
}
