package dev.lanyard.protocol.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("MCP 2026-07-28, Streamable HTTP: values in headers")
class MirroredHeadersTest {
  @ParameterizedTest
  @DisplayName("What a header cannot hold as it is goes as Base64, and comes back")
  @ValueSource(strings = {"", " list", "list ", "tab\tin", "größe", "日本", "=?base64?bGlzdA==?="})
  void encoded(String value) {
    var header = MirroredHeaders.encoded(value);

    assertThat(header).startsWith("=?base64?").endsWith("?=").matches("[\\x21-\\x7e]+");
    assertThat(MirroredHeaders.decoded(header)).contains(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"list", "a b", "file:///a?b=c", "=?base64", "?="})
  void plain(String value) {
    assertThat(MirroredHeaders.encoded(value)).isEqualTo(value);
    assertThat(MirroredHeaders.decoded(value)).contains(value);
  }

  @ParameterizedTest
  @DisplayName("RS-15: what is encoded badly says nothing")
  @ValueSource(
      strings = {
        "=?base64?=",
        "=?base64?%?=",
        "=?base64?bGlzd?=",
        "=?base64?/w==?=",
        "=?base64?SGVsbG8?=",
        "=?base64?SGVsbG9=?="
      })
  void badly(String header) {
    assertThat(MirroredHeaders.decoded(header)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "tools/call,name",
    "prompts/get,name",
    "resources/read,uri",
    "tasks/get,taskId",
    "tasks/update,taskId",
    "tasks/cancel,taskId"
  })
  void names(String method, String member) {
    assertThat(MirroredHeaders.nameIn(method)).contains(member);
  }

  @Test
  void other_methods_name_nothing() {
    assertThat(MirroredHeaders.nameIn("tools/list")).isEmpty();
  }
}
