package dev.lanyard.server.app.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.app.checkup.Finding;
import dev.lanyard.server.app.checkup.SamlCheckup;
import dev.lanyard.server.authorization.upstream.GroupMapping;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig.Application;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig.NameIdFormat;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig.People;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig.Self;
import dev.lanyard.server.saml.Idp;
import dev.lanyard.server.saml.SamlConfig;
import dev.lanyard.server.saml.Signed;
import dev.lanyard.server.yaml.FaultyFileException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("broker.sign_in.upstreams of type saml in lanyard.yaml, and doctor")
class SamlSectionTest {
  private static final String BROKER =
      """
      database: {url: "jdbc:sqlite:data/x.db"}
      master_key_file: key
      library: library
      broker:
        issuer: https://id.example
        listen: 127.0.0.1:8443
        organisation: acme
        clients: clients.yaml
        sign_in:
          upstreams:
      """;

  private static final String LEAST =
      """
      - type: saml
        id: corporate
        entity_id: https://idp.example/saml
        metadata_url: https://idp.example/metadata
      """;

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException, CertificateEncodingException {
    Files.writeString(folder.resolve("metadata.xml"), Idp.RSA.metadata("https://idp.example/sso"));
    Files.writeString(
        folder.resolve("idp.pem"), pem("CERTIFICATE", Idp.RSA.certificate().getEncoded()));
    Key key = Idp.RSA.keys().getPrivate();
    Files.writeString(folder.resolve("key.pem"), pem("PRIVATE KEY", key.getEncoded()));
  }

  private static String pem(String what, byte[] der) {
    return "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n"
        .formatted(what, Base64.getMimeEncoder().encodeToString(der));
  }

  private SamlUpstreamConfig read(String upstream) {
    try {
      var file = folder.resolve("lanyard.yaml");
      Files.writeString(file, BROKER + upstream.indent(6));
      var broker = ConfigurationFile.read(file, Map.of()).broker().orElseThrow().config();
      return broker.signIn().samlUpstreams().getFirst();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void the_least_that_is_needed_means_persistent_names_and_either_signature() {
    assertThat(read(LEAST))
        .isEqualTo(
            new SamlUpstreamConfig(
                "corporate",
                "corporate",
                new SamlConfig(
                    "https://idp.example/saml",
                    new SamlConfig.Source.Remote(URI.create("https://idp.example/metadata")),
                    Signed.EITHER),
                Self.DEFAULT,
                new People(
                    NameIdFormat.PERSISTENT,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()),
                Map.of(),
                List.of()));
  }

  @Test
  void every_key_has_its_place() {
    var all =
        """
        - type: saml
          id: corporate
          name: Example Corp
          entity_id: https://idp.example/saml
          sso_url: https://idp.example/sso
          slo_url: https://idp.example/slo
          certificates: idp.pem
          sp_entity_id: https://id.example/sp
          signed: assertion
          name_id_format: email
          subject_attribute: oid
          attributes: {user_name: uid, email: mail, name: cn, groups: groups}
          email_domains: [acme.example]
          groups: {names: {"x-*": "*"}, others: drop, always: [staff]}
          authn_contexts: {phr: "urn:x"}
          request_signing: {certificate: idp.pem, key: key.pem}
          subject_tokens:
            - {audience: "https://app", client: desk, recipients: ["https://app/acs"]}
        """;
    var read = read(all);

    assertThat(read.name()).isEqualTo("Example Corp");
    assertThat(read.provider().source())
        .isEqualTo(new SamlConfig.Source.Fixed(Idp.RSA.description()));
    assertThat(read.provider().signed()).isEqualTo(Signed.ASSERTION);
    assertThat(read.self().entityId()).contains("https://id.example/sp");
    assertThat(read.self().signing().orElseThrow().certificate()).isEqualTo(Idp.RSA.certificate());
    assertThat(read.people())
        .isEqualTo(
            new People(
                NameIdFormat.EMAIL,
                Optional.of("oid"),
                Optional.of("uid"),
                Optional.of("mail"),
                Optional.of("cn"),
                Optional.of("groups"),
                Set.of("acme.example"),
                new GroupMapping(Map.of("x-*", "*"), false, Set.of("staff"))));
    assertThat(read.contexts()).isEqualTo(Map.of("phr", "urn:x"));
    assertThat(read.applications())
        .containsExactly(
            new Application("https://app", new ClientId("desk"), Set.of("https://app/acs")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "type: saml | type: ldap | none of oidc, saml",
        "metadata_url: https://idp.example/metadata | name: x | one of 'metadata_url'",
        "metadata_url: https://idp.example/metadata | metadata_url: nowhere | not a URL",
        "metadata_url: https://idp.example/metadata | metadata_file: none.xml | cannot read",
        "metadata_url: https://idp.example/metadata | metadata_file: idp.pem | well-formed",
        "id: corporate | id: Corporate | lower-case",
        "id: corporate | id: corporate ++ name_id_format: email | may mean another person tomorrow",
        "id: corporate | id: corporate ++ name_id_format: odd | none of persistent",
        "id: corporate | id: corporate ++ signed: nothing | none of assertion, response, either",
        "id: corporate | id: corporate ++ surprise: x | surprise",
        "id: corporate | id: corporate ++ authn_contexts: {a: x, b: x} | names a context twice",
        "id: corporate | id: corporate ++ subject_tokens: [{audience: a, client: c}] | recipients",
        "entity_id: https://idp.example/saml | name: x | entity_id"
      })
  void what_is_wrong_is_said(String part, String replacement, String said) {
    assertThatThrownBy(() -> read(LEAST.replace(part, replacement.replace(" ++ ", "\n  "))))
        .isInstanceOf(FaultyFileException.class)
        .hasMessageContaining(said);
  }

  @Test
  void a_file_that_describes_another_provider_is_refused() {
    var other =
        LEAST
            .replace("metadata_url: https://idp.example/metadata", "metadata_file: metadata.xml")
            .replace("https://idp.example/saml", "https://other.example");
    assertThatThrownBy(() -> read(other))
        .isInstanceOf(FaultyFileException.class)
        .hasMessageContaining("and not https://other.example");
  }

  @Test
  void a_name_or_a_provider_twice_is_refused() {
    assertThatThrownBy(() -> read(LEAST + LEAST))
        .isInstanceOf(FaultyFileException.class)
        .hasMessageContaining("'corporate' twice");
    assertThatThrownBy(() -> read(LEAST + LEAST.replace("corporate", "another")))
        .isInstanceOf(FaultyFileException.class)
        .hasMessageContaining("'https://idp.example/saml' twice");
  }

  private List<Finding> examined(String upstream, Instant now) {
    var checkup =
        new SamlCheckup(
            new EgressClient(EgressPolicy.strict()),
            new Issuer("https://id.example"),
            Clock.fixed(now, ZoneOffset.UTC));
    return checkup.examine(read(upstream));
  }

  @Test
  void doctor_prints_what_to_enter_and_looks_at_certificates() {
    var file =
        LEAST.replace("metadata_url: https://idp.example/metadata", "metadata_file: metadata.xml");
    var expiry = Idp.RSA.certificate().getNotAfter().toInstant();

    assertThat(examined(file, expiry.minusSeconds(60)))
        .extracting(Finding::detail)
        .anyMatch(detail -> detail.contains("expires in 0 days"))
        .contains(
            "configure exactly: https://id.example/saml/corporate/metadata",
            "configure exactly: https://id.example/saml/corporate/acs",
            "configure exactly: https://id.example/saml/corporate/logout",
            "configure exactly: https://id.example/saml/https%3A%2F%2Fidp.example%2Fsaml");
    assertThat(examined(file, expiry.plusSeconds(60)))
        .extracting(Finding::detail)
        .anyMatch(detail -> detail.contains("has expired"));
  }

  @Test
  void doctor_says_that_metadata_cannot_be_had() {
    var local = LEAST.replace("https://idp.example/metadata", "https://127.0.0.1:9/metadata");

    assertThat(examined(local, Instant.EPOCH))
        .anyMatch(finding ->
            finding.level() == Finding.Level.BAD && finding.detail().contains("not public"));
  }
}
