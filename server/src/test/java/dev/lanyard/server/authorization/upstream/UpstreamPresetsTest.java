package dev.lanyard.server.authorization.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.oauth.Issuer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("What is known of OpenID Providers is data with a date, and a recipe each")
class UpstreamPresetsTest {
  private static final UpstreamPresets PRESETS = UpstreamPresets.builtIn();

  static Stream<UpstreamPreset> all() {
    return PRESETS.all().stream();
  }

  @Test
  void there_is_one_for_each_that_administrators_ask_for() {
    assertThat(PRESETS.asOf()).isAfter(LocalDate.of(2026, 1, 1));
    assertThat(PRESETS.all())
        .extracting(UpstreamPreset::id)
        .contains(
            "okta", "entra", "pingone", "pingfederate", "forgerock", "auth0", "keycloak", "google");
    assertThatThrownBy(() -> PRESETS.named("myspace"))
        .hasMessageContaining("'myspace' is none of okta, entra");
  }

  @ParameterizedTest
  @MethodSource("all")
  void each_has_a_recipe_that_names_its_command(UpstreamPreset preset) throws Exception {
    var recipe = Path.of("..").resolve(preset.recipe());
    assertThat(recipe).exists();
    if (!preset.id().equals("generic")) {
      assertThat(Files.readString(recipe)).contains("lanyard connect " + preset.id());
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void each_can_be_used(UpstreamPreset preset) {
    assertThat(preset.algorithms()).isNotEmpty();
    assertThat(new Issuer(preset.issuer().form()).value()).startsWith("https://");
    assertThat(preset.graph().isPresent()).isEqualTo(preset.id().equals("entra"));
  }

  @ParameterizedTest
  @CsvSource({
    "okta, https://acme.okta.com, true",
    "okta, https://acme.okta.com/oauth2/default, true",
    "okta, https://acme.okta.com/, false",
    "entra, https://login.microsoftonline.com/5c6d9e0a-1111-2222-3333-444455556666/v2.0, true",
    "entra, https://login.microsoftonline.com/common/v2.0, false",
    "entra, https://sts.windows.net/5c6d9e0a-1111-2222-3333-444455556666/, false",
    "auth0, https://acme.eu.auth0.com/, true",
    "auth0, https://acme.eu.auth0.com, false",
    "google, https://accounts.google.com, true",
    "keycloak, https://sso.acme.com/realms/acme, true",
    "keycloak, https://sso.acme.com/realms/acme/, false"
  })
  @DisplayName("INT-5: the form of an issuer, to the last slash")
  void what_an_issuer_looks_like(String preset, String issuer, boolean like) {
    assertThat(PRESETS.named(preset).issuer().isLike(issuer)).isEqualTo(like);
  }

  @Test
  void what_differs_is_known() {
    assertThat(PRESETS.named("entra").claims().subject()).isEqualTo("oid");
    assertThat(PRESETS.named("google").required()).containsExactly("hd");
    assertThat(PRESETS.named("google").claims().userName()).isEqualTo(List.of("email"));
  }
}
