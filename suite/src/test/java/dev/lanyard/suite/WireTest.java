package dev.lanyard.suite;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Requests of the checks")
class WireTest {
  @Test
  @Timeout(20)
  @DisplayName("A server that falls silent in the middle of an answer fails its check")
  void half_an_answer() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 50);
          exchange.getResponseBody().write("{\"issuer\":".getBytes(StandardCharsets.UTF_8));
          exchange.getResponseBody().flush();
        });
    server.start();
    var url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    try {
      assertThatThrownBy(() -> new Wire(List.of(), Duration.ofMillis(300)).get(url))
          .isInstanceOf(UnusableAnswer.class)
          .hasMessageContaining("no whole answer within 300 ms");
    } finally {
      server.stop(0);
    }
  }
}
