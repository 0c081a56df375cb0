package dev.lanyard.protocol.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lanyard.protocol.json.MalformedException;
import java.security.SecureRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 7636 §4 Proof Key for Code Exchange, S256 (AC-2)")
class PkceTest {
  // The example of RFC 7636 Appendix B.
  private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

  @Test
  void a_challenge_is_met_by_its_verifier_only() throws Exception {
    var challenge = Pkce.Challenge.parse(CHALLENGE);

    assertThat(Pkce.Verifier.parse(VERIFIER).challenge()).isEqualTo(challenge);
    assertThat(challenge.isMetBy(Pkce.Verifier.parse(VERIFIER))).isTrue();
    assertThat(challenge.isMetBy(Pkce.Verifier.parse(CHALLENGE))).isFalse();
  }

  @Test
  @DisplayName("§4.1 43 to 128 unreserved characters")
  void a_verifier_has_bounds() throws Exception {
    assertThat(Pkce.Verifier.parse("a".repeat(43)).secret().reveal()).hasSize(43);
    assertThat(Pkce.Verifier.parse("~._-".repeat(32)).secret().reveal()).hasSize(128);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 42, 129})
  void a_verifier_of_another_length_is_refused(int length) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Pkce.Verifier.parse("a".repeat(length)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"+", "/", "=", " ", "é"})
  void a_verifier_with_another_character_is_refused(String character) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Pkce.Verifier.parse("a".repeat(43) + character));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c",
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=",
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw~cM"
      })
  void what_cannot_be_a_hash_is_no_challenge(String challenge) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Pkce.Challenge.parse(challenge));
  }

  @Test
  void a_new_verifier_is_random_and_well_formed() throws Exception {
    var random = new SecureRandom();
    var first = Pkce.Verifier.random(random);

    assertThat(Pkce.Verifier.parse(first.secret().reveal())).isEqualTo(first);
    assertThat(first).isNotEqualTo(Pkce.Verifier.random(random));
  }

  @Test
  @DisplayName("shows nothing when printed (SEC-10)")
  void shows_nothing() throws Exception {
    assertThat(Pkce.Verifier.parse(VERIFIER).toString()).doesNotContain(VERIFIER);
  }
}
