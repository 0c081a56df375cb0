package dev.lanyard.server.ras.organisations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("SEC-9: domains that could be taken for others")
class DomainNameTest {
  @ParameterizedTest
  @CsvSource({
    "acme.example, acme.example",
    "' ACME.Example ', acme.example",
    "bücher.example, xn--bcher-kva.example",
    "xn--bcher-kva.example, xn--bcher-kva.example",
    "例え.example, xn--r8jz45g.example"
  })
  void are_compared_as_a_labels(String typed, String value) {
    assertThat(DomainName.parse(typed).value()).isEqualTo(value);
  }

  /// The first is Cyrillic all through, the second one letter, the fourth has an invisible joiner.
  @Test
  void that_are_longer_than_a_name_can_be_are_refused_with_a_sentence() {
    assertThatThrownBy(() -> DomainName.parse("ü".repeat(5_000) + ".example"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not a domain such as acme.example");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "аррӏе.example",
        "аcme.example",
        "xn--cme-5cd.example",
        "ac\u200Dme.example",
        "acme",
        "acme..example",
        "*.example",
        "192.0.2.1",
        "acme.example/x",
        "ana@acme.example",
        ""
      })
  void that_mix_or_pretend_are_refused(String typed) {
    assertThatThrownBy(() -> DomainName.parse(typed)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void look_alikes_have_one_skeleton() {
    var acme = DomainName.parse("acme.example").skeleton();
    assertThat(DomainName.parse("acrne.example").skeleton()).isEqualTo(acme);
    assertThat(DomainName.parse("acne.example").skeleton()).isNotEqualTo(acme);
  }
}
