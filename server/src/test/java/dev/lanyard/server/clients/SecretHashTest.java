package dev.lanyard.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.oauth.Secret;
import java.security.SecureRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("TOK-9: secrets have at least 128 random bits and are kept as hashes")
class SecretHashTest {
  private final ClientSecret made = ClientSecret.generate(new SecureRandom());

  @Test
  void the_text_form_keeps_the_secret_recognisable() {
    var read = SecretHash.parse(made.hash().text());
    assertThat(read).isEqualTo(made.hash());
    assertThat(read.isOf(made.secret())).isTrue();
    assertThat(read.isOf(new Secret(made.secret().reveal() + "x"))).isFalse();
    assertThat(read.isOf(new Secret(""))).isFalse();
  }

  @Test
  void a_secret_is_256_bits_and_new_each_time() {
    assertThat(made.secret().reveal()).matches("[A-Za-z0-9_-]{43}");
    assertThat(ClientSecret.generate(new SecureRandom()).secret()).isNotEqualTo(made.secret());
  }

  @Test
  void neither_shows_in_logs() {
    assertThat(made.toString())
        .isEqualTo("ClientSecret[secret=Secret[hidden], hash=SecretHash[hidden]]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hunter2",
        "sha256:AAAA:AAAA",
        "sha256:AAAAAAAAAAAAAAAAAAAAAA:%%%",
        "sha1:AAAAAAAAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "sha256:AAAAAAAAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA:x"
      })
  void refuses_other_text_without_repeating_it(String text) {
    assertThatThrownBy(() -> SecretHash.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not sha256:<salt>:<hash>; make one with 'lanyard client secret'");
  }
}
