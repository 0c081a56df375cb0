package dev.lanyard.protocol.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import java.net.URI;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WellKnownTest {
  @Nested
  @DisplayName("RFC 8414 §3.1 Authorization Server Metadata Request")
  class AuthorizationServer {
    @ParameterizedTest
    @ValueSource(strings = {"https://h/t1", "https://h/t1/"})
    void an_issuer_with_a_path_has_three_places(String issuer) {
      assertThat(WellKnown.authorizationServer(new Issuer(issuer)))
          .containsExactly(
              URI.create("https://h/.well-known/oauth-authorization-server/t1"),
              URI.create("https://h/.well-known/openid-configuration/t1"),
              URI.create("https://h/t1/.well-known/openid-configuration"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://h:8443", "https://h:8443/"})
    void an_issuer_without_a_path_has_two(String issuer) {
      assertThat(WellKnown.authorizationServer(new Issuer(issuer)))
          .containsExactly(
              URI.create("https://h:8443/.well-known/oauth-authorization-server"),
              URI.create("https://h:8443/.well-known/openid-configuration"));
    }
  }

  @Nested
  @DisplayName("RFC 9728 §3.1 Protected Resource Metadata Request")
  class ProtectedResource {
    @ParameterizedTest
    @CsvSource({
      "https://h, https://h/.well-known/oauth-protected-resource",
      "https://h/, https://h/.well-known/oauth-protected-resource",
      "https://h/mcp, https://h/.well-known/oauth-protected-resource/mcp",
      "https://h/mcp/, https://h/.well-known/oauth-protected-resource/mcp/",
      "https://h:1/a%20b?c=d, https://h:1/.well-known/oauth-protected-resource/a%20b?c=d",
    })
    void the_well_known_part_goes_between_host_and_path(String resource, String expected) {
      assertThat(WellKnown.protectedResource(new ResourceIndicator(resource)))
          .isEqualTo(URI.create(expected));
    }

    @Test
    void the_last_place_is_the_root_of_the_host() {
      assertThat(WellKnown.protectedResourceAtRoot(new ResourceIndicator("https://h:1/a?b")))
          .isEqualTo(URI.create("https://h:1/.well-known/oauth-protected-resource"));
    }
  }
}
