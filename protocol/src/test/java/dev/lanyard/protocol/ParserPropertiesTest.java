package dev.lanyard.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Spoils good input in many small ways, always the same ones: a failure names the seed that made
/// it.
@DisplayName("Whatever strangers send is refused as malformed or understood the same twice (SEC-1)")
class ParserPropertiesTest {
  private static final int ROUNDS = 2_000;

  /// Pieces that parsers have stumbled over.
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
          ".",
          "..",
          "=",
          "&",
          "%",
          "%+1",
          "+",
          " ",
          "\0",
          "\\ud800",
          "\\u0000",
          "\uFFFD",
          "é",
          "😀",
          "1e999",
          "-0",
          "9223372036854775808",
          "null",
          "\"alg\":\"none\",",
          "\"a\":1,\"a\":2,",
          "\"d\":\"AA\",",
          "AAAA",
          "-",
          "_",
          "//",
          "#",
          ":70000",
          ":0",
          ":-1",
          "@",
          "https://[::1]",
          "xn--",
          "?",
          "\r\n",
          "\r\n\r\n",
          "\r\n \t",
          "ffffffff",
          "Content-Length: 1\r\n",
          "\u0085");

  @ParameterizedTest
  @EnumSource(Parsers.class)
  void good_input_is_understood(Parsers parser) throws Exception {
    parser.take(parser.seed());
  }

  @ParameterizedTest
  @EnumSource(Parsers.class)
  void spoilt_input_does_no_harm(Parsers parser) {
    for (int seed = 0; seed < ROUNDS; seed++) {
      var random = new SplittableRandom(seed);
      var input = parser.seed();
      for (int change = random.nextInt(1, 4); change > 0; change--) {
        input = spoilt(input, random);
      }
      take(parser, input, seed);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Parsers.class,
      names = {"JWT", "DPOP_PROOF", "SECURITY_EVENT_TOKEN", "LOGOUT_TOKEN", "ACCESS_TOKEN"})
  @DisplayName("spoilt header or claims within sound base64url do no harm")
  void spoilt_parts_do_no_harm(Parsers parser) {
    var parts = new String(parser.seed(), StandardCharsets.US_ASCII).split("\\.");
    for (int seed = 0; seed < ROUNDS; seed++) {
      var random = new SplittableRandom(seed);
      var spoilt = parts.clone();
      int part = random.nextInt(2);
      spoilt[part] =
          Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(spoilt(Base64.getUrlDecoder().decode(parts[part]), random));
      take(parser, String.join(".", spoilt).getBytes(StandardCharsets.US_ASCII), seed);
    }
  }

  @ParameterizedTest
  @EnumSource(Parsers.class)
  void noise_does_no_harm(Parsers parser) {
    for (int seed = 0; seed < ROUNDS; seed++) {
      var random = new SplittableRandom(seed);
      var noise = new byte[random.nextInt(64)];
      random.nextBytes(noise);
      take(parser, noise, seed);
    }
  }

  @ParameterizedTest
  @EnumSource(Parsers.class)
  @DisplayName("each of them can be fuzzed with the guide of coverage, too")
  void every_parser_is_fuzzed(Parsers parser) throws Exception {
    var words = parser.name().toLowerCase(Locale.ROOT).split("_");
    var name = new StringBuilder(words[0]);
    for (var word : List.of(words).subList(1, words.length)) {
      name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
    }
    var method = ParserFuzzTest.class.getDeclaredMethod(name.toString(), byte[].class);
    assertThat(method.isAnnotationPresent(FuzzTest.class)).isTrue();
  }

  private static void take(Parsers parser, byte[] input, int seed) {
    try {
      parser.takeOrRefuse(input);
    } catch (RuntimeException | Error e) {
      Assertions.fail("%s stumbled over seed %d: %s".formatted(parser, seed, e), e);
    }
  }

  private static byte[] spoilt(byte[] input, SplittableRandom random) {
    int from = random.nextInt(input.length + 1);
    int to = Math.min(input.length, from + random.nextInt(8));
    var out = new ByteArrayOutputStream();
    out.write(input, 0, from);
    switch (random.nextInt(4)) {
      case 0 -> out.writeBytes(piece(random));
      case 1 -> {
        out.writeBytes(piece(random));
        from = to;
      }
      case 2 -> from = to;
      default -> {
        out.write(random.nextInt(256));
        from = Math.min(input.length, from + 1);
      }
    }
    out.write(input, from, input.length - from);
    return out.toByteArray();
  }

  private static byte[] piece(SplittableRandom random) {
    return PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
  }
}
