package dev.lanyard.server.app.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.broker.AudienceProfile;
import dev.lanyard.server.broker.AudienceProfile.Claim;
import dev.lanyard.server.broker.AudienceProfile.OwnSubject;
import dev.lanyard.server.broker.AudienceProfile.Tenants;
import dev.lanyard.server.broker.ExchangeConfig;
import dev.lanyard.server.broker.NameIdSource;
import dev.lanyard.server.broker.QuotaConfig;
import dev.lanyard.server.broker.UpstreamTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("broker.exchange in lanyard.yaml")
class ExchangeSectionTest {
  private static final String SMALLEST =
      """
      database: {url: "jdbc:sqlite:data/x.db"}
      master_key_file: key
      library: library
      broker:
        issuer: https://id.example
        listen: 127.0.0.1:8443
        organisation: acme
        clients: clients.yaml
      """;

  private static final Issuer RAS = new Issuer("https://ras.example/t1");

  @TempDir Path folder;

  private ExchangeConfig read(String exchange) {
    try {
      Files.writeString(folder.resolve("secret"), "secret");
      var file = Files.writeString(folder.resolve("lanyard.yaml"), SMALLEST + exchange);
      return ConfigurationFile.read(file, Map.of()).broker().orElseThrow().config().exchange();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void says_nothing_by_default() {
    assertThat(read("")).isEqualTo(ExchangeConfig.DEFAULT);
  }

  @Test
  void every_property() {
    var config =
        read(
            """
              sign_in:
                upstreams:
                  - {id: up, issuer: "https://up.example", client_id: c, client_secret_file: secret}
              exchange:
                audiences:
                  - issuer: https://ras.example/t1
                    subject: pairwise
                    sector: example
                    claims: [email, azp]
                    signing_algorithm: EdDSA
                    tenant: ours
                    aud_tenant: theirs
                    aud_sub: link
                    sub_id:
                      entity_id: urn:idp
                      from: user_name
                      format: f
                      name_qualifier: n
                      sp_name_qualifier: s
                upstream_id_tokens:
                  - {upstream: up, clients: {there: here}}
                quota: {warn_at: 2, limit: 3}
            """);
    var profile =
        new AudienceProfile(
            RAS,
            Optional.of("example"),
            Set.of(Claim.EMAIL, Claim.AZP),
            Optional.of(SigningAlgorithm.EDDSA),
            new Tenants(Optional.of("ours"), Optional.of("theirs")),
            Optional.of(OwnSubject.LINK),
            Optional.of(
                new NameIdSource(
                    "urn:idp",
                    NameIdSource.From.USER_NAME,
                    Optional.of("f"),
                    new NameIdSource.Qualifiers(Optional.of("n"), Optional.of("s")))));
    assertThat(config)
        .isEqualTo(
            new ExchangeConfig(
                List.of(profile),
                List.of(
                    new UpstreamTokens("up", Map.of(new ClientId("there"), new ClientId("here")))),
                Optional.of(new QuotaConfig(OptionalInt.of(2), OptionalInt.of(3)))));
  }

  @Test
  @DisplayName("IDP-29: a pairwise subject comes with few claims, and its sector is the host")
  void defaults_of_an_audience() {
    var pairwise =
        read("  exchange: {audiences: [{issuer: \"https://ras.example/t1\", subject: pairwise}]}\n")
            .audiences()
            .getFirst();
    assertThat(pairwise.sector()).contains("ras.example");
    assertThat(pairwise.claims()).isEqualTo(Claim.PAIRWISE);
    var usual = read("  exchange: {audiences: [{issuer: \"https://ras.example/t1\"}]}\n");
    assertThat(usual.audiences().getFirst().sector()).isEmpty();
    assertThat(usual.audiences().getFirst().claims()).isEqualTo(Claim.USUAL);
  }

  @Test
  void faults_say_what_may_be_written() {
    assertFault(
        "{audiences: [{issuer: \"https://r.example\", subject: both}]}", "public or pairwise");
    assertFault("{audiences: [{issuer: \"https://r.example\", claims: [age]}]}", "auth_time");
    assertFault("{audiences: [{issuer: \"https://r.example\", aud_sub: x}]}", "[person, link]");
    assertFault("{upstream_id_tokens: [{upstream: no, clients: {a: b}}]}", "no upstream 'no'");
    assertFault("{quota: {limit: 0}}", "1 at least");
    assertFault("{quotas: {}}", "unknown key");
  }

  private void assertFault(String exchange, String message) {
    assertThatThrownBy(() -> read("  exchange: " + exchange + "\n")).hasMessageContaining(message);
  }
}
