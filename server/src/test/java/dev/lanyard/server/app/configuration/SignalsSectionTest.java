package dev.lanyard.server.app.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.node.Lanyard;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.clients.ClientSecret;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.signals.SignalsConfig;
import dev.lanyard.server.signals.inbound.CallerConfig;
import dev.lanyard.server.signals.inbound.CallerConfig.Proof;
import dev.lanyard.server.signals.inbound.Signer;
import dev.lanyard.server.signals.inbound.SourceConfig;
import dev.lanyard.server.signals.inbound.Subscription;
import dev.lanyard.server.signals.inbound.Trust;
import dev.lanyard.server.signals.outbound.RevocationTarget;
import dev.lanyard.server.yaml.FaultyFileException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("broker.signals in lanyard.yaml")
class SignalsSectionTest {
  private static final ClientSecret TOKEN = ClientSecret.generate(new SecureRandom());

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
      """;

  @TempDir Path folder;

  private SignalsConfig read(String signals) {
    try {
      Files.writeString(folder.resolve("secret"), "shared\n");
      var file = folder.resolve("lanyard.yaml");
      Files.writeString(file, BROKER + signals.indent(2));
      return ConfigurationFile.read(file, Map.of()).signals();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void without_it_nobody_is_heard_and_nobody_told() {
    assertThat(read("")).isEqualTo(SignalsConfig.NONE);
    assertThat(SignalsConfig.NONE.sources()).isEmpty();
    assertThat(SignalsConfig.NONE.callers()).isEmpty();
    assertThat(SignalsConfig.NONE.transmitter()).isEmpty();
  }

  @Test
  void defaults_of_a_receiver_believe_its_own_subjects_only() {
    var source =
        read("signals: {receivers: [{name: idp, issuer: \"https://idp.example\"}]}")
            .sources()
            .getFirst();

    assertThat(source.audience()).isEqualTo("https://id.example");
    assertThat(source.trust().issuers()).containsExactly(new Issuer("https://idp.example"));
    assertThat(source.trust().domains()).isEmpty();
    assertThat(source.trust().upstream()).isEmpty();
    assertThat(source.legacy()).isFalse();
    assertThat(source.signer().jwksUri()).isEmpty();
    assertThat(source.signer().algorithms()).isEqualTo(Signer.ALGORITHMS);
    assertThat(source.pushAuthorization()).isEmpty();
    assertThat(source.stream()).isEmpty();
    assertThat(source.silence()).isEqualTo(Duration.ofHours(24));
  }

  @Test
  void every_property_of_a_receiver() {
    var source =
        read("""
        signals:
          receivers:
            - name: idp
              issuer: https://idp.example
              jwks_uri: https://idp.example/keys
              algorithms: [RS256]
              audience: us
              subject_issuers: [https://a.example]
              domains: [Acme.Example]
              upstream: corporate
              legacy: true
              push_authorization_file: secret
              silence: 2h
              stream: {token_file: secret, delivery: poll, verify_every: 10m}
        """)
            .sources()
            .getFirst();

    assertThat(source.signer().jwksUri()).contains(URI.create("https://idp.example/keys"));
    assertThat(source.signer().algorithms()).containsExactly(SigningAlgorithm.RS256);
    assertThat(source.audience()).isEqualTo("us");
    assertThat(source.trust())
        .isEqualTo(
            new Trust(
                "acme",
                Set.of(new Issuer("https://a.example")),
                Set.of("acme.example"),
                Optional.of("corporate")));
    assertThat(source.legacy()).isTrue();
    assertThat(source.pushAuthorization().orElseThrow().reveal()).isEqualTo("shared");
    assertThat(source.silence()).isEqualTo(Duration.ofHours(2));
    assertThat(source.stream().orElseThrow().poll()).isTrue();
    assertThat(source.stream().orElseThrow().verifyEvery()).isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  @DisplayName("SSF-16: a stream is managed with an agreed token or as an OAuth client")
  void access_to_a_stream() {
    var sources =
        read("""
        signals:
          receivers:
            - name: agreed
              issuer: https://a.example
              stream: {token_file: secret, delivery: push}
            - name: client
              issuer: https://b.example
              stream: {token_endpoint: "https://b.example/token", client_id: us,
                client_secret_file: secret, delivery: poll}
            - name: narrow
              issuer: https://c.example
              stream: {token_endpoint: "https://c.example/token", client_id: us,
                client_secret_file: secret, scopes: [events], delivery: poll}
        """)
            .sources();

    assertThat(sources.stream().map(source -> source.stream().orElseThrow().access()))
        .containsExactly(
            new Subscription.Token(new Secret("shared")),
            client("https://b.example/token", Scopes.of("ssf.read", "ssf.manage")),
            client("https://c.example/token", Scopes.of("events")));
  }

  private static Subscription.Client client(String tokenEndpoint, Scopes scopes) {
    return new Subscription.Client(
        URI.create(tokenEndpoint), new ClientId("us"), new Secret("shared"), scopes);
  }

  @Test
  @DisplayName("GTR-5, GTR-6: the preset for Okta knows its keys and its synonym")
  void okta() {
    var callers =
        read("""
        signals:
          gtr:
            callers:
              - {name: org, preset: okta, issuer: "https://acme.okta.com", client_id: 0oa1}
              - {name: custom, preset: okta, issuer: "https://acme.okta.com/oauth2/aus1",
                 client_id: 0oa1}
              - {name: other, issuer: "https://idp.example", client_id: us}
        """)
            .callers();

    assertThat(callers.stream().map(caller -> ((Proof.Signed) caller.proof()).signer().jwksUri()))
        .containsExactly(
            Optional.of(URI.create("https://acme.okta.com/oauth2/v1/keys")),
            Optional.of(URI.create("https://acme.okta.com/oauth2/aus1/v1/keys")),
            Optional.empty());
    assertThat(callers.stream().map(CallerConfig::synonym)).containsExactly(true, true, false);
  }

  @Test
  void receivers_of_ours_and_targets() {
    var signals =
        read(
            """
            signals:
              transmitter:
                receivers:
                  - {name: app, audience: "https://app.example", token_hashes: ["%s"],
                     subject: email, may_manage: false}
                  - {name: hr, audience: "https://hr.example", client_id: hr}
                min_verification_interval: 5m
                default_subjects: none
              gtr:
                targets:
                  - {name: crm, url: "https://crm.example/gtr", token_file: secret}
                  - {name: hr, url: "https://hr.example/gtr", client_id: us, subject: email}
            """
                .formatted(TOKEN.hash().text()));

    var transmitter = signals.transmitter().orElseThrow();
    assertThat(transmitter.minVerification()).isEqualTo(Duration.ofMinutes(5));
    assertThat(transmitter.subjectsByDefault()).isFalse();
    assertThat(transmitter.receivers().getFirst().byEmail()).isTrue();
    assertThat(transmitter.receivers().getFirst().mayManage()).isFalse();
    assertThat(transmitter.receivers().getFirst().client()).isEmpty();
    assertThat(transmitter.receivers().getLast().client()).contains(new ClientId("hr"));
    assertThat(transmitter.receivers().getLast().tokens()).isEmpty();
    assertThat(signals.targets().getFirst().format()).isEqualTo(RevocationTarget.Format.ISS_SUB);
    assertThat(signals.targets().getLast().proof())
        .isEqualTo(new RevocationTarget.Proof.Signed("us"));
  }

  @Test
  void faults_stop_the_start_and_say_what_to_do() {
    assertFault("receivers: [{name: idp, issuer: \"https://i.example\", lagacy: true}]", "lagacy");
    assertFault("receivers: [{name: \"No Good\", issuer: \"https://i.example\"}]", "lower-case");
    assertFault("gtr: {callers: [{name: x}]}", "either 'issuer' and 'client_id'");
    assertFault(
        "transmitter: {receivers: [{name: a, audience: a}]}", "neither token_hashes nor client_id");
    assertFault(
        "transmitter: {receivers: [{name: a, audience: a, client_id: x},"
            + " {name: b, audience: b, client_id: x}]}",
        "another receiver's");
    assertFault("gtr: {targets: [{name: x, url: \"https://t.example\"}]}", "either 'token_file'");
    assertFault(
        "receivers: [{name: i, issuer: \"https://i.example\","
            + " stream: {token_file: secret, delivery: pigeon}}]",
        "none of push, poll");
    assertFault(
        "receivers: [{name: i, issuer: \"https://i.example\", stream: {delivery: poll}}]",
        "either 'token_file' or 'token_endpoint'");
  }

  @Test
  @DisplayName("two providers of one id, one at each server, would end each other's sessions")
  void one_id_at_both_servers() throws IOException {
    var good = folder.resolve("good.yaml");
    var _ = atRas("");
    Files.writeString(
        good,
        Files.readString(folder.resolve("ras.yaml"))
            .replace(
                "  signals: {receivers: [{name: idp",
                "  sign_in: {upstreams: [{id: corporate, issuer: \"https://corporate.example\","
                    + " client_id: us, client_secret_file: secret}]}\n"
                    + "  signals: {receivers: [{name: idp"));
    assertThat(ConfigurationFile.read(good, Map.of()).ras()).isPresent();
    var shared = folder.resolve("shared.yaml");
    Files.writeString(shared, Files.readString(good).replace("id: corporate,", "id: partner,"));

    assertThatThrownBy(() -> ConfigurationFile.read(shared, Map.of()))
        .isInstanceOf(FaultyFileException.class)
        .hasMessageContaining("'partner' is one of broker.sign_in.upstreams already");
  }

  private SignalsConfig atRas(String signals) throws IOException {
    Files.writeString(folder.resolve("secret"), "shared\n");
    var file = folder.resolve("ras.yaml");
    Files.writeString(
        file,
        BROKER
            + """
              signals: {receivers: [{name: idp, issuer: "https://idp.example"}]}
            ras:
              issuer: https://ras.example
              listen: 127.0.0.1:8444
              clients: clients.yaml
              flows: both
              resources: [{resource: "https://mcp.example", scopes: [a]}]
              sign_in:
                organisation: guests
                upstreams:
                  - {id: partner, issuer: "https://partner.example", client_id: us, client_secret_file: secret}
                  - {id: customer, issuer: "https://customer.example", client_id: us, client_secret_file: secret,
                     organisation: customers}
              signals: {%s}
            """
                .formatted(signals));
    return ConfigurationFile.read(file, Map.of()).signalsAtRas();
  }

  @Test
  @DisplayName("ras.signals: each receiver speaks about the people of one provider")
  void at_the_resource_authorization_server() throws IOException {
    assertThat(atRas("")).isEqualTo(SignalsConfig.NONE);
    var sources =
        atRas(
                "receivers: ["
                    + "{name: p, issuer: \"https://partner.example\", upstream: partner},"
                    + "{name: c, issuer: \"https://customer.example\", upstream: customer}]")
            .sources();

    assertThat(sources).extracting(SourceConfig::audience).containsOnly("https://ras.example");
    assertThat(sources)
        .extracting(SourceConfig::trust)
        .containsExactly(
            new Trust(
                "guests",
                Set.of(new Issuer("https://partner.example")),
                Set.of(),
                Optional.of("partner")),
            new Trust(
                "customers",
                Set.of(new Issuer("https://customer.example")),
                Set.of(),
                Optional.of("customer")));
  }

  @Test
  void what_is_refused_there() {
    assertFaultAtRas("receivers: [{name: p, issuer: \"https://p.example\"}]", "upstream");
    assertFaultAtRas(
        "receivers: [{name: p, issuer: \"https://p.example\", upstream: corporate}]",
        "'corporate' is none of ras.sign_in.upstreams, which are: customer, partner");
    assertFaultAtRas(
        "receivers: [{name: idp, issuer: \"https://p.example\", upstream: partner}]",
        "'idp' is a receiver of the broker's");
    assertFaultAtRas("gtr: {callers: []}", "gtr");
  }

  private void assertFaultAtRas(String signals, String message) {
    assertThatThrownBy(() -> atRas(signals))
        .isInstanceOf(FaultyFileException.class)
        .hasMessageContaining(message);
  }

  private void assertFault(String signals, String message) {
    assertThatThrownBy(() -> read("signals: {" + signals + "}"))
        .isInstanceOf(FaultyFileException.class)
        .hasMessageContaining(message);
  }

  @Test
  @DisplayName("a set-up from the file revokes on a call, and its routes are in the table")
  void from_the_file_to_the_kill() throws IOException {
    var installed = Installed.in(folder.resolve("set-up"));
    var yaml = Files.readString(installed.configuration());
    Files.writeString(
        installed.configuration(),
        yaml.replaceFirst(
                "  sign_in:\n",
                """
                  signals:
                    transmitter: {receivers: []}
                    gtr:
                      callers:
                        - {name: tool, token_hashes: ["%s"], domains: [example.com]}
                  sign_in:
                """
                    .formatted(TOKEN.hash().text())
                    .replace("$", "\\$"))
            .replaceAll("(?m)^  tls:\n    certificate:.*\n    key:.*\n", ""));
    var config = ConfigurationFile.read(installed.configuration(), Map.of());
    try (var lanyard = Lanyard.start(config, Clock.systemUTC())) {
      var ana =
          new NewPerson(
              "example", "ana@example.com", Optional.of("ana@example.com"), "Ana", Set.of());
      assertThat(lanyard.directory().create(ana)).isInstanceOf(Linking.Created.class);

      var answer =
          Http.post(
              URI.create(
                  "http://127.0.0.1:"
                      + lanyard.port(Lanyard.BROKER)
                      + "/global-token-revocation/tool"),
              "application/json",
              "{\"sub_id\":{\"format\":\"email\",\"email\":\"ana@example.com\"}}",
              Map.of("Authorization", "Bearer " + TOKEN.secret().reveal()));

      assertThat(answer.status()).as(answer.body()).isEqualTo(204);
      assertThat(lanyard.audit().query(AuditQuery.newest(10).ofType("person.revoked"))).hasSize(1);
      assertThat(lanyard.routes().get(Lanyard.BROKER).stream().map(route -> route.pattern()))
          .contains(
              "/.well-known/ssf-configuration",
              "/signals/streams",
              "/signals/poll/{stream}",
              "/global-token-revocation/{caller}")
          .doesNotContain("/signals/events/{source}");
    }
  }
}
