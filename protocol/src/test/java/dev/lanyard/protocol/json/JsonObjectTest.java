package dev.lanyard.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Strict JSON (RFC 8259, RFC 8725 §3, SEC-1)")
class JsonObjectTest {
  private static void assertMalformed(String json) {
    assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> JsonObject.parse(json));
  }

  private static void assertMalformed(byte[] json, String message) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> JsonObject.parse(json))
        .withMessageContaining(message);
  }

  @Nested
  @DisplayName("What is read")
  class Read {
    @Test
    void every_kind_of_value() throws Exception {
      var object =
          JsonObject.parse(
              """
              {"s":"é\\u20ac\\ud83d\\ude00","i":-9223372036854775808,"d":1.5,"t":true,
               "n":null,"o":{"x":1},"ss":["a","b"],"oo":[{"y":2}]}\
              """);

      assertThat(object.string("s")).contains("é€😀");
      assertThat(object.integer("i")).contains(Long.MIN_VALUE);
      assertThat(object.seconds("d")).contains(1L);
      assertThat(object.bool("t")).contains(true);
      assertThat(object.has("n")).isTrue();
      assertThat(object.object("o").orElseThrow().integer("x")).contains(1L);
      assertThat(object.strings("ss")).contains(List.of("a", "b"));
      assertThat(object.objects("oo").orElseThrow()).hasSize(1);
      assertThat(object.names()).containsExactly("s", "i", "d", "t", "n", "o", "ss", "oo");
    }

    @Test
    void white_space_around_it() throws Exception {
      assertThat(JsonObject.parse(" \t\r\n{}\n ").isEmpty()).isTrue();
    }

    @Test
    void sixteen_levels_and_no_more() throws Exception {
      assertThat(JsonObject.parse(nested(16)).has("a")).isTrue();
      assertMalformed(nested(17));
    }

    private String nested(int levels) {
      return "{\"a\":".repeat(levels - 1) + "{}" + "}".repeat(levels - 1);
    }

    @Test
    void a_quarter_of_a_mebibyte_and_no_more() throws Exception {
      var frame = "{\"a\":\"\"}".length();
      var fits = "{\"a\":\"" + "x".repeat(256 * 1024 - frame) + "\"}";

      assertThat(JsonObject.parse(fits).has("a")).isTrue();
      assertMalformed((fits + " ").getBytes(StandardCharsets.UTF_8), "larger than");
    }
  }

  @Nested
  @DisplayName("What is refused")
  class Refused {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          " ",
          "[]",
          "\"a\"",
          "1",
          "null",
          "{",
          "}",
          "{\"a\"}",
          "{\"a\":}",
          "{\"a\":1,}",
          "{,}",
          "{a:1}",
          "{'a':1}",
          "{\"a\":01}",
          "{\"a\":+1}",
          "{\"a\":.5}",
          "{\"a\":NaN}",
          "{\"a\":Infinity}",
          "{\"a\":tru}",
          "{\"a\":[1,]}",
          "{\"a\":\"\t\"}",
          "{\"a\":\"\\x\"}",
          "{}{}",
          "{} x",
          "{}]",
          "/*c*/{}",
          "{}//c",
          "{\"a\":\"\u0000\"}",
          "\uFEFF{}"
        })
    void what_is_not_one_object(String json) {
      assertMalformed(json);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"a\":1,\"a\":1}",
          "{\"a\":1,\"\\u0061\":1}",
          "{\"a\":{\"b\":1,\"b\":2}}",
          "{\"a\":[{\"b\":1,\"b\":2}]}"
        })
    void a_member_named_twice_at_any_depth(String json) {
      assertMalformed(json);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "9223372036854775808",
          "-9223372036854775809",
          "1e999",
          "-1e999",
          "1e99999999999"
        })
    void a_number_that_does_not_fit(String number) {
      assertMalformed("{\"a\":" + number + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud83d", "\\ude00", "\\ude00\\ud83d", "x\\ud83dx"})
    void half_a_character(String text) {
      assertMalformed("{\"a\":\"" + text + "\"}");
      assertMalformed("{\"" + text + "\":1}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE"})
    void another_encoding_that_a_parser_might_guess(String encoding) {
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> JsonObject.parse("{\"a\":1}".getBytes(Charset.forName(encoding))));
    }

    @Test
    void bytes_that_are_not_utf_8() {
      assertMalformed(new byte[] {'{', '"', (byte) 0xC3, '"', ':', '1', '}'}, "UTF-8");
      // An overlong zero, and half a surrogate pair as its own three bytes.
      assertMalformed(new byte[] {'{', '"', (byte) 0xC0, (byte) 0x80, '"', '}'}, "UTF-8");
      assertMalformed(
          new byte[] {'{', '"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"', '}'}, "UTF-8");
    }

    @Test
    void a_text_that_no_column_of_postgresql_can_hold() {
      assertMalformed("{\"a\":\"b\\u0000\"}".getBytes(StandardCharsets.UTF_8), "U+0000");
      assertMalformed("{\"a\\u0000\":1}".getBytes(StandardCharsets.UTF_8), "U+0000");
    }

    @Test
    @DisplayName("and the message does not repeat it (SEC-10)")
    void without_repeating_it() {
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> JsonObject.parse("{\"a\":secret}"))
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
    }
  }

  @Nested
  @DisplayName("A member of another type never passes as absent")
  class Types {
    private final JsonObject object = parsed("{\"a\":1,\"n\":null,\"m\":[\"a\",1],\"e\":\"\"}");

    private JsonObject parsed(String json) {
      try {
        return JsonObject.parse(json);
      } catch (MalformedException e) {
        throw new AssertionError(e);
      }
    }

    @Test
    void absent_is_empty() throws Exception {
      assertThat(object.string("x")).isEmpty();
      assertThat(object.integer("x")).isEmpty();
      assertThat(object.seconds("x")).isEmpty();
      assertThat(object.instant("x")).isEmpty();
      assertThat(object.bool("x")).isEmpty();
      assertThat(object.object("x")).isEmpty();
      assertThat(object.strings("x")).isEmpty();
      assertThat(object.objects("x")).isEmpty();
      assertThat(object.stringOrStrings("x")).isEmpty();
      assertThat(object.text("x")).isEmpty();
    }

    @Test
    void another_type_is_malformed() {
      assertWrong(() -> object.string("a"), "'a' is not a string");
      assertWrong(() -> object.bool("a"), "'a' is not a boolean");
      assertWrong(() -> object.object("a"), "'a' is not an object");
      assertWrong(() -> object.strings("a"), "'a' is not an array of strings");
      assertWrong(() -> object.objects("a"), "'a' is not an array of objects");
      assertWrong(() -> object.stringOrStrings("a"), "'a' is not an array of strings");
      assertWrong(() -> object.integer("e"), "'e' is not a whole number");
      assertWrong(() -> object.seconds("e"), "'e' is not a whole number");
      assertWrong(() -> object.string("n"), "'n' is not a string");
      assertWrong(() -> object.strings("m"), "'m' is not an array of strings");
      assertWrong(() -> object.nonEmptyString("e"), "'e' is absent or empty");
      assertWrong(() -> object.nonEmptyString("x"), "'x' is absent or empty");
    }

    private void assertWrong(
        org.assertj.core.api.ThrowableAssert.ThrowingCallable access, String message) {
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(access)
          .withMessageContaining(message);
    }

    @Test
    void one_text_or_several() throws Exception {
      var aud = parsed("{\"one\":\"a\",\"two\":[\"a\",\"b\"]}");

      assertThat(aud.stringOrStrings("one")).contains(List.of("a"));
      assertThat(aud.stringOrStrings("two")).contains(List.of("a", "b"));
    }

    @Test
    @DisplayName("RFC 7519 §2 NumericDate")
    void dates() throws Exception {
      var dates =
          parsed("{\"i\":1,\"f\":1.99,\"o\":-1,\"z\":0,\"x\":253402300799,\"y\":253402300800}");

      assertThat(dates.instant("i")).contains(Instant.ofEpochSecond(1));
      assertThat(dates.instant("f")).contains(Instant.ofEpochSecond(1));
      assertThat(dates.instant("z")).contains(Instant.EPOCH);
      assertThat(dates.instant("x")).contains(Instant.parse("9999-12-31T23:59:59Z"));
      assertWrong(() -> dates.instant("o"), "'o' is not a date");
      assertWrong(() -> dates.instant("y"), "'y' is not a date");
    }
  }

  @Nested
  @DisplayName("What is written")
  class Written {
    @Test
    void is_read_again_the_same() throws Exception {
      var object =
          JsonObject.builder()
              .put("s", "\"\\\n\u0001é😀</script>")
              .put("l", Long.MAX_VALUE)
              .put("b", false)
              .put("o", JsonObject.builder().put("x", "y").build())
              .put("a", List.of("a", "b"))
              .build();

      assertThat(JsonObject.parse(object.toJson())).isEqualTo(object).hasSameHashCodeAs(object);
      assertThat(JsonObject.parse(object.toPrettyJson())).isEqualTo(object);
      assertThat(JsonObject.parse(object.toBytes())).isEqualTo(object);
    }

    @Test
    void leaves_out_what_is_empty_and_keeps_the_order() {
      var object =
          JsonObject.builder()
              .put("z", "1")
              .put("empty", List.of())
              .putIfPresent("absent", Optional.empty())
              .putIfPresent("a", Optional.of("2"))
              .putOneOrMany("one", List.of("x"))
              .putOneOrMany("two", List.of("x", "y"))
              .putOneOrMany("none", List.of())
              .build();

      assertThat(object.toJson())
          .isEqualTo("{\"z\":\"1\",\"a\":\"2\",\"one\":\"x\",\"two\":[\"x\",\"y\"]}");
    }

    @Test
    void one_object_over_another() throws Exception {
      var below = JsonObject.parse("{\"a\":1,\"b\":2}");
      var above = JsonObject.parse("{\"b\":3,\"c\":4}");

      assertThat(below.with(above).toJson()).isEqualTo("{\"a\":1,\"b\":3,\"c\":4}");
      assertThat(JsonObject.builder().put("a", 1).putAll(above).build().toJson())
          .isEqualTo("{\"a\":1,\"b\":3,\"c\":4}");
      assertThat(below.toJson()).isEqualTo("{\"a\":1,\"b\":2}");
    }

    @Test
    void an_array_holds_texts_objects_and_numbers_only() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> JsonObject.builder().put("a", List.of(new Object())));
    }

    @Test
    @DisplayName("shows only its names when printed (SEC-10)")
    void shows_only_its_names() {
      assertThat(JsonObject.builder().put("password", "x").build())
          .hasToString("JsonObject[password]");
    }

    @Test
    @DisplayName("copies a member as it is, whatever its type")
    void only() throws Exception {
      for (var value : List.of("\"a\\\"b\"", "1.5", "null", "[1,{}]", "18446744073709551615")) {
        var json = "{\"id\":" + value + ",\"more\":1}";
        var object = JsonObject.parseLarge(json.getBytes(StandardCharsets.UTF_8));

        var copied = JsonObject.builder().put("a", 1).putAll(object.only("id")).build();

        assertThat(copied.toJson()).isEqualTo("{\"a\":1,\"id\":" + value + "}");
      }
      assertThat(JsonObject.EMPTY.only("id").isEmpty()).isTrue();
    }

    @Test
    void tells_texts_and_numbers_from_everything_else() throws Exception {
      var object = JsonObject.parse("{\"t\":\"7\",\"n\":7,\"f\":-0.5,\"z\":null,\"o\":{}}");

      assertThat(object.names().stream().filter(object::isString)).containsExactly("t");
      assertThat(object.names().stream().filter(object::isNumber)).containsExactly("n", "f");
      assertThat(object.isString("absent") || object.isNumber("absent")).isFalse();
    }

    @Test
    void a_built_object_does_not_change_with_its_builder() {
      var builder = JsonObject.builder().put("a", 1);
      var object = builder.build();
      builder.put("b", 2);

      assertThat(object.names()).containsExactly("a");
    }
  }

  @Nested
  @DisplayName("Numbers of messages between programs")
  class LargeNumbers {
    private static JsonObject large(String number) throws MalformedException {
      return JsonObject.parseLarge(("{\"n\":" + number + "}").getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "18446744073709551615",
          "-170141183460469231731687303715884105728",
          "0.1234567890123456789",
          "1E+400",
          "-1.5E-400",
          "9223372036854775807",
          "0.1"
        })
    @DisplayName("are written with all of their digits, and are no 64 bits to anybody")
    void kept(String number) throws Exception {
      var object = large(number);

      assertThat(object.toJson()).isEqualTo("{\"n\":" + number + "}");
      if (!number.equals("9223372036854775807")) {
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> object.integer("n"));
      }
    }

    @Test
    @DisplayName("have one canonical text for each number")
    void canonical() throws Exception {
      assertThat(large("18446744073709551616").toCanonicalJson())
          .isNotEqualTo(large("18446744073709551617").toCanonicalJson());
      assertThat(large("1E400").toCanonicalJson()).isEqualTo(large("10.0e399").toCanonicalJson());
      assertThat(large("0.10").toCanonicalJson()).isEqualTo("{\"n\":0.1}");
    }

    @Test
    void have_no_more_digits_than_anybody_needs() {
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> large("1" + "0".repeat(500)))
          .withMessageContaining("limit");
    }
  }
}
