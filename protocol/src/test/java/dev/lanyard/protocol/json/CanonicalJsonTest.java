package dev.lanyard.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("RFC 8785: JSON Canonicalization Scheme")
class CanonicalJsonTest {
  private static String canonical(String json) throws MalformedException {
    return JsonObject.parse(json).toCanonicalJson();
  }

  @Test
  void section_3_2_2_the_example_of_the_specification() throws Exception {
    var input =
        """
        {"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
         "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
         "literals": [null, true, false]}\
        """;
    assertThat(canonical(input))
        .isEqualTo(
            "{\"literals\":[null,true,false],"
                + "\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
  }

  @Test
  void section_3_2_3_members_are_sorted_by_utf_16_code_units() throws Exception {
    var input =
        """
        {"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh",
         "1":"One","\\ud83d\\ude00":"Emoji: Grinning Face","\\u0080":"Control",
         "\\u00f6":"Latin Small Letter O With Diaeresis"}\
        """;
    assertThat(canonical(input))
        .isEqualTo(
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small"
                + " Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning"
                + " Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
  }

  @ParameterizedTest
  @DisplayName("Appendix B: numbers as ECMAScript writes them")
  @CsvSource({
    "0000000000000000, 0",
    "8000000000000000, 0",
    "0000000000000001, 5e-324",
    "8000000000000001, -5e-324",
    "7fefffffffffffff, 1.7976931348623157e+308",
    "ffefffffffffffff, -1.7976931348623157e+308",
    "4340000000000000, 9007199254740992",
    "c340000000000000, -9007199254740992",
    "4430000000000000, 295147905179352830000",
    "44b52d02c7e14af5, 9.999999999999997e+22",
    "44b52d02c7e14af6, 1e+23",
    "44b52d02c7e14af7, 1.0000000000000001e+23",
    "444b1ae4d6e2ef4e, 999999999999999700000",
    "444b1ae4d6e2ef4f, 999999999999999900000",
    "444b1ae4d6e2ef50, 1e+21",
    "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d, 0.000001",
    "41b3de4355555553, 333333333.3333332",
    "41b3de4355555554, 333333333.33333325",
    "41b3de4355555555, 333333333.3333333",
    "41b3de4355555556, 333333333.3333334",
    "becbf647612f3696, -0.0000033333333333333333",
    "43143ff3c1cb0959, 1424953923781206.2"
  })
  void numbers(String bits, String text) {
    assertThat(CanonicalWriter.number(Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16))))
        .isEqualTo(text);
  }

  @Test
  void the_same_said_in_other_words_is_the_same_text() throws Exception {
    assertThat(canonical("{\"b\":[1.0,{}],\"a\":\"\\u0041\"}"))
        .isEqualTo(canonical("{ \"a\" : \"A\", \"b\" : [ 1, { } ] }"));
  }

  @Test
  void whole_numbers_that_no_double_tells_apart_stay_different() throws Exception {
    assertThat(canonical("{\"n\":9007199254740993}"))
        .isNotEqualTo(canonical("{\"n\":9007199254740992}"));
  }

  @Test
  void empty_objects_and_arrays() throws Exception {
    assertThat(canonical("{\"o\":{},\"a\":[]}")).isEqualTo("{\"a\":[],\"o\":{}}");
  }

  @Test
  @DisplayName("RFC 6901: every leaf has its place")
  void leaves() throws Exception {
    var object = JsonObject.parse("{\"a/b\":{\"~\":[\"x\",2]},\"e\":{},\"n\":null,\"t\":true}");
    assertThat(object.leaves())
        .isEqualTo(
            new JsonLeaves(
                List.of(
                    new JsonLeaf("/a~1b/~0/0", "x", true),
                    new JsonLeaf("/a~1b/~0/1", "2", false),
                    new JsonLeaf("/e", "{}", false),
                    new JsonLeaf("/n", "null", false),
                    new JsonLeaf("/t", "true", false)),
                true));
  }
}
