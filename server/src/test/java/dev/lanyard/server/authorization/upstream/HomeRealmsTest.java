package dev.lanyard.server.authorization.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.server.directory.ALabels;
import dev.lanyard.server.directory.EmailDomain;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("IDP-43: the provider of a domain, however its letters are written")
class HomeRealmsTest {
  private final HomeRealms realms =
      new HomeRealms(Map.of("faß.example", "brewery", "Bücher.example", "books"));

  @ParameterizedTest
  @ValueSource(
      strings = {"z@faß.example", "z@FAß.example", "z@xn--fa-hia.example", "z@XN--FA-hia.example"})
  void is_found_in_either_spelling(String address) {
    assertThat(realms.ofAddress(address)).contains("brewery");
    assertThat(ALabels.domain(HomeRealms.afterAt(address).orElseThrow()))
        .as("as domains are compared everywhere else")
        .isEqualTo(EmailDomain.of(address));
  }

  @Test
  @DisplayName("of another domain, which older rules took for the same, is another one's")
  void is_not_found_for_another_domain() {
    assertThat(realms.ofAddress("z@fass.example")).isEmpty();
    assertThat(realms.ofDomain(" xn--bcher-kva.example ")).contains("books");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example",
        "a b.example",
        "a_b.example",
        "-a.example",
        "a..example",
        "a.\u0000b"
      })
  void is_nobodys_where_there_is_no_domain(String text) {
    assertThat(ALabels.domain(text)).isEmpty();
    assertThatThrownBy(() -> HomeRealms.domain(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a domain such as example.com");
    assertThat(realms.ofDomain(text)).isEmpty();
  }
}
