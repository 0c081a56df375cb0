package dev.lanyard.server.http.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.server.http.upstream.UpstreamAnswer.Cause;
import dev.lanyard.server.http.upstream.UpstreamAnswer.Failed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("SEC-6: where the gateway's own requests may go")
class UpstreamClientTest {
  private static final EgressPolicy STRICT = EgressPolicy.strict();

  private static Failed failed(EgressPolicy policy, String url) {
    try (var client = UpstreamClient.start(policy, 4)) {
      var request = new UpstreamRequest("GET", URI.create(url), List.of(), ByteBuffer.allocate(0));
      return (Failed) client.begin(request).await(Duration.ofSeconds(20));
    }
  }

  @Test
  @DisplayName("A name that leads to this machine, or into the network, is not connected to")
  void special_addresses() throws IOException {
    try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      for (var host : new String[] {"localhost", "127.0.0.1"}) {
        var answer = failed(STRICT, "https://" + host + ":" + listening.getLocalPort() + "/mcp");

        assertThat(answer.cause()).isEqualTo(Cause.UNREACHABLE);
        assertThat(answer.why()).contains("an address that is not permitted");
      }
      listening.setSoTimeout(1);
      assertThatThrownBy(listening::accept)
          .as("nobody has connected")
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  @DisplayName("A server that cannot prove itself is not spoken to")
  void no_proof() throws IOException {
    try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(() -> {
            try (var socket = listening.accept()) {
              socket.getOutputStream().write("no TLS at all".getBytes(UTF_8));
            } catch (IOException e) {
              // It has ended the connection already.
            }
          });

      assertThat(
              failed(
                      STRICT.exposingLoopback(),
                      "https://localhost:" + listening.getLocalPort() + "/mcp")
                  .cause())
          .isNotEqualTo(Cause.CUT);
    }
  }

  @Test
  @DisplayName("A URL that cannot be called is told to whoever waits, at once")
  void uncallable() {
    for (var url : List.of("https://localhost:70000/mcp", "https://127.0.0.1:65536/mcp")) {
      var answer = failed(STRICT.exposingLoopback(), url);
      assertThat(answer.cause()).as(answer.why()).isEqualTo(Cause.UNSENT);
    }
  }

  /// Answers every request with this, and closes the connection.
  private static ServerSocket answering(String text) throws IOException {
    var listening = new ServerSocket(0, 4, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(() -> {
          while (!listening.isClosed()) {
            try (var socket = listening.accept()) {
              var _ = socket.getInputStream().read();
              socket.getOutputStream().write(text.getBytes(UTF_8));
            } catch (IOException e) {
              // One of them has ended it.
            }
          }
        });
    return listening;
  }

  @Test
  @DisplayName("What went wrong is one short line: which server, what, and where to look")
  void words() throws IOException {
    int closed;
    try (var nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = nobody.getLocalPort();
    }
    try (var cutting = answering("");
        var talking = answering("hello, this is no HTTP\r\n\r\n")) {
      var told =
          Map.of(
              "http://localhost:" + closed,
              "takes no connection (Connection refused)",
              "http://localhost:" + cutting.getLocalPort(),
              "ended the connection before",
              "http://localhost:" + talking.getLocalPort(),
              "answers what is no HTTP/1.1",
              "https://localhost:" + talking.getLocalPort(),
              "does not prove who it is",
              "https://nobody.invalid",
              "its name leads to no address");
      told.forEach((server, words) -> {
        var why = failed(STRICT.exposingLoopback(), server + "/mcp?key=secret").why();
        assertThat(why)
            .startsWith(server)
            .contains(words)
            .hasSizeLessThan(220)
            .hasLineCount(1)
            .doesNotContain("@", "jetty", "secret", "Exception");
      });
    }
  }

  private static UpstreamAnswer answer(String header) throws IOException {
    try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var client = UpstreamClient.start(STRICT.exposingLoopback(), 4)) {
      Thread.ofVirtual()
          .start(() -> {
            try (var socket = listening.accept()) {
              var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
              if (in.lines().anyMatch(String::isEmpty)) {
                socket
                    .getOutputStream()
                    .write("HTTP/1.1 204 X\r\nConnection: close\r\n\r\n".getBytes(UTF_8));
              }
            } catch (IOException e) {
              // It has ended the connection already.
            }
          });
      var url = URI.create("http://localhost:" + listening.getLocalPort() + "/mcp");
      var headers = List.of(new Field("Accept", header));
      return client
          .begin(new UpstreamRequest("GET", url, headers, ByteBuffer.allocate(0)))
          .await(Duration.ofSeconds(20));
    }
  }

  @Test
  @DisplayName("What a caller may send in headers is passed on; what is too long is no fault of it")
  void long_headers() throws IOException {
    assertThat(answer("x".repeat(20_000))).isInstanceOf(UpstreamAnswer.Answered.class);
    assertThat(answer("x".repeat(40_000)))
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> assertThat(failed.cause()).as(failed.why()).isEqualTo(Cause.UNSENT));
  }

  @Test
  @DisplayName("Each waits as long as it was told to, however long others wait")
  void silence() throws IOException {
    try (var listening = new ServerSocket(0, 2, InetAddress.getLoopbackAddress());
        var client = UpstreamClient.start(STRICT.exposingLoopback(), 4)) {
      var url = URI.create("http://localhost:" + listening.getLocalPort() + "/mcp");
      var request = new UpstreamRequest("GET", url, List.of(), ByteBuffer.allocate(0));
      var patient = client.begin(request);
      var waiting = Thread.ofVirtual().start(() -> patient.await(Duration.ofMinutes(10)));

      for (int i = 0; i < 2; i++) {
        assertThat(client.begin(request).await(Duration.ofMillis(20)))
            .isEqualTo(new Failed(Cause.SILENT, "no answer within 20 ms"));
      }
      assertThat(waiting.isAlive()).isTrue();
      patient.cut("a test");
      assertThat(patient.await(Duration.ofMinutes(10))).isEqualTo(new Failed(Cause.CUT, "a test"));
    }
  }

  @ParameterizedTest
  @DisplayName("Plain HTTP goes to this machine and to named hosts only, each where it is allowed")
  @ValueSource(strings = {"http://mcp.example/mcp", "http://localhost/mcp", "http://[::1]/mcp"})
  void plain(String url) {
    try (var client = UpstreamClient.start(STRICT, 4)) {
      assertThatThrownBy(() -> client.require(URI.create(url)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatCode(() -> client.require(URI.create(url.replace("http:", "https:"))))
          .doesNotThrowAnyException();
    }
    var policy = STRICT.exposingLoopback().exposingInternalHosts(Set.of("mcp.example"));
    try (var client = UpstreamClient.start(policy, 4)) {
      assertThatCode(() -> client.require(URI.create(url))).doesNotThrowAnyException();
    }
  }
}
