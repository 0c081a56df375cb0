package dev.lanyard.server.ras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.authorization.upstream.AuthenticationRequirement;
import dev.lanyard.server.ras.administration.EnrolmentConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RasConfigTest {
  private static final Issuer SELF = new Issuer("https://ras.example");

  private static RasConfig config(Duration life) {
    return new RasConfig(SELF, life, List.of(), List.of(), EnrolmentConfig.OFF, Optional.empty());
  }

  @Test
  @DisplayName("Access tokens live between a minute and half a day, 45 minutes if nothing is said")
  void bounds_the_life_of_access_tokens() {
    for (var life : List.of(Duration.ofSeconds(59), Duration.ofHours(12).plusSeconds(1))) {
      assertThatThrownBy(() -> config(life)).hasMessageContaining("ras.access_token_life");
    }
    assertThatCode(() -> config(Duration.ofMinutes(1))).doesNotThrowAnyException();
    assertThat(RasConfig.DEFAULT_ACCESS_TOKEN_LIFE).isEqualTo(Duration.ofMinutes(45));
  }

  @Test
  @DisplayName("RAS-18: no sign-in is younger than a minute")
  void bounds_the_age_of_a_sign_in() {
    var tooYoung = new AuthenticationRequirement(List.of(), Optional.of(Duration.ofSeconds(59)));
    var resource = new ResourceIndicator("https://mcp.example");
    assertThatThrownBy(() -> TestResources.of(resource, "MCP", Scopes.NONE, tooYoung))
        .hasMessageContaining("max_age");
  }
}
