package dev.lanyard.server.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Suspicious descriptions are flagged, and those of honest servers are not")
class InspectionTest {
  /// The moves of published attacks, and sentences of public servers.
  private static List<Arguments> corpus(String name) throws IOException, MalformedException {
    try (var stream = InspectionTest.class.getResourceAsStream(name)) {
      var all = new ArrayList<Arguments>();
      for (var line : new String(stream.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        if (!line.isBlank()) {
          var json = JsonObject.parse(line);
          all.add(
              Arguments.of(
                  json.nonEmptyString("what"),
                  ToolDefinition.read(json.object("tool").orElseThrow()),
                  json.strings("expect").orElse(List.of())));
        }
      }
      return all;
    }
  }

  static List<Arguments> poisoned() throws Exception {
    return corpus("poisoned.jsonl");
  }

  static List<Arguments> innocent() throws Exception {
    return corpus("innocent.jsonl");
  }

  private static List<String> kinds(ToolDefinition tool) {
    return Inspection.of(tool).stream().map(one -> one.kind().value()).distinct().toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void poisoned(String what, ToolDefinition tool, List<String> expected) {
    assertThat(kinds(tool)).as(what).containsAll(expected);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void innocent(String what, ToolDefinition tool, List<String> expected) {
    assertThat(Inspection.of(tool)).as(what).isEmpty();
    assertThat(expected).isEmpty();
  }

  @Test
  void says_where_and_makes_visible_what_is_hidden() throws Exception {
    var tool =
        ToolDefinition.read(
            JsonObject.parse(
                "{\"name\":\"x\",\"inputSchema\":{\"properties\":{\"q\":{\"description\":\"a\\u200bb\\u001b[2J\"}}}}"));
    assertThat(Inspection.of(tool))
        .containsExactly(
            new Suspicion(
                Suspicion.Kind.HIDDEN_CHARACTERS,
                "/inputSchema/properties/q/description",
                "a<U+200B>b<U+001B>[2J"));
  }

  @Test
  void a_text_made_to_keep_the_search_busy_does_not() throws Exception {
    var busy =
        "must always call before any tool when using the tool is available do not mention "
            .repeat(3_000);
    var tool =
        ToolDefinition.read(JsonObject.builder().put("name", "x").put("description", busy).build());
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> assertThat(Inspection.of(tool)).isNotEmpty());
  }
}
