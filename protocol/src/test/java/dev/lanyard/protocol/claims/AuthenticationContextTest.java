package dev.lanyard.protocol.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("auth_time, acr and amr (IDP-31)")
class AuthenticationContextTest {
  @Test
  void are_written_as_they_are_read() throws Exception {
    var context =
        new AuthenticationContext(
            Optional.of(Instant.ofEpochSecond(1_700_000_000)),
            Optional.of("phr"),
            List.of("mfa", "hwk"));

    assertThat(context.toJson().toJson())
        .isEqualTo("{\"auth_time\":1700000000,\"acr\":\"phr\",\"amr\":[\"mfa\",\"hwk\"]}");
    assertThat(AuthenticationContext.of(context.toJson())).isEqualTo(context);
  }

  @Test
  void are_left_out_when_unknown() throws Exception {
    assertThat(AuthenticationContext.UNKNOWN.toJson().isEmpty()).isTrue();
    assertThat(AuthenticationContext.of(JsonObject.EMPTY)).isEqualTo(AuthenticationContext.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"auth_time\":\"now\"}", "{\"acr\":1}", "{\"amr\":\"mfa\"}"})
  void have_their_types(String claims) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> AuthenticationContext.of(JsonObject.parse(claims)));
  }
}
