package dev.lanyard.protocol.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.oauth.Issuer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Issuers are trusted by name and with algorithms")
class TrustedIssuersTest {
  private static final TrustedIssuer ACME = trusted("https://acme.example");

  private static TrustedIssuer trusted(String issuer) {
    return new TrustedIssuer(
        new Issuer(issuer), new PublicKeySet(List.of()), Set.of(SigningAlgorithm.ES256));
  }

  @Test
  void finds_an_issuer_of_exactly_that_name() {
    var issuers = TrustedIssuers.of(ACME);

    assertThat(issuers.find(new Issuer("https://acme.example"))).contains(ACME);
    assertThat(issuers.find(new Issuer("https://acme.example/"))).isEmpty();
  }

  @Test
  void nobody_is_trusted_by_an_empty_list() {
    assertThat(TrustedIssuers.of(List.of()).find(ACME.issuer())).isEmpty();
  }

  @Test
  void one_name_cannot_have_two_meanings() {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> TrustedIssuers.of(List.of(ACME, trusted("https://acme.example"))));
  }

  @Test
  void an_issuer_without_algorithm_is_a_mistake() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TrustedIssuer(ACME.issuer(), new PublicKeySet(List.of()), Set.of()));
  }
}
