package dev.lanyard.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.MalformedException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 7578: forms with a file in them")
class MultipartFormTest {
  private static MultipartForm parsed(String type, String body) throws MalformedException {
    return MultipartForm.parse(type, body.getBytes(StandardCharsets.UTF_8));
  }

  private static MultipartForm parsed(String body) throws MalformedException {
    return parsed("multipart/form-data; boundary=b", body);
  }

  @Test
  void as_browsers_send_them() throws MalformedException {
    var form =
        parsed(
            "multipart/form-data; boundary=\"b\"",
            """
            --b\r
            Content-Disposition: form-data; name="issuer"\r
            \r
            https://x.example\r
            --b\r
            Content-Disposition: form-data; name="people"; filename="name=""\r
            Content-Type: text/csv\r
            \r
            sub\r
            ä--b\r
            \r
            --b\r
            Content-Disposition: form-data; name="empty"\r
            \r
            \r
            --b--\r
            """);
    assertThat(form.text("issuer")).isEqualTo("https://x.example");
    assertThat(form.text("people")).isEqualTo("sub\r\nä--b\r\n");
    assertThat(form.text("empty")).isEmpty();
    assertThat(form.text("absent")).isEmpty();
    assertThat(form.toString()).doesNotContain("x.example");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "--b",
        "--b\r\n",
        "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1",
        "--b\r\nContent-Disposition: form-data; filename=\"a\"\r\n\r\n1\r\n--b--",
        "--b\r\nX: y\r\n\r\n1\r\n--b--",
        "--bx\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b\r\n"
            + "Content-Disposition: form-data; name=\"a\"\r\n\r\n2\r\n--b--"
      })
  void of_another_form_are_refused(String body) {
    assertThatThrownBy(() -> parsed(body)).isInstanceOf(MalformedException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text/plain",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"b",
        "multipart/mixed; boundary=b"
      })
  void of_another_type_are_refused(String type) {
    assertThatThrownBy(() -> parsed(type, "--b--")).isInstanceOf(MalformedException.class);
  }

  @Test
  void with_too_many_parts_or_another_encoding_are_refused() throws MalformedException {
    var body = new StringBuilder();
    for (int i = 0; i < 21; i++) {
      body.append("--b\r\nContent-Disposition: form-data; name=\"f")
          .append(i)
          .append("\"\r\n\r\n1\r\n");
    }
    assertThatThrownBy(() -> parsed(body.append("--b--").toString()))
        .isInstanceOf(MalformedException.class);
    var latin =
        MultipartForm.parse(
            "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\u00e4\r\n--b--"
                .getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> latin.text("a")).isInstanceOf(MalformedException.class);
  }
}
