package dev.lanyard.protocol.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lanyard.protocol.json.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("OAuth 2.1 §3.2 Request parameters (TOK-1, IDP-20)")
class FormTest {
  private static Form parse(String encoded) throws MalformedException {
    return Form.parse(encoded, Set.of("resource"));
  }

  private static void assertMalformed(String encoded, String message) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> parse(encoded))
        .withMessageContaining(message);
  }

  @Nested
  @DisplayName("Parameters sent without a value MUST be treated as if they were omitted")
  class Empty {
    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a=", "&", "&&a=&", "="})
    void is_absent(String encoded) throws Exception {
      assertThat(parse(encoded).names()).isEmpty();
      assertThat(parse(encoded).has("a")).isFalse();
      assertThat(parse(encoded).one("a")).isEmpty();
      assertThat(parse(encoded).all("a")).isEmpty();
    }

    @Test
    void counts_not_as_the_first_of_two() throws Exception {
      assertThat(parse("a=&a=1").one("a")).contains("1");
    }
  }

  @Nested
  @DisplayName("Parameters MUST NOT be included more than once")
  class Repeated {
    @ParameterizedTest
    @ValueSource(strings = {"a=1&a=2", "a=1&a=1", "a=1&%61=1"})
    void is_refused(String encoded) {
      assertMalformed(encoded, "'a' appears twice");
    }

    @Test
    void is_allowed_for_those_that_may() throws Exception {
      var form = parse("resource=b&resource=a");

      assertThat(form.all("resource")).containsExactly("b", "a");
      assertThat(form.one("resource")).contains("b");
    }

    @Test
    void says_which_without_repeating_strange_characters_or_endless_names() {
      assertMalformed("a%0Ab=1&a%0Ab=1", "'a?b'");
      var name = "n".repeat(1000);
      assertMalformed(name + "=1&" + name + "=1", "'" + "n".repeat(64) + "'");
    }
  }

  @Nested
  @DisplayName("application/x-www-form-urlencoded in UTF-8")
  class Encoding {
    @Test
    void is_decoded_in_names_and_values() throws Exception {
      var form = parse("n%61me=a+b%20c%26%3D%2B%C3%A9&x=a=b");

      assertThat(form.one("name")).contains("a b c&=+é");
      assertThat(form.one("x")).contains("a=b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%", "a=%1", "a=%zz", "a=%+1", "a=%-1", "a=% 1", "%=1", "a=b%2"})
    void refuses_a_broken_escape(String encoded) {
      assertMalformed(encoded, "broken percent escape");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"a=%C3", "a=%C0%80", "a=%ED%A0%80", "a=%FF", "a=%00", "a=\0", "a=\uFFFD"})
    void refuses_what_is_no_text(String encoded) {
      assertMalformed(encoded, "not UTF-8 text");
    }

    @Test
    void refuses_a_body_that_is_not_utf_8() throws Exception {
      assertThat(Form.parse("a=é".getBytes(StandardCharsets.UTF_8), Set.of()).one("a"))
          .contains("é");
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> Form.parse("a=é".getBytes(StandardCharsets.ISO_8859_1), Set.of()))
          .withMessageContaining("not UTF-8");
    }

    @Test
    void has_64_parameters_and_no_more() throws Exception {
      assertThat(parse("x=1" + "&".repeat(63)).one("x")).contains("1");
      assertMalformed("x=1&" + "&".repeat(63) + "y=1", "more than 64");
    }
  }

  @Nested
  @DisplayName("A required parameter")
  class Required {
    @Test
    void is_given_or_its_absence_is_named() throws Exception {
      assertThat(parse("a=1").required("a")).isEqualTo("1");
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> parse("a=1").required("b"))
          .withMessage("parameter 'b' is missing");
    }
  }

  @Test
  void is_written_as_it_is_read() throws Exception {
    var form =
        Form.builder()
            .add("a", "1 &=+é%")
            .add("resource", "x")
            .add("resource", "y")
            .addIfPresent("absent", Optional.empty())
            .addIfPresent("b", Optional.of("2"))
            .build();

    assertThat(form.encode()).isEqualTo("a=1+%26%3D%2B%C3%A9%25&resource=x&resource=y&b=2");
    assertThat(parse(form.encode()).encode()).isEqualTo(form.encode());
  }

  @Test
  @DisplayName("shows only its names when printed (SEC-10)")
  void shows_only_its_names() throws Exception {
    assertThat(parse("client_secret=x")).hasToString("Form[client_secret]");
  }
}
