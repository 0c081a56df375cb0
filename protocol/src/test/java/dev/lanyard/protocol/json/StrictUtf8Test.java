package dev.lanyard.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Text from outside is UTF-8 or refused")
class StrictUtf8Test {

  @ParameterizedTest
  @ValueSource(strings = {"", "plain", "Zoë", "日本", "😀", "\u0000\u007f", "already \uFFFD"})
  void reads_what_is_utf8(String text) throws Exception {
    assertThat(StrictUtf8.decode(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "80", // a continuation without a start
        "61c3", // cut off
        "c080", // NUL in two bytes
        "eda080", // half a surrogate pair
        "f4908080", // beyond the last character
        "ff"
      })
  void refuses_what_is_not(String bytes) {
    assertThatThrownBy(() -> StrictUtf8.decode(HexFormat.of().parseHex(bytes)))
        .isInstanceOf(MalformedException.class)
        .hasMessage("not UTF-8 text");
  }
}
