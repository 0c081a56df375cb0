package dev.lanyard.server.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The hash of a tool stands for everything that the server says of it")
class ToolDefinitionTest {
  private static final String GOOD =
      """
      {"name":"pay","title":"Pay","description":"Pays.","inputSchema":{"type":"object",
       "properties":{"sum":{"type":"number","maximum":10}}},"outputSchema":{"type":"object"},
       "annotations":{"destructiveHint":true},"icons":[{"src":"a.png"}]}\
      """;

  private static String hash(String json) throws MalformedException {
    return ToolDefinition.read(JsonObject.parse(json)).hash();
  }

  @Test
  void is_pinned_for_ever() throws Exception {
    // sha256 of {"description":"Adds.","name":"add"}
    assertThat(hash("{\"name\":\"add\",\"description\":\"Adds.\"}"))
        .isEqualTo("sha256:77333dde9de2597a5f6e34d2c43509213648f7879c52cfd5cec1e2115550f0da");
  }

  @Test
  void does_not_depend_on_the_order_of_members_nor_on_spelling() throws Exception {
    assertThat(hash("{\"description\":\"A\\u0064ds.\", \"x\": 1.0, \"name\":\"add\"}"))
        .isEqualTo(hash("{\"name\":\"add\",\"x\":1,\"description\":\"Adds.\"}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"Pay\"",
        "\"Pays.\"",
        "\"object\",\n",
        "\"number\"",
        "10",
        "{\"type\":\"object\"}",
        "true",
        "a.png"
      })
  void changes_with_every_part(String part) throws Exception {
    var other =
        part.equals("true") ? "false" : part.equals("10") ? "11" : part.replaceFirst("[a-z]", "X");
    assertThat(GOOD).contains(part);
    assertThat(hash(GOOD.replace(part, other))).isNotEqualTo(hash(GOOD));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"ui\":{\"resourceUri\":\"ui://a/form.html\"}",
        "\"ui/resourceUri\":\"ui://a/form.html\"",
        "\"openai/outputTemplate\":\"ui://a/form.html\"",
        "\"anthropic/alwaysLoad\":\"form\"",
        "\"securitySchemes\":[{\"type\":\"form\"}]"
      })
  void changes_with_what_clients_act_on_in_meta(String member) throws Exception {
    var tool = "{\"name\":\"a\",\"_meta\":{\"trace\":\"1\",%s}}";
    var one = hash(tool.formatted(member));
    assertThat(one).isNotEqualTo(hash("{\"name\":\"a\"}"));
    assertThat(hash(tool.formatted(member).replace("\"1\"", "\"2\""))).isEqualTo(one);
    assertThat(hash(tool.formatted(member.replace("form", "other")))).isNotEqualTo(one);
  }

  @Test
  void what_clients_act_on_is_shown_and_stands_beside_nothing_else() throws Exception {
    var tool = "{\"name\":\"a\",\"_meta\":{\"trace\":1,\"ui\":{\"title\":\"%s\"}}}";
    var before = ToolDefinition.read(JsonObject.parse(tool.formatted("Pay")));
    var after = ToolDefinition.read(JsonObject.parse(tool.formatted("Paid")));
    var difference = ToolDifference.between(before.json(), after.json());
    assertThat(difference.places())
        .extracting(ToolDifference.Place::pointer)
        .containsExactly("/_meta/ui/title");
    assertThat(difference.isOfWords()).isFalse();
  }

  @Test
  void meta_that_is_no_object_is_none() throws Exception {
    assertThat(hash("{\"name\":\"a\",\"_meta\":[\"ui\"]}")).isEqualTo(hash("{\"name\":\"a\"}"));
  }

  @Test
  void does_not_change_with_meta() throws Exception {
    assertThat(hash("{\"name\":\"a\",\"_meta\":{\"trace\":\"1\"}}"))
        .isEqualTo(hash("{\"name\":\"a\"}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"name\":\"\"}",
        "{\"name\":7}",
        "{\"name\":\"a\\u0000b\"}",
        "{\"name\":\"a\\nb\"}"
      })
  void a_name_that_is_none_is_refused(String json) {
    assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> hash(json));
  }

  @Test
  void of_a_definition_that_nobody_reads_only_its_size_is_kept() throws Exception {
    var large =
        ToolDefinition.read(
            JsonObject.builder().put("name", "a").put("description", "x".repeat(300_000)).build());
    assertThat(large.kept().toJson()).isEqualTo("{\"name\":\"a\",\"too_large_to_keep\":300029}");
  }

  @Test
  void differences_are_told_place_by_place_with_everything_in_sight() throws Exception {
    var before = JsonObject.parse("{\"d\":\"Adds.\",\"s\":{\"a\":1,\"gone\":true}}");
    var after = JsonObject.parse("{\"d\":\"Adds.\\u202e\",\"s\":{\"a\":1,\"new\":[\"x\"]}}");
    var lines =
        ToolDifference.between(before, after).places().stream()
            .flatMap(place -> place.lines().stream())
            .toList();
    assertThat(lines)
        .containsExactly(
            "~ /d",
            "    - \"Adds.\"",
            "    + \"Adds.<U+202E>\"",
            "+ /s/new/0",
            "    + \"x\"",
            "- /s/gone",
            "    - true");
  }
}
