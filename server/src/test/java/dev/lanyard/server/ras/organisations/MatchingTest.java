package dev.lanyard.server.ras.organisations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Issuer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("SEC-9: the domains that an issuer may speak for")
class MatchingTest {
  private static Matching of(String domain) {
    return new Matching(Set.of(domain), true, false);
  }

  @ParameterizedTest
  @CsvSource({
    "xn--bcher-kva.example, x@bücher.example",
    "bücher.example, x@xn--bcher-kva.example",
    "Bücher.Example, x@BÜCHER.example",
    "acme.example, x@ACME.example",
    "acme.example, x@acme.example."
  })
  void are_compared_however_they_are_written(String domain, String address) {
    assertThat(of(domain).isAuthoritativeFor(address)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x@sub.acme.example",
        "x@acme.example.evil.example",
        "x@evil.example@",
        "@acme.example",
        "acme.example",
        "x@аcme.example",
        "x@acme\u200d.example",
        "x@acme.example/evil",
        "x@acme.example evil"
      })
  void are_no_others(String address) {
    assertThat(of("acme.example").isAuthoritativeFor(address)).isFalse();
  }

  @Test
  @DisplayName("AC-16: an organisation of the configuration manages its people in either spelling")
  void of_an_organisation_are_in_the_form_in_which_they_are_looked_for() {
    var provider =
        new IdentityProvider(
            new Issuer("https://idp.example"),
            IdentityProvider.ALGORITHMS,
            Optional.empty(),
            of("bücher.example"),
            new ReplayPolicy.SingleUse());
    var organisation =
        new Organisation("books", Optional.empty(), List.of(provider), Optional.empty());
    assertThat(organisation.domains()).containsExactly("xn--bcher-kva.example");
  }
}
