package dev.lanyard.protocol.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 7800 §3.1 Confirmation Claim")
class ConfirmationTest {
  private static final String THUMBPRINT = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

  private static Confirmation of(String claims) throws MalformedException {
    return Confirmation.of(JsonObject.parse(claims));
  }

  @Test
  void a_token_without_it_is_for_its_bearer() throws Exception {
    assertThat(of("{}")).isEqualTo(new Confirmation.Bearer());
    assertThat(of("{}").keyThumbprint()).isEmpty();
  }

  @Test
  void jkt_binds_to_a_key() throws Exception {
    var bound = of("{\"cnf\":{\"jkt\":\"" + THUMBPRINT + "\"}}");

    assertThat(bound).isEqualTo(new Confirmation.DpopKey(THUMBPRINT));
    assertThat(bound.keyThumbprint()).contains(THUMBPRINT);
  }

  @Test
  @DisplayName("RFC 8705 §3.1: x5t#S256 binds to a certificate")
  void x5t_binds_to_a_certificate() throws Exception {
    var bound = of("{\"cnf\":{\"x5t#S256\":\"" + THUMBPRINT + "\"}}");

    assertThat(bound).isEqualTo(new Confirmation.Certificate(THUMBPRINT));
    assertThat(bound.keyThumbprint()).isEmpty();
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new Confirmation.Certificate("abc"));
  }

  @Test
  @DisplayName("members that are not understood MUST be ignored")
  void an_unknown_member_beside_jkt_is_ignored() throws Exception {
    assertThat(of("{\"cnf\":{\"jkt\":\"" + THUMBPRINT + "\",\"hint\":1}}"))
        .isEqualTo(new Confirmation.DpopKey(THUMBPRINT));
  }

  @Test
  void a_certificate_beside_jkt_is_not_ignored() throws Exception {
    assertThat(of("{\"cnf\":{\"jkt\":\"" + THUMBPRINT + "\",\"x5t#S256\":\"a\"}}"))
        .isEqualTo(new Confirmation.Unmet(Set.of("jkt", "x5t#S256")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"kid\":\"a\"}", "{\"x5t#S256\":\"a\"}"})
  @DisplayName("a binding without jkt cannot be met (RAS-36)")
  void a_binding_without_jkt_cannot_be_met(String cnf) throws Exception {
    assertThat(of("{\"cnf\":" + cnf + "}"))
        .isInstanceOfSatisfying(
            Confirmation.Unmet.class, unmet -> assertThat(unmet.keyThumbprint()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "\"\"", "\"abc\"", "null"})
  void jkt_must_be_a_thumbprint(String jkt) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> of("{\"cnf\":{\"jkt\":" + jkt + "}}"));
  }

  @Test
  void x5t_must_be_text() {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> of("{\"cnf\":{\"x5t#S256\":1}}"));
  }

  @Test
  void is_written_as_it_is_read() throws Exception {
    var key = new Confirmation.DpopKey(THUMBPRINT);

    assertThat(Confirmation.of(JsonObject.builder().put("cnf", key.toJson()).build()))
        .isEqualTo(key);
    assertThatIllegalArgumentException().isThrownBy(() -> new Confirmation.DpopKey("abc"));
  }
}
