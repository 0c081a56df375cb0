package dev.lanyard.server.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.OAuthError;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("FWD-3, FWD-5: what changes with the next revision of the draft")
class IdJagRevisionTest {
  private static OAuthError notPermitted(IdJagRevision revision) {
    return revision.notPermitted(ErrorCode.INVALID_TARGET, "no");
  }

  private static OAuthError signIn(IdJagRevision revision) {
    return revision.betterSignInNeeded(Optional.of(Duration.ofHours(1)), List.of("mfa"));
  }

  @Test
  void the_published_one_tells_less() {
    assertThat(notPermitted(IdJagRevision.DRAFT_04).code()).isEqualTo(ErrorCode.INVALID_TARGET);
    assertThat(signIn(IdJagRevision.DRAFT_04).code()).isEqualTo(ErrorCode.INVALID_GRANT);
  }

  @Test
  void the_next_one_tells_what_to_do() {
    assertThat(notPermitted(IdJagRevision.DRAFT_05).code()).isEqualTo(ErrorCode.ACCESS_DENIED);
    var error = signIn(IdJagRevision.DRAFT_05);
    assertThat(error.code()).isEqualTo(ErrorCode.INSUFFICIENT_USER_AUTHENTICATION);
    assertThat(error.further().toJson()).isEqualTo("{\"max_age\":3600,\"acr_values\":\"mfa\"}");
  }

  @Test
  void has_a_name_in_the_configuration() {
    assertThat(IdJagRevision.named("draft-05")).isEqualTo(IdJagRevision.DRAFT_05);
    assertThatThrownBy(() -> IdJagRevision.named("draft-03"))
        .hasMessageContaining("draft-04 or draft-05");
  }
}
