package dev.lanyard.server.app.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.authorization.upstream.AuthenticationRequirement;
import dev.lanyard.server.ras.RasConfig;
import dev.lanyard.server.ras.administration.EnrolmentConfig;
import dev.lanyard.server.ras.organisations.KeyRules;
import dev.lanyard.server.ras.organisations.NameIdRule;
import dev.lanyard.server.token.IdJagRevision;
import dev.lanyard.server.yaml.FaultyFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The section 'ras': what resources demand, what organisations rule, who may enrol")
class RasSectionTest {
  private static final String THUMBPRINT = "A".repeat(43);

  @TempDir Path folder;

  private Configuration read(String resource, String issuer, String organisation, String more)
      throws IOException {
    var file = folder.resolve("lanyard.yaml");
    Files.writeString(
        file,
        """
        database: {url: "jdbc:sqlite:x.db"}
        master_key_file: key
        library: library
        %s
        ras:
          issuer: https://ras.example
          listen: 127.0.0.1:0
          clients: clients.yaml
          resources:
            - {resource: "https://mcp.example", scopes: [a]%s}
          organisations:
            - name: acme
              issuers: [{issuer: "https://idp.example"%s}]
              %s
        """
            .formatted(more, resource, issuer, organisation));
    return ConfigurationFile.read(file, Map.of());
  }

  private RasConfig ras(String resource, String issuer, String organisation) throws IOException {
    return read(resource, issuer, organisation, "").ras().orElseThrow().config();
  }

  @Test
  void defaults_demand_and_allow_nothing_more() throws IOException {
    var ras = ras("", "", "");
    assertThat(ras.enrolment()).isEqualTo(EnrolmentConfig.OFF);
    assertThat(ras.resources().getFirst().signIn()).isEqualTo(AuthenticationRequirement.NONE);
    var organisation = ras.organisations().getFirst();
    assertThat(organisation.ceiling()).isEmpty();
    assertThat(organisation.clients()).isEmpty();
    var provider = organisation.providers().getFirst();
    assertThat(provider.keys()).isEqualTo(KeyRules.ALL);
    assertThat(provider.carriesActor()).isFalse();
    assertThat(provider.revocationCaller()).isEmpty();
    assertThat(provider.people().nameId()).isEmpty();
    assertThat(read("", "", "", "").outside().revision()).isEqualTo(IdJagRevision.DRAFT_04);
  }

  @Test
  void every_property() throws IOException {
    var ras =
        ras(
            ", sign_in: {acr: [mfa], max_age: 8h}",
            ", refused_keys: [old], pinned_keys: [\"%s\"], carry_actor: true, revocation_caller: us, name_id: {issuer: s, means: user_name, required: true, format: f, name_qualifier: q, sp_name_qualifier: p}"
                .formatted(THUMBPRINT),
            "scopes: [a]");
    assertThat(ras.resources().getFirst().signIn())
        .isEqualTo(new AuthenticationRequirement(List.of("mfa"), Optional.of(Duration.ofHours(8))));
    var organisation = ras.organisations().getFirst();
    assertThat(organisation.ceiling()).contains(Scopes.of("a"));
    var provider = organisation.providers().getFirst();
    assertThat(provider.keys()).isEqualTo(new KeyRules(Set.of("old"), Set.of(THUMBPRINT)));
    assertThat(provider.carriesActor()).isTrue();
    assertThat(provider.revocationCaller()).contains("us");
    assertThat(provider.people().nameId())
        .contains(
            new NameIdRule(
                "s",
                Optional.of("f"),
                Optional.of("q"),
                Optional.of("p"),
                NameIdRule.Means.USER_NAME,
                true));
    assertThat(read("", "", "", "id_jag_revision: draft-05").outside().revision())
        .isEqualTo(IdJagRevision.DRAFT_05);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ", pinned_keys: [short]",
        ", name_id: {issuer: s, means: nickname}",
        ", name_id: {means: email}",
        ", tenant: t, revocation_caller: us",
        ", pined_keys: []"
      })
  void what_cannot_be_stops_the_start(String issuer) {
    assertThatThrownBy(() -> ras("", issuer, "")).isInstanceOf(FaultyFileException.class);
  }

  @Test
  void nonces_are_demanded_only_if_it_says_so() throws IOException {
    assertThat(read("", "", "", "").outside().dpopNonces()).isEqualTo(DpopNonceMode.OFF);
    assertThat(read("", "", "", "dpop_nonces: off").outside().dpopNonces())
        .isEqualTo(DpopNonceMode.OFF);
    assertThat(read("", "", "", "dpop_nonces: required").outside().dpopNonces())
        .isEqualTo(DpopNonceMode.REQUIRED);
    assertThatThrownBy(() -> read("", "", "", "dpop_nonces: yes"))
        .hasMessageContaining("off, required");
  }

  @Test
  void a_revision_that_is_none_stops_the_start() {
    assertThatThrownBy(() -> read("", "", "", "id_jag_revision: draft-03"))
        .hasMessageContaining("draft-04 or draft-05");
  }
}
