package dev.lanyard.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The beginning of a text, as a record keeps it")
class ExcerptTest {
  private static final String KEY = "\ud83d\udd11";

  @Test
  void is_all_of_a_short_text() {
    assertThat(Excerpt.of("abc", 3)).isEqualTo("abc");
    assertThat(Excerpt.marked("ab" + KEY, 4)).isEqualTo("ab" + KEY);
  }

  @Test
  void ends_where_it_must() {
    assertThat(Excerpt.of("abcd", 3)).isEqualTo("abc");
    assertThat(Excerpt.marked("abcd", 3)).isEqualTo("abc…");
    assertThat(Excerpt.of("abc", 0)).isEmpty();
  }

  @Test
  @DisplayName("never ends within a character, so that it can be read again (RFC 8259 §8.2)")
  void is_never_half_a_character() throws MalformedException {
    var cut = Excerpt.of("ab" + KEY + "c", 3);

    assertThat(cut).isEqualTo("ab");
    var json = JsonObject.builder().put("reason", Excerpt.marked(KEY + KEY, 3)).build().toJson();
    assertThat(JsonObject.parse(json).string("reason")).contains(KEY + "…");
  }
}
