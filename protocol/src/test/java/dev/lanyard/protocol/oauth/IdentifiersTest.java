package dev.lanyard.protocol.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lanyard.protocol.json.MalformedException;
import java.net.URI;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Identifiers are kept byte for byte")
class IdentifiersTest {
  @Nested
  @DisplayName("RFC 8414 §2: an issuer is a URL without query and fragment (META-3)")
  class Issuers {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "https://h",
          "https://h/",
          "https://h:8443/t1",
          "https://h:65535",
          "http://localhost:8080",
          "https://[::1]/"
        })
    void is_read_as_it_is_written(String value) throws Exception {
      assertThat(Issuer.parse(value)).hasToString(value).isEqualTo(new Issuer(value));
      assertThat(Issuer.parse(value).uri()).isEqualTo(URI.create(value));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "h",
          "//h",
          "/t1",
          "ftp://h",
          "HTTPS://h",
          "https:",
          "https:h",
          "https:///t",
          "https://h?q",
          "https://h?",
          "https://h#",
          "https://h:65536",
          "https://h:99999999999",
          "https://u@h",
          "https://u:p@h",
          "https://h/ ",
          "https://h/%zz",
          "https://h/é",
          "https://hé/",
          "https://h/\n",
          "urn:x",
          "https://a b"
        })
    void is_refused_otherwise(String value) {
      assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> Issuer.parse(value));
      assertThatIllegalArgumentException().isThrownBy(() -> new Issuer(value));
    }

    @Test
    void has_2048_characters_at_most() throws Exception {
      var longest = "https://h/" + "a".repeat(2038);

      assertThat(Issuer.parse(longest)).hasToString(longest);
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> Issuer.parse(longest + "a"));
    }

    @Test
    void is_found_by_hand_but_never_compared_without_its_slash() {
      var issuer = new Issuer("https://h/t1");

      assertThat(issuer.equalsButForTrailingSlash("https://h/t1/")).isTrue();
      assertThat(issuer.equalsButForTrailingSlash("https://h/t1")).isTrue();
      assertThat(issuer.equalsButForTrailingSlash("https://h/t1//")).isFalse();
      assertThat(issuer.equalsButForTrailingSlash("https://H/t1")).isFalse();
      assertThat(issuer).isNotEqualTo(new Issuer("https://h/t1/"));
    }
  }

  @Nested
  @DisplayName("RFC 8707 §2: a resource is an absolute URI without fragment (IDP-6)")
  class Resources {
    @ParameterizedTest
    @ValueSource(strings = {"https://h/mcp", "https://h/mcp?tenant=1", "http://127.0.0.1:1/"})
    void is_read_as_it_is_written(String value) throws Exception {
      assertThat(ResourceIndicator.parse(value))
          .hasToString(value)
          .isEqualTo(new ResourceIndicator(value));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"", "/mcp", "https://h/#f", "https://h/#", "urn:x", "https://u@h/", "é"})
    void is_refused_otherwise(String value) {
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> ResourceIndicator.parse(value));
      assertThatIllegalArgumentException().isThrownBy(() -> new ResourceIndicator(value));
    }
  }

  @Nested
  @DisplayName("RFC 6749 Appendix A.1: a client id is printable ASCII")
  class ClientIds {
    @ParameterizedTest
    @ValueSource(strings = {"a", " ", "~", "https://client.example/metadata.json", "a b:c"})
    void is_read_as_it_is_written(String value) throws Exception {
      assertThat(ClientId.parse(value)).hasToString(value).isEqualTo(new ClientId(value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "é", "a\n", "\u001f", "\u007f"})
    void is_refused_otherwise(String value) {
      assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> ClientId.parse(value));
      assertThatIllegalArgumentException().isThrownBy(() -> new ClientId(value));
    }

    @Test
    void has_512_characters_at_most() throws Exception {
      assertThat(ClientId.parse("a".repeat(512)).value()).hasSize(512);
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> ClientId.parse("a".repeat(513)));
    }
  }
}
