package dev.lanyard.protocol.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 6749 §2.3.1 Client Password")
class BasicCredentialsTest {
  @ParameterizedTest
  @CsvSource({"app, secret", "https://c.example/app:1, a+b:c%", "a b, ä§"})
  void id_and_secret_survive_the_header(String id, String secret) throws Exception {
    var credentials = new BasicCredentials(new ClientId(id), new Secret(secret));

    assertThat(BasicCredentials.parse(credentials.toHeader())).isEqualTo(credentials);
  }

  @Test
  @DisplayName("the client identifier is encoded using application/x-www-form-urlencoded")
  void both_parts_are_form_encoded_before_they_are_joined() {
    var header = new BasicCredentials(new ClientId("a:b"), new Secret("c+d")).toHeader();

    assertThat(header).isEqualTo(basic("a%3Ab:c%2Bd"));
  }

  @Test
  void the_scheme_is_known_in_any_case() throws Exception {
    assertThat(BasicCredentials.parse(basic("a:b").replace("Basic", "bAsIc")).client().value())
        .isEqualTo("a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "noColon", ":secret", "%zz:b", "a:%4", "a:%+1", "%-1:b", "a:%C3", "a:%00", "a:% 1"
      })
  void refuses_what_holds_no_credentials(String text) {
    assertRefused(basic(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Basic", "Basic ", "Bearer abc", "Basic ***", "Basic /w=="})
  void refuses_a_broken_header(String header) {
    assertRefused(header);
  }

  @Test
  void refuses_an_oversized_header() {
    assertRefused(basic("a:" + "b".repeat(10_000)));
  }

  private static void assertRefused(String header) {
    assertThatThrownBy(() -> BasicCredentials.parse(header)).isInstanceOf(MalformedException.class);
  }

  private static String basic(String text) {
    return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
