package dev.lanyard.protocol.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Grant types, token types and error codes have the values of their specifications")
class WordsTest {
  @ParameterizedTest
  @EnumSource
  void grant_types_are_found_by_value(GrantType type) {
    assertThat(GrantType.of(type.value())).contains(type);
  }

  @ParameterizedTest
  @EnumSource
  void token_types_are_found_by_value(TokenType type) {
    assertThat(TokenType.of(type.value())).contains(type);
    assertThat(type.value()).startsWith("urn:ietf:params:oauth:token-type:");
  }

  @ParameterizedTest
  @EnumSource
  void error_codes_are_found_by_value(ErrorCode code) {
    assertThat(ErrorCode.of(code.value())).contains(code);
  }

  @Test
  void anything_else_is_not_found() {
    assertThat(GrantType.of("password")).isEmpty();
    assertThat(TokenType.of("id_token")).isEmpty();
    assertThat(ErrorCode.of("Invalid_Grant")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "INVALID_REQUEST, 400",
    "INVALID_GRANT, 400",
    "INVALID_CLIENT, 401",
    "INVALID_DPOP_PROOF, 400",
    "USE_DPOP_NONCE, 400",
    "SERVER_ERROR, 500",
    "TEMPORARILY_UNAVAILABLE, 503"
  })
  @DisplayName("RFC 6749 §5.2: a refusal is 400, a wrong client 401, an outage 5xx (RAS-21, TOK-4)")
  void error_codes_have_a_status(ErrorCode code, int status) {
    assertThat(code.status()).isEqualTo(status);
  }

  @Test
  @DisplayName("an error tells a code, a sentence and where to look it up (AUD-3)")
  void an_error_is_json() {
    var error = new OAuthError(ErrorCode.INVALID_GRANT, "The assertion was refused.");

    assertThat(error.toJson("c-1").toJson())
        .isEqualTo(
            """
            {"error":"invalid_grant",\
            "error_description":"The assertion was refused. (c-1)",\
            "correlation_id":"c-1"}\
            """);
  }
}
