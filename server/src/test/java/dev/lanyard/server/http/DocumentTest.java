package dev.lanyard.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("META-18: a public document can be kept and asked for again")
class DocumentTest {
  private static final Document DOCUMENT =
      Document.of(JsonObject.builder().put("a", "b").build(), Duration.ofMinutes(5));

  private static String get(String... headers) throws Exception {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var listener = new Listener("main", address, Optional.empty());
    try (var server = HttpServer.bind(List.of(listener), TestLimits.USUAL)) {
      server.serve(Map.of("main", List.of(Route.get("/d", Access.PUBLIC, DOCUMENT).nonBlocking())));
      try (var wire = new Wire(server.port("main"))) {
        return wire.lines("GET /d HTTP/1.1", "Host: x").lines(headers).lines("").oneResponse();
      }
    }
  }

  @Test
  void it_says_how_long_it_may_be_kept() throws Exception {
    assertThat(get("X: y"))
        .startsWith("HTTP/1.1 200 ")
        .contains("Cache-Control: public, max-age=300", "ETag: " + DOCUMENT.tag())
        .contains("Content-Type: application/json")
        .endsWith("{\"a\":\"b\"}");
  }

  @Test
  void who_has_it_is_told_so() throws Exception {
    assertThat(get("If-None-Match: \"other\", W/" + DOCUMENT.tag())).startsWith("HTTP/1.1 304 ");
    assertThat(get("If-None-Match: *")).startsWith("HTTP/1.1 304 ");
  }

  @Test
  void who_has_another_gets_it() throws Exception {
    assertThat(get("If-None-Match: \"other\"")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void another_content_has_another_tag() {
    var other = Document.of(JsonObject.builder().put("a", "c").build(), Duration.ofMinutes(5));

    assertThat(other.tag()).isNotEqualTo(DOCUMENT.tag());
  }
}
