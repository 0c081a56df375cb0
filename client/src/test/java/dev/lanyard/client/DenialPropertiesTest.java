package dev.lanyard.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.egress.EgressResult.Answered;
import dev.lanyard.protocol.oauth.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Spoils good bodies in many small ways, always the same ones: a failure names the seed that made
/// it.
@DisplayName("Whatever a server says in a refusal is a refusal that can be kept (SEC-1, SEC-16)")
class DenialPropertiesTest {
  private static final int ROUNDS = 10_000;
  private static final int STATUS = 400;
  private static final int MOST = 500;

  private static final List<String> GOOD =
      List.of(
          """
          {"error":"invalid_grant","error_description":"the grant \\u00e9 is over"}\
          """,
          """
          {"error":"insufficient_user_authentication","error_description":"sign in anew",\
          "max_age":300,"acr_values":"urn:acr:high urn:acr:low"}\
          """,
          """
          {"error":"login_required","max_age":0}\
          """);

  private static final List<String> PIECES =
      List.of(
          "\"",
          "\\",
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "-",
          "-1",
          "1e999",
          "0.5",
          "\0",
          "\\u0000",
          "9223372036854775807",
          "9223372036854775808",
          "99999999999999999",
          "null",
          "true",
          "[1]",
          "\\ud800",
          "\\u001b[2J",
          "\\u009b2J",
          "\\u0085",
          "\\u202e",
          "\\u2028",
          "\r\n",
          "😀",
          "\"error\":\"x\",",
          "\"error\":1,",
          "\"max_age\":-1,",
          "\"acr_values\":[\"x\"],",
          "a".repeat(600),
          "😀".repeat(300));

  @Test
  void good_bodies_are_understood() {
    assertThat(denial(GOOD.get(0).getBytes(UTF_8)).is(ErrorCode.INVALID_GRANT)).isTrue();
    assertThat(denial(GOOD.get(1).getBytes(UTF_8)).signIn()).isPresent();
    assertThat(denial(GOOD.get(2).getBytes(UTF_8)).signIn()).isPresent();
  }

  @Test
  void no_text_commands_a_terminal() {
    var denial =
        denial(
            """
            {"error":"login_required\\u009b2J","error_description":"\\u001b[2J","max_age":1}\
            """
                .getBytes(UTF_8));
    assertThat(denial.error()).isEqualTo("login_required?2J");
    assertThat(denial.description()).contains("?[2J");
    var demand =
        denial(
                """
                {"error":"login_required","acr_values":"a\\u009b2J","max_age":1}\
                """
                    .getBytes(UTF_8))
            .signIn()
            .orElseThrow();
    assertThat(demand.acrValues()).isEmpty();
    assertThat(demand.maxAge()).isPresent();
  }

  @Test
  void spoilt_bodies_do_no_harm() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      var random = new SplittableRandom(seed);
      var body = GOOD.get(random.nextInt(GOOD.size())).getBytes(UTF_8);
      for (int change = random.nextInt(1, 4); change > 0; change--) {
        body = spoilt(body, random);
      }
      take(body, seed);
    }
  }

  @Test
  void noise_does_no_harm() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      var random = new SplittableRandom(seed);
      var noise = new byte[random.nextInt(64)];
      random.nextBytes(noise);
      take(noise, seed);
    }
  }

  private static void take(byte[] body, int seed) {
    try {
      var denial = denial(body);
      assertKept(denial.error());
      denial.description().ifPresent(DenialPropertiesTest::assertKept);
      denial
          .signIn()
          .ifPresent(demand -> {
            demand.maxAge().ifPresent(age -> assertThat(age.isNegative()).isFalse());
            demand.acrValues().ifPresent(DenialPropertiesTest::assertKept);
          });
      assertThat(denial(body)).isEqualTo(denial);
    } catch (RuntimeException | Error e) {
      Assertions.fail(
          "a body stumbled over seed %d: %s: %s".formatted(seed, new String(body, UTF_8), e), e);
    }
  }

  private static Denial denial(byte[] body) {
    return Denial.of(new Answered(STATUS, Map.of(), body));
  }

  /// Short, in one line, no control of a terminal, and no half of a character.
  private static void assertKept(String text) {
    assertThat(text).hasSizeLessThanOrEqualTo(MOST);
    assertThat(text.codePoints().filter(Character::isISOControl)).isEmpty();
    assertThat(UTF_8.newEncoder().canEncode(text)).isTrue();
  }

  private static byte[] spoilt(byte[] input, SplittableRandom random) {
    int from = random.nextInt(input.length + 1);
    int to = Math.min(input.length, from + random.nextInt(8));
    var out = new ByteArrayOutputStream();
    out.write(input, 0, from);
    if (random.nextInt(3) > 0) {
      out.writeBytes(PIECES.get(random.nextInt(PIECES.size())).getBytes(UTF_8));
    }
    int rest = random.nextBoolean() ? from : to;
    out.write(input, rest, input.length - rest);
    return out.toByteArray();
  }
}
