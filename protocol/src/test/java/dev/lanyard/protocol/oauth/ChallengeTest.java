package dev.lanyard.protocol.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.MalformedException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 9110 §11.6.1 WWW-Authenticate")
class ChallengeTest {
  @Nested
  @DisplayName("Writing")
  class Writing {
    @Test
    void writes_every_value_in_quotes_and_in_order() {
      var challenge =
          Challenge.of("Bearer")
              .with("error", "invalid_token")
              .with("resource_metadata", "https://mcp.example/.well-known/x");

      assertThat(challenge.toHeader())
          .isEqualTo(
              "Bearer error=\"invalid_token\","
                  + " resource_metadata=\"https://mcp.example/.well-known/x\"");
    }

    @Test
    void a_value_can_neither_leave_its_quotes_nor_the_header() throws Exception {
      var evil = "x\", error=\"none\\\r\nSet-Cookie: a=b\u0000\u00e4\u2028";
      var header = Challenge.of("Bearer").with("scope", evil).toHeader();

      assertThat(header).isPrintable().doesNotContain("\r", "\n");
      assertThat(Challenge.parse(header))
          .containsExactly(
              Challenge.of("Bearer").with("scope", "x\", error=\"none\\??Set-Cookie: a=b???"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a=b", "a\r\n", "ä", "a\"b"})
    void a_name_that_is_no_token_is_a_fault_of_ours(String name) {
      assertThatThrownBy(() -> Challenge.of("Bearer").with(name, "x"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Challenge.of(name)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Nested
  @DisplayName("Reading")
  class Reading {
    @Test
    void reads_what_was_written_whatever_the_values_are() throws Exception {
      var random = new Random(9110);
      for (int round = 0; round < 500; round++) {
        var challenge =
            Challenge.of("DPoP").with("a", printable(random)).with("b", printable(random));
        assertThat(Challenge.parse(challenge.toHeader())).containsExactly(challenge);
      }
    }

    @Test
    void reads_several_challenges_from_one_header() throws Exception {
      assertThat(
              Challenge.parse(
                  ", Negotiate abc/+==, Basic,Bearer Error = \"x\" , scope=a ,, DPoP algs=\"ES256\","))
          .isEqualTo(
              List.of(
                  Challenge.of("Negotiate"),
                  Challenge.of("Basic"),
                  new Challenge("Bearer", Map.of("error", "x", "scope", "a")),
                  Challenge.of("DPoP").with("algs", "ES256")));
    }

    @Test
    void tolerates_a_url_without_quotes() throws Exception {
      assertThat(Challenge.parse("Bearer resource_metadata=https://mcp.example/a?b=c, scope=\"x\""))
          .containsExactly(
              Challenge.of("Bearer")
                  .with("resource_metadata", "https://mcp.example/a?b=c")
                  .with("scope", "x"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "Bearer a=\"open",
          "Bearer a=\"open\\",
          "Bearer a=\"b\" c=\"d\"",
          "Bearer a=\"b\"c",
          "Bearer a=\"b\", A=\"c\"",
          "Bearer a=,b=c",
          "Bearer a=b, c=",
          "Bearer/x",
          "\"Bearer\"",
          "Bearer a=\"b\u0001\"",
        })
    void refuses_what_breaks_the_grammar(String header) {
      assertThatThrownBy(() -> Challenge.parse(header)).isInstanceOf(MalformedException.class);
    }

    @Test
    void never_throws_anything_else_whatever_it_reads() {
      var random = new Random(11);
      for (int round = 0; round < 20_000; round++) {
        var text = noise(random);
        try {
          assertThat(Challenge.parse(text)).isNotNull();
        } catch (MalformedException e) {
          assertThat(e).hasMessageStartingWith("WWW-Authenticate");
        }
      }
    }

    @Test
    void refuses_an_oversized_header() {
      assertThatThrownBy(() -> Challenge.parse("Bearer a=" + "b".repeat(20_000)))
          .isInstanceOf(MalformedException.class);
    }
  }

  private static String printable(Random random) {
    return random
        .ints(random.nextInt(20), 0x20, 0x7f)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static String noise(Random random) {
    var alphabet = "ab=\", \\\t/\u0001\u00e4";
    return random
        .ints(random.nextInt(16), 0, alphabet.length())
        .mapToObj(alphabet::charAt)
        .collect(StringBuilder::new, StringBuilder::append, StringBuilder::append)
        .toString();
  }
}
