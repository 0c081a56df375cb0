package dev.lanyard.server.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Files of an administrator")
class YamlFileTest {
  @TempDir Path folder;

  record Server(String name, Duration life, List<String> scopes) {
    static Server of(YamlMap map) {
      return new Server(
          map.text("name"), map.duration("life", Duration.ofMinutes(45)), map.texts("scopes"));
    }
  }

  @Test
  void are_read_into_typed_values() {
    var server = read("name: a\nlife: 8h\nscopes: [x, y]\n", Server::of);

    assertThat(server).isEqualTo(new Server("a", Duration.ofHours(8), List.of("x", "y")));
  }

  @Test
  void leave_defaults_where_a_key_is_absent() {
    assertThat(read("name: a\n", Server::of).life()).isEqualTo(Duration.ofMinutes(45));
  }

  @Test
  void yield_to_an_override_by_path() throws IOException {
    var overrides = Map.of("broker.name", "from outside");
    var file = Files.writeString(folder.resolve("f.yaml"), "broker: {name: a}\n");

    var name =
        YamlFile.read(
            file,
            path -> Optional.ofNullable(overrides.get(path)),
            map -> map.map("broker").text("name"));

    assertThat(name).isEqualTo("from outside");
  }

  @Test
  void may_name_a_value_once_and_use_it_twice() {
    var both = read("a: &x [p, q]\nb: *x\n", map -> List.of(map.texts("a"), map.texts("b")));

    assertThat(both).containsExactly(List.of("p", "q"), List.of("p", "q"));
  }

  @Nested
  @DisplayName("A fault names file, line and remedy")
  class Faults {
    @Test
    void unknown_key() {
      assertFault(
          "name: a\nlief: 8h\n", ":2: unknown key 'lief'; known here: [life, name, scopes]");
    }

    @Test
    void unknown_key_below_another() {
      assertThatThrownBy(() -> read("b:\n  x: 1\n", map -> map.map("b").text("y", "")))
          .hasMessageContaining(":2: unknown key 'b.x'");
    }

    @Test
    void missing_key() {
      assertFault("life: 8h\n", "'name' is missing");
    }

    @Test
    void key_twice() {
      assertFault("name: a\nname: b\n", ":2: 'name' appears twice");
    }

    @Test
    void key_twice_deep_inside() {
      assertFault("name: a\nscopes: [{x: 1, x: 2}]\n", ":2: 'x' appears twice");
    }

    @Test
    void value_of_the_wrong_kind() {
      assertFault("name: [a]\n", ":1: 'name' needs a text");
    }

    @Test
    void duration_without_a_unit() {
      assertFault(
          "name: a\nlife: 300\n", ":2: 'life': '300' is not a duration; write a number and");
    }

    @Test
    void broken_yaml() {
      assertFault("name: [a\n", "not well-formed YAML");
    }

    @Test
    void nested_deeper_than_people_write() {
      assertFault("name: " + "[".repeat(100_000), "nested deeper than 50 levels");
      assertFault("name: " + "{a: ".repeat(51), "nested deeper than 50 levels");
    }

    @Test
    void aliases_that_stand_within_what_they_stand_for() {
      assertFault("a: &x {b: *x}\n", "within itself");
      assertFault("a: &x [*x]\n", "within itself");
      assertFault("a: &x [{b: {c: *x}}]\n", "within itself");
    }

    @Test
    void few_aliases_for_more_than_anybody_walks_through() {
      var text = new StringBuilder("a0: &a0 [" + "0,".repeat(20_000) + "0]\n");
      for (int i = 1; i <= 16; i++) {
        text.append("a%d: &a%d [*a%d, *a%d, *a%d]\n".formatted(i, i, i - 1, i - 1, i - 1));
      }
      assertFault(text.toString(), "more than a million values");
    }

    @Test
    void not_a_mapping() {
      assertFault("- a\n", "not a mapping");
    }

    @Test
    void no_such_file() {
      assertThatThrownBy(() -> YamlFile.read(folder.resolve("none.yaml"), Server::of))
          .isInstanceOf(FaultyFileException.class)
          .hasMessageContaining("none.yaml: there is no such file");
    }

    @Test
    void values_that_do_not_fit_together() {
      assertThatThrownBy(() ->
              read(
                  "name: a\n",
                  map -> {
                    throw new IllegalArgumentException(map.text("name") + " does not fit");
                  }))
          .isInstanceOf(FaultyFileException.class)
          .hasMessageContaining("f.yaml: a does not fit");
    }

    @Test
    void all_of_them_at_once() {
      assertThatThrownBy(() -> read("name: a\nx: 1\ny: 2\n", Server::of))
          .isInstanceOfSatisfying(
              FaultyFileException.class, e -> assertThat(e.faults()).hasSize(2));
    }

    private void assertFault(String yaml, String message) {
      assertThatThrownBy(() -> read(yaml, Server::of))
          .isInstanceOf(FaultyFileException.class)
          .hasMessageContaining(message);
    }
  }

  private <T> T read(String yaml, Function<YamlMap, T> reader) {
    try {
      return YamlFile.read(Files.writeString(folder.resolve("f.yaml"), yaml), reader);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
