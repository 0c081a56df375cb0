package dev.lanyard.server.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An entry is put into a file, and everything else stays as it was written")
class YamlEditTest {
  private static final Path FILE = Path.of("lanyard.yaml");
  private static final List<String> ENTRY = List.of("id: new", "list:", "  - one");

  private static String edited(String text) {
    return YamlEdit.of(FILE, text).withEntry(List.of("a", "b", "c"), "id", "new", ENTRY);
  }

  @Test
  void behind_the_last_one_of_a_list() {
    assertThat(
            edited(
                """
                # head
                a:
                  b:
                    c:
                      # the first
                      - id: old   # keeps its comment
                        text: |
                          two
                          lines

                    # behind the list
                    d: 1
                e: 2
                """))
        .isEqualTo(
            """
            # head
            a:
              b:
                c:
                  # the first
                  - id: old   # keeps its comment
                    text: |
                      two
                      lines
                  - id: new
                    list:
                      - one

                # behind the list
                d: 1
            e: 2
            """);
  }

  @Test
  void in_the_place_of_the_one_with_its_id() {
    assertThat(
            edited(
                """
                a:
                  b:
                    c:
                    - id: new
                      more: {x: 1}
                    - id: old
                """))
        .isEqualTo(
            """
            a:
              b:
                c:
                - id: new
                  list:
                    - one
                - id: old
            """);
  }

  @Test
  void with_the_keys_that_are_missing() {
    assertThat(
            edited(
                """
                a:
                  x: 1
                  # a comment at the end

                z: 2
                """))
        .isEqualTo(
            """
            a:
              x: 1
              b:
                c:
                  - id: new
                    list:
                      - one
              # a comment at the end

            z: 2
            """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"c:", "c: []", "c: null"})
  void in_a_list_that_is_empty(String empty) {
    assertThat(edited("a:\n  b:\n    " + empty + "\n    d: 1\n"))
        .isEqualTo("a:\n  b:\n    c:\n      - id: new\n        list:\n          - one\n    d: 1\n");
  }

  @Test
  void at_the_end_of_a_file_without_an_end() {
    assertThat(edited("a:\n  x: 1"))
        .isEqualTo("a:\n  x: 1\n  b:\n    c:\n      - id: new\n        list:\n          - one");
  }

  @Test
  void twice_is_once() {
    var once = edited("a:\n  x: 1\n");
    assertThat(edited(once)).isEqualTo(once);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a: {b: {c: [{id: x}]}}\n", "a:\n  b:\n    c: [{id: x}]\n", "a:\n  b: text\n"})
  @DisplayName("what is written in braces cannot be continued, and is left alone")
  void not_into_braces(String text) {
    assertThatThrownBy(() -> edited(text))
        .isInstanceOf(FaultyFileException.class)
        .hasMessageContaining("is not written line by line");
  }
}
