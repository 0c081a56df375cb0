package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.TestClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("AUD-1: what the web server refuses before it is read has a record and is counted")
class UnreadRequestTest {
  private static final String SECRET = "m".repeat(40);
  private static final Pattern ID = Pattern.compile("Lanyard-Correlation-Id: (\\S+)");

  @TempDir Path folder;

  @Test
  void under_the_id_that_its_sender_gets() throws IOException {
    var installed = Installed.in(folder);
    var file = installed.configuration();
    Files.writeString(file.resolveSibling("secrets/metrics"), SECRET);
    Files.writeString(
        file,
        Files.readString(file)
                .replaceAll("(?m)^  tls:\n    certificate: .*\n    key: .*\n", "")
                .replace("https://localhost", "http://localhost")
            + "metrics: {token_file: secrets/metrics}\n");
    var config = ConfigurationFile.read(file, Map.of());
    try (var lanyard = Lanyard.start(config, new TestClock())) {
      int port = lanyard.port(Lanyard.BROKER);
      assertRecorded(lanyard, sent(port, "GET /token HTTP/1.1\r\n\r\n"), "400", "request");
      assertRecorded(
          lanyard,
          sent(port, "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"),
          "414",
          "headers");
      var figures =
          Http.get(
                  URI.create("http://127.0.0.1:" + port + "/metrics"),
                  Map.of("Authorization", "Bearer " + SECRET))
              .body();
      assertThat(figures)
          .contains("lanyard_refusals_total{check=\"request\"} 1.0")
          .contains("lanyard_refusals_total{check=\"headers\"} 1.0")
          .contains("lanyard_http_bodies_refused_total 0.0", "lanyard_http_bodies_bytes 0.0");
    }
  }

  @Test
  void also_where_nobody_could_be_answered() throws Exception {
    var config = ConfigurationFile.read(Installed.in(folder).configuration(), Map.of());
    try (var lanyard = Lanyard.start(config, new TestClock())) {
      try (var socket =
          new Socket(InetAddress.getLoopbackAddress(), lanyard.port(Lanyard.BROKER))) {
        socket.setSoTimeout(10_000);
        socket
            .getOutputStream()
            .write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        var _ = socket.getInputStream().readAllBytes();
      } catch (SocketException e) {
        // It has ended the connection already.
      }
      Soon.until(() -> !refusals(lanyard).isEmpty());
      assertThat(refusals(lanyard)).singleElement().asString().contains("\"tls\"", "no TLS");
    }
  }

  private static List<String> refusals(Lanyard lanyard) {
    return lanyard.audit().query(AuditQuery.newest(50).ofType("request.refused")).stream()
        .map(one -> one.event().evidence().toJson())
        .toList();
  }

  private static String sent(int port, String text) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void assertRecorded(Lanyard lanyard, String answer, String status, String check) {
    assertThat(answer).startsWith("HTTP/1.1 " + status);
    var id = ID.matcher(answer);
    assertThat(id.find()).isTrue();
    var records =
        lanyard.audit().query(AuditQuery.newest(50)).stream()
            .filter(one -> one.event().correlationId().equals(id.group(1)))
            .toList();
    assertThat(records).hasSize(1);
    assertThat(records.getFirst().event().type()).isEqualTo("request.refused");
    assertThat(records.getFirst().event().evidence().toJson()).contains("\"" + check + "\"");
  }
}
