package dev.lanyard.server.app.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.server.ras.FlowConfig;
import dev.lanyard.server.ras.RasConfig;
import dev.lanyard.server.ras.organisations.Flows;
import dev.lanyard.server.yaml.FaultyFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The section 'ras': whether and how people consent")
class RasFlowSectionTest {
  private static final String UPSTREAM =
      "{id: partner, issuer: \"https://idp.example\", client_id: c, client_secret_file: secret";

  @TempDir Path folder;

  private RasConfig read(String flow, String resource, String organisation) throws IOException {
    Files.writeString(folder.resolve("secret"), "of the provider");
    var file = folder.resolve("lanyard.yaml");
    Files.writeString(
        file,
        """
        database: {url: "jdbc:sqlite:x.db"}
        master_key_file: key
        library: library
        ras:
          issuer: https://ras.example
          listen: 127.0.0.1:0
          clients: clients.yaml
          %s
          resources:
            - {resource: "https://mcp.example", scopes: [a]%s}
          organisations:
            - {name: acme, issuers: [{issuer: "https://idp.example"}]%s}
        """
            .formatted(flow.replace("\n", "\n  "), resource, organisation));
    return ConfigurationFile.read(file, Map.of()).ras().orElseThrow().config();
  }

  @Test
  void nobody_consents_by_default() throws IOException {
    var ras = read("", "", "");
    assertThat(ras.flow()).isEmpty();
    assertThat(ras.organisations().getFirst().flows()).isEqualTo(Flows.EMA_ONLY);
    assertThat(read("flows: ema-only", "", "").flow()).isEmpty();
  }

  @Test
  void defaults_where_it_is_on() throws IOException {
    var flow =
        read("flows: both\nsign_in: {organisation: guests, local_people: true}", "", "")
            .flow()
            .orElseThrow();
    assertThat(flow.ways().local()).contains("guests");
    assertThat(flow.sessionLife()).isEqualTo(FlowConfig.DEFAULT_SESSION_LIFE);
    assertThat(flow.refreshTokenLife()).isEqualTo(FlowConfig.DEFAULT_REFRESH_TOKEN_LIFE);
  }

  @Test
  void every_property() throws IOException {
    var ras =
        read(
            """
            flows: both
            session_life: 1h
            refresh_token_life: 7d
            sign_in:
              organisation: guests
              upstreams:
                - %s}
                - %s, organisation: acme}\
            """
                .formatted(UPSTREAM, UPSTREAM.replace("id: partner", "id: acme")),
            ", scope_descriptions: {a: See everything}",
            ", flows: both");
    var flow = ras.flow().orElseThrow();
    assertThat(flow.sessionLife()).isEqualTo(Duration.ofHours(1));
    assertThat(flow.refreshTokenLife()).isEqualTo(Duration.ofDays(7));
    assertThat(flow.ways().local()).isEmpty();
    assertThat(flow.ways().providers())
        .extracting(way -> way.organisation())
        .containsExactly("guests", "acme");
    assertThat(ras.organisations().getFirst().flows()).isEqualTo(Flows.BOTH);
    assertThat(ras.resources().getFirst().words()).containsEntry("a", "See everything");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "flows: all",
        "flows: both",
        "flows: both\nsign_in: {local_people: true}",
        "flows: both\nsign_in: {organisation: guests}",
        "flows: both\nsign_in: {organisation: guests, local_people: true, pupils: 1}",
        "flows: both\nsession_life: 60d\nsign_in: {organisation: guests, local_people: true}",
        "flows: both\nrefresh_token_life: 1h\nsign_in: {organisation: guests, local_people: true}",
        "sign_in: {organisation: guests, local_people: true}",
        "refresh_token_life: 7d"
      })
  @DisplayName("what cannot be stops the start, also how people sign in where nobody does")
  void what_cannot_be(String flow) {
    assertThatThrownBy(() -> read(flow, "", "")).isInstanceOf(FaultyFileException.class);
  }

  @Test
  void words_about_a_scope_that_is_none_and_two_providers_of_one_name() {
    assertThatThrownBy(() -> read("", ", scope_descriptions: {b: Nothing}", ""))
        .isInstanceOf(FaultyFileException.class)
        .hasMessageContaining("is no scope of");
    var twice =
        "flows: both\nsign_in: {organisation: guests, upstreams: [%s}, %s}]}"
            .formatted(UPSTREAM, UPSTREAM);
    assertThatThrownBy(() -> read(twice, "", ""))
        .isInstanceOf(FaultyFileException.class)
        .hasMessageContaining("two upstreams 'partner'");
  }
}
