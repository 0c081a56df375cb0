package dev.lanyard.server.directory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Mail domains are compared in one form")
class EmailDomainTest {
  @ParameterizedTest
  @CsvSource({
    "acme.example,acme.example",
    "ACME.Example.,acme.example",
    "bücher.example,xn--bcher-kva.example",
    "xn--BCHER-kva.example,xn--bcher-kva.example"
  })
  void however_they_were_written(String written, String compared) {
    assertThat(EmailDomain.compared(written)).isEqualTo(compared);
  }

  @ParameterizedTest
  @ValueSource(ints = {254, 1_000, 5_000, 16_000})
  void one_that_nobody_can_have_is_nobodys_and_refuses_nothing(int length) {
    assertThat(EmailDomain.of("a@" + "ü".repeat(length))).contains("ü".repeat(length));
  }

  @Test
  void what_is_no_address_has_none() {
    assertThat(EmailDomain.of("nobody")).isEmpty();
    assertThat(EmailDomain.of("@acme.example")).isEmpty();
    assertThat(EmailDomain.of("nobody@")).isEmpty();
  }
}
