package dev.lanyard.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("RS-16: nothing that one person is answered may be kept for others (MCP Caching)")
class GatewayCachingTest {
  private static final String META =
      "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"}";

  @TempDir Path folder;
  private Pair pair;
  private Fronted fronted;
  private String token;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    fronted = Fronted.start(pair, folder);
    token = fronted.token("alice", "engineering");
  }

  @AfterEach
  void stop() {
    fronted.close();
    pair.close();
  }

  private Answer asked(String method, String params, Optional<String> name) {
    var message =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":{%s%s}}"
            .formatted(method, META, params);
    return fronted.modern(token, message, method, name);
  }

  private Answer read() {
    return asked("resources/read", ",\"uri\":\"docs://a\"", Optional.of("docs://a"));
  }

  private static String result(String result) {
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" + result + "}";
  }

  @Test
  @DisplayName("a resource, however large, in JSON and as an event")
  void resources() {
    var content = "\"contents\":[{\"uri\":\"docs://a\",\"text\":\"" + "x".repeat(300_000) + "\"}]";
    for (var hints : List.of("\"cacheScope\":\"public\",\"ttlMs\":9,", "\"ttlMs\":9,")) {
      fronted.upstream.answers((_, wire) -> wire.json(result("{" + hints + content + "}")));
      assertThat(read().body())
          .contains(content, "\"cacheScope\":\"private\"", "\"ttlMs\":9")
          .doesNotContain("public");
    }
    fronted.upstream.answers((_, wire) -> {
      wire.events();
      wire.event(result("{\"cacheScope\":\"public\",\"contents\":[]}"));
    });
    assertThat(read().body()).contains("\"cacheScope\":\"private\"").doesNotContain("public");
  }

  @Test
  @DisplayName("a resource with two hints of which a client could read the other is not passed on")
  void odd() {
    for (var odd : List.of("\"CacheScope\":\"public\"", "\"cacheScope\":true")) {
      fronted.upstream.answers((_, wire) -> wire.json(result("{\"ttlMs\":9," + odd + "}")));
      assertThat(bodyOrCut()).doesNotContain("public", "true");
      fronted.upstream.answers((_, wire) -> {
        wire.events();
        wire.event(result("{\"ttlMs\":9,\"CacheScope\":\"public\"}"));
      });
      assertThat(bodyOrCut()).doesNotContain("public");
    }
  }

  private String bodyOrCut() {
    try {
      return read().body();
    } catch (UncheckedIOException e) {
      return "";
    }
  }

  @Test
  @DisplayName("a list not at all: what somebody may use can be another the next moment")
  void lists() {
    for (var hints : List.of("\"cacheScope\":\"public\",\"ttlMs\":9", "\"ttlMs\":9")) {
      fronted.upstream.answers(
          (_, wire) -> wire.json(result("{\"tools\":[{\"name\":\"list_issues\"}]," + hints + "}")));
      assertThat(asked("tools/list", "", Optional.empty()).body())
          .contains("list_issues", "\"cacheScope\":\"private\"", "\"ttlMs\":0");
    }
  }

  @Test
  @DisplayName("what a server says of itself, which it may say of one person")
  void discovery() {
    fronted.upstream.answers((_, wire) ->
        wire.json(
            result(
                "{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{},"
                    + "\"cacheScope\":\"public\",\"ttlMs\":9}")));
    assertThat(asked("server/discover", "", Optional.empty()).body())
        .contains("\"cacheScope\":\"private\"", "\"ttlMs\":9");
  }
}
