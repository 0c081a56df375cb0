package dev.lanyard.server.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Signer;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
    "SCIM-14, SCIM-P2: OAuth clients of a connection get tokens for it, and for nothing else")
@Tag("thorough")
class ClientCredentialsTest {

  @Nested
  class OnSqlite extends Contract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder), folder);
    }
  }

  @Nested
  class OnPostgres extends Contract {
    OnPostgres(@TempDir Path folder) {
      super(TestDatabases.postgres(), folder);
    }

    @Test
    @DisplayName("TOK-10: a token that is given back at one node is dead on the other")
    void given_back() {
      try (var other = Pair.start(pair.setup().beside(pair), folder.resolve("other"))) {
        var token = token(bySecret("provisioner-secret", form().build()));
        assertThat(new Provider(other, token).get("/Users").status()).isEqualTo(200);
        assertThat(revoke("provisioner-secret", token).status()).isEqualTo(200);
        assertThat(new Provider(other, token).get("/Users").status()).isEqualTo(401);
      }
    }

    @Test
    @DisplayName("a token of one node counts on the other, and dies there with its client")
    void two_nodes() {
      try (var other = Pair.start(pair.setup().beside(pair), folder.resolve("other"))) {
        var token = token(bySecret("provisioner-secret", form().build()));
        assertThat(new Provider(other, token).get("/Users").status()).isEqualTo(200);
        stop(Happening.DISABLED);
        other.awaitChanges();
        assertThat(new Provider(other, token).get("/Users").status()).isEqualTo(401);
      }
    }
  }

  abstract static class Contract {
    private final DatabaseConfig config;
    final Path folder;
    Pair pair;

    Contract(DatabaseConfig config, Path folder) {
      this.config = config;
      this.folder = folder;
    }

    @BeforeEach
    void start() {
      pair = Pair.start(Setup.on(config, folder), folder);
    }

    @AfterEach
    void end() {
      pair.close();
    }

    static Form.Builder form() {
      return Form.builder().add("grant_type", "client_credentials");
    }

    private Answer byKey(Form form) {
      return Signer.provisioner(pair).post(pair.brokerUrl("/scim/v2/token"), form);
    }

    Answer bySecret(String client, Form form) {
      return bySecret("/scim/v2/token", client, form);
    }

    private Answer bySecret(String path, String client, Form form) {
      return Http.post(pair.brokerUrl(path), form, Desk.basic(client));
    }

    Answer revoke(String client, Secret token) {
      var form = Form.builder().add("token", token.reveal()).build();
      return bySecret("/revoke", client, form);
    }

    @Test
    @DisplayName("TOK-10: a client gives a token back, its own and no other, and it ends at once")
    void revoked() {
      var token = token(bySecret("provisioner-secret", form().build()));
      var other = token(bySecret("provisioner-secret", form().build()));
      assertThat(revoke("desk", token).status()).isEqualTo(200);
      assertThat(new Provider(pair, token).get("/Users").status()).as("another's").isEqualTo(200);

      var answer = revoke("provisioner-secret", token);
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(new Provider(pair, token).get("/Users").status()).isEqualTo(401);
      assertThat(revoke("provisioner-secret", token).status()).as("again").isEqualTo(200);
      assertThat(new Provider(pair, other).get("/Users").status()).isEqualTo(200);
    }

    static Secret token(Answer answer) {
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      return new Secret(answer.text("access_token"));
    }

    void stop(Happening how) {
      pair.revocation.report(
          Source.of(Source.Kind.ADMIN),
          new Subject.Client(pair.broker(), new ClientId("provisioner-secret")),
          how,
          "a test",
          "test");
    }

    private void assertRefused(Answer answer, String error) {
      assertThat(answer.status()).as(answer.body()).isIn(400, 401);
      assertThat(answer.text("error")).isEqualTo(error);
      assertThat(answer.body()).doesNotContain("access_token");
    }

    @Test
    @DisplayName(
        "with a signed assertion, in the profile ipsie: a token that works for an hour at most")
    void with_a_key() {
      var answer = byKey(form().add("scope", "scim").build());
      var ipsie = new Provider(pair, token(answer));
      assertThat(answer.text("token_type")).isEqualTo("Bearer");
      assertThat(answer.text("scope")).isEqualTo("scim");
      assertThat(answer.header("Cache-Control")).contains("no-store");
      assertThat(ipsie.get("/Users/" + ipsie.create("ana")).status()).isEqualTo(200);
      assertThat(ipsie.get("/ServiceProviderConfig").body())
          .contains("\"type\":\"oauth2\"", "/scim/v2/token")
          .doesNotContain("lanyard scim token create");

      pair.clock.advance(Duration.ofMinutes(14));
      assertThat(ipsie.get("/Users").status()).isEqualTo(200);
      pair.clock.advance(Duration.ofMinutes(1));
      var late = ipsie.get("/Users");
      assertThat(late.status()).isEqualTo(401);
      assertThat(late.header("WWW-Authenticate")).contains("invalid_token");
    }

    @Test
    @DisplayName("with a secret, where the profile allows it, and by the resource of SCIM")
    void with_a_secret() {
      var form = form().add("resource", pair.broker().value() + "/scim/v2").build();
      var provider = new Provider(pair, token(bySecret("provisioner-secret", form)));
      provider.create("ana");
      assertThat(provider.find("/Users", "userName eq \"ana\"").number("totalResults")).isOne();
    }

    @Test
    @DisplayName("SCIM-16: each sees its own connection")
    void each_its_own() {
      var one = new Provider(pair, token(byKey(form().build())));
      var other = new Provider(pair, token(bySecret("provisioner-secret", form().build())));
      var ana = one.create("ana");
      assertThat(other.get("/Users/" + ana).status()).isEqualTo(404);
    }

    @Test
    @DisplayName("nobody without the right proof, of another connection's, or for more than SCIM")
    void refused() {
      var stranger = Signer.provisioner(pair).with(Pair.strangersKey());
      var url = pair.brokerUrl("/scim/v2/token");
      assertRefused(stranger.post(url, form().build()), "invalid_client");
      assertRefused(Http.post(url, form().build(), Map.of()), "invalid_client");
      assertRefused(bySecret("provisioner-elsewhere", form().build()), "unauthorized_client");
      assertRefused(bySecret("desk", form().build()), "unauthorized_client");
      assertRefused(byKey(form().add("scope", "scim openid").build()), "invalid_scope");
      assertRefused(byKey(form().add("scope", "openid").build()), "invalid_scope");
      assertRefused(
          byKey(form().add("resource", "https://linear.example/mcp").build()), "invalid_target");
      assertRefused(
          byKey(Form.builder().add("grant_type", "authorization_code").build()),
          "unsupported_grant_type");
    }

    @Test
    @DisplayName("at the endpoint for people's tokens there is no such grant")
    void not_at_the_broker() {
      assertRefused(
          bySecret("/token", "provisioner-secret", form().build()), "unsupported_grant_type");
    }

    @Test
    @DisplayName("the token is good for SCIM only")
    void for_scim_only() {
      var token = token(bySecret("provisioner-secret", form().build())).reveal();
      var bearer = Map.of("Authorization", "Bearer " + token);
      assertThat(Http.get(pair.brokerUrl("/userinfo"), bearer).status()).isEqualTo(401);
      var exchange =
          Form.builder()
              .add("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
              .add("subject_token", token)
              .add("subject_token_type", "urn:ietf:params:oauth:token-type:access_token")
              .build();
      assertThat(bySecret("/token", "desk", exchange).status()).isEqualTo(400);
    }

    @Test
    @DisplayName("a token that was made by hand is none for a connection with clients")
    void made_by_hand() {
      assertThat(new Provider(pair, pair.scimToken("oauth")).get("/Users").status()).isEqualTo(401);
      assertThat(new Provider(pair, pair.scimToken("ipsie")).get("/Users").status()).isEqualTo(401);
    }

    @Test
    @DisplayName("DPR-1: with the client its tokens die, and none comes back")
    void the_client_is_stopped() {
      var provider = new Provider(pair, token(bySecret("provisioner-secret", form().build())));
      pair.clock.advance(Duration.ofSeconds(2));
      stop(Happening.DISABLED);
      assertThat(provider.get("/Users").status()).isEqualTo(401);
      assertRefused(bySecret("provisioner-secret", form().build()), "invalid_client");
      pair.clock.advance(Duration.ofSeconds(2));
      stop(Happening.ENABLED);
      assertThat(provider.get("/Users").status()).isEqualTo(401);
      var next = new Provider(pair, token(bySecret("provisioner-secret", form().build())));
      assertThat(next.get("/Users").status()).isEqualTo(200);
    }

    @Test
    @DisplayName("DPR-1: what was issued dies, and the client goes on")
    void what_was_issued_is_killed() {
      var provider = new Provider(pair, token(bySecret("provisioner-secret", form().build())));
      stop(Happening.TOKENS_REVOKED);
      assertThat(provider.get("/Users").status()).isEqualTo(401);
      var next = new Provider(pair, token(bySecret("provisioner-secret", form().build())));
      assertThat(next.get("/Users").status()).isEqualTo(200);
    }

    @Test
    @DisplayName("kept as a hash, recorded without the secret")
    void kept_as_a_hash() {
      var answer = bySecret("provisioner-secret", form().build());
      var token = token(answer).reveal();
      var kept =
          pair.database.<String>read(connection -> {
            try (var query = connection.prepareStatement("SELECT hash FROM scim_access_token");
                var rows = query.executeQuery()) {
              rows.next();
              return rows.getString(1);
            }
          });
      assertThat(kept).isNotEqualTo(token);
      var correlation = answer.header("Lanyard-Correlation-Id").orElseThrow();
      assertThat(pair.audit(correlation))
          .contains("scim.token.issued", "\"connection\":\"oauth\"")
          .doesNotContain(token);
    }
  }

  @Nested
  @DisplayName("Configuration")
  class Configured {
    private ScimConnection connection(String id, Compatibility profile, Set<ClientId> clients) {
      return new ScimConnection(
          id,
          "acme",
          profile,
          List.of(),
          ScimConnection.Existing.REFUSE,
          Optional.empty(),
          50,
          clients,
          Set.of());
    }

    @Test
    void ipsie_without_clients_does_not_start() {
      assertThatThrownBy(() -> connection("a", Compatibility.IPSIE, Set.of()))
          .hasMessageContaining("clients");
    }

    @Test
    void a_client_belongs_to_one_connection() {
      var clients = Set.of(new ClientId("c"));
      assertThatThrownBy(() ->
              new ScimConfig(
                  List.of(
                      connection("a", Compatibility.GENERIC, clients),
                      connection("b", Compatibility.GENERIC, clients))))
          .hasMessageContaining("one connection");
    }
  }
}
