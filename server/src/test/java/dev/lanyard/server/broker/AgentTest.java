package dev.lanyard.server.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.dpop.DpopSigner;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.catalog.Catalog;
import dev.lanyard.server.catalog.KnownWorld;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.Desk;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Signer;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Exposure;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.sessions.LiveGrants;
import dev.lanyard.server.yaml.Reload;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 6749 §4.4: agents without a person, under the same policy")
@Tag("thorough")
class AgentTest {
  @TempDir Path folder;
  private Pair pair;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
    employed("agent-ras", "signing-agent-ras");
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  private void employed(String... agents) {
    World.employing(folder, pair.ras(), agents);
    // A change counts when two looks in a row find it.
    pair.library.poll();
    assertThat(pair.library.poll()).isInstanceOf(Reload.Loaded.class);
  }

  private static Form.Builder asking(ResourceIndicator resource) {
    return Form.builder().add("grant_type", "client_credentials").add("resource", resource.value());
  }

  private Answer token(String client, Form form) {
    return Http.post(pair.rasUrl("/token"), form, Desk.basic(client));
  }

  private String granted(ResourceIndicator resource) {
    var answer = token("agent-ras", asking(resource).build());
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.text("access_token");
  }

  private Answer introspected(String token) {
    return new Desk(pair).introspect(token, "linear-server");
  }

  private void assertDead(String token) {
    assertThat(introspected(token).body()).isEqualTo("{\"active\":false}");
  }

  private void assertRefused(Answer answer, String error) {
    assertThat(answer.text("error")).as(answer.body()).isEqualTo(error);
    assertThat(answer.status()).isEqualTo(400);
    var correlationId = answer.header("Lanyard-Correlation-Id").orElseThrow();
    assertThat(pair.audit(correlationId)).contains("token.agent refused");
  }

  @Test
  void one_with_a_role_gets_what_the_role_gives() {
    var answer = token("agent-ras", asking(World.LINEAR).build());
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.text("scope")).isEqualTo("issues.read");
    assertThat(answer.text("token_type")).isEqualTo("Bearer");
    assertThat(answer.json().has("refresh_token")).isFalse();
    var introspected = introspected(answer.text("access_token"));
    assertThat(introspected.text("client_id")).isEqualTo("agent-ras");
    assertThat(introspected.text("sub"))
        .as("AC-20: never what a person may be called")
        .isEqualTo("client:agent-ras");
    assertThat(introspected.text("scope")).isEqualTo("issues.read");
    var correlationId = answer.header("Lanyard-Correlation-Id").orElseThrow();
    assertThat(pair.audit(correlationId))
        .contains("token.agent success", "robots", "issues.read")
        .doesNotContain(answer.text("access_token"));
  }

  @Test
  @DisplayName("with private_key_jwt")
  void one_that_signs() {
    var signer = new Signer("signing-agent-ras", pair.ras(), World.clientKey(), pair.clock);
    var answer = signer.post(pair.rasUrl("/token"), asking(World.LINEAR).build());
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  @Test
  void scopes_are_narrowed_to_what_was_asked_for_and_no_more_is_given() {
    var asked = asking(World.LINEAR).add("scope", "issues.read issues.write").build();
    assertThat(token("agent-ras", asked).text("scope")).isEqualTo("issues.read");
    assertRefused(
        token("agent-ras", asking(World.LINEAR).add("scope", "issues.write").build()),
        "invalid_scope");
  }

  @Test
  @DisplayName("exposure counts agents beside people, and what was killed no more")
  void is_exposed_until_it_is_killed() {
    granted(World.LINEAR);
    var exposure =
        new Exposure(
            new LiveGrants(pair.database),
            new AuditLog(pair.database),
            pair.revocation.denied(),
            new Catalog(pair.library::current),
            KnownWorld::builtIn,
            Optional.of(new Exposure.Ours(pair.ras(), _ -> Optional.empty())),
            Duration.ofMinutes(5),
            pair.clock);
    assertThat(exposure.of(Optional.empty()))
        .singleElement()
        .satisfies(access -> {
          assertThat(access.connector()).isEqualTo("linear");
          assertThat(access.agents()).isEqualTo(1);
          assertThat(access.people()).isZero();
          assertThat(access.tokens()).isEqualTo(1);
          assertThat(access.ifCutNow()).startsWith("ends at once");
        });

    pair.clock.advance(Duration.ofSeconds(2));
    var _ =
        pair.revocation.report(
            Source.of(Source.Kind.POLICY),
            new Subject.Agent(new ClientId("agent-ras")),
            Happening.TOKENS_REVOKED,
            "the role is gone",
            "test");
    pair.awaitChanges();

    assertThat(exposure.of(Optional.empty())).isEmpty();
    pair.clock.advance(Duration.ofSeconds(2));
    granted(World.LINEAR);
    assertThat(exposure.of(Optional.empty())).hasSize(1);
  }

  @Nested
  @DisplayName("Nothing")
  class Nothing {
    @Test
    @DisplayName("for a client that no role names")
    void without_a_role() {
      assertRefused(token("idle-agent-ras", asking(World.LINEAR).build()), "invalid_target");
    }

    @Test
    @DisplayName("for a resource that its role does not give")
    void of_another_resource() {
      assertRefused(token("agent-ras", asking(World.NOTION).build()), "invalid_target");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://elsewhere.example/mcp", "https://linear.example/mcp/"})
    @DisplayName("for a resource that is not here")
    void of_a_foreign_resource(String resource) {
      assertRefused(
          token("agent-ras", asking(new ResourceIndicator(resource)).build()), "invalid_target");
    }

    @Test
    @DisplayName("without naming a resource, as there are several")
    void of_everything() {
      assertRefused(
          token("agent-ras", Form.builder().add("grant_type", "client_credentials").build()),
          "invalid_target");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a  b", "\"x\""})
    void of_a_malformed_scope(String scope) {
      assertRefused(
          token("agent-ras", asking(World.LINEAR).add("scope", scope).build()), "invalid_scope");
    }

    @Test
    @DisplayName("for a client without the grant, whatever role names it")
    void without_the_grant() {
      var answer = token("desk-ras", asking(World.LINEAR).build());
      assertRefused(answer, "unauthorized_client");
    }

    @Test
    @DisplayName("§4.4: for a public client")
    void public_clients() {
      var form = asking(World.LINEAR).add("client_id", "open-agent-ras").build();
      var answer = Http.post(pair.rasUrl("/token"), form, Map.of());
      assertThat(answer.text("error")).isEqualTo("unauthorized_client");
      assertThat(answer.status()).isEqualTo(400);
    }

    @Test
    @DisplayName("for a group that is called like a client, or a client like a group")
    void no_confusion_of_names() {
      pair.person("mallory", "agent-ras");
      var desk = new Desk(pair);
      assertThatThrownBy(() -> desk.idToken("mallory")).hasMessageContaining("No connectors");
      assertRefused(token("engineering", asking(World.LINEAR).build()), "invalid_target");
    }

    @Test
    @DisplayName("POL-1: where the role wants a better sign-in")
    void where_the_role_wants_a_sign_in() {
      World.employingCarefully(folder, "agent-ras");
      pair.library.poll();
      pair.library.poll();
      assertRefused(token("agent-ras", asking(World.NOTION).build()), "invalid_target");
    }

    @Test
    @DisplayName("RAS-18: where a person must have signed in well")
    void where_people_must_sign_in() {
      assertRefused(token("agent-ras", asking(World.TREASURY).build()), "invalid_target");
    }
  }

  @Nested
  @DisplayName("DPOP-6: bound to a key")
  class Keys {
    private Answer proving(ResourceIndicator resource) {
      var key = new DpopSigner(Pair.strangersKey(), pair.clock, new SecureRandom());
      var headers = new HashMap<>(Desk.basic("agent-ras"));
      headers.put("DPoP", key.proof("POST", pair.rasUrl("/token"), Optional.empty()));
      return Http.post(pair.rasUrl("/token"), asking(resource).build(), headers);
    }

    @Test
    void if_it_proves_one() {
      var answer = proving(World.LINEAR);
      assertThat(answer.text("token_type")).as(answer.body()).isEqualTo("DPoP");
      assertThat(introspected(answer.text("access_token")).body()).contains("\"jkt\"");
    }

    @Test
    void and_it_must_where_the_resource_wants_it() {
      assertRefused(token("agent-ras", asking(World.VAULT).build()), "invalid_dpop_proof");
      assertThat(proving(World.VAULT).status()).isEqualTo(200);
    }
  }

  @Nested
  @DisplayName("DPR-1: its tokens die")
  class Death {
    private void happened(Subject subject, Happening what) {
      pair.revocation.report(Source.of(Source.Kind.ADMIN), subject, what, "a test", "test");
    }

    @Test
    void with_the_client() {
      var token = granted(World.LINEAR);
      happened(new Subject.Client(pair.ras(), new ClientId("agent-ras")), Happening.DISABLED);
      assertDead(token);
      assertThat(token("agent-ras", asking(World.LINEAR).build()).text("error"))
          .isEqualTo("invalid_client");
    }

    @Test
    void with_the_connector() {
      var token = granted(World.LINEAR);
      happened(new Subject.Connector(World.LINEAR), Happening.DISABLED);
      assertDead(token);
      assertThat(token("agent-ras", asking(World.LINEAR).build()).status())
          .as("an outage, no refusal")
          .isEqualTo(503);
    }

    @Test
    void when_the_client_gives_it_back() {
      var token = granted(World.LINEAR);
      var answer =
          Http.post(
              pair.rasUrl("/revoke"),
              Form.builder().add("token", token).build(),
              Desk.basic("agent-ras"));
      assertThat(answer.status()).isEqualTo(200);
      assertDead(token);
    }

    @Test
    void not_by_another_client() {
      var token = granted(World.LINEAR);
      Http.post(
          pair.rasUrl("/revoke"),
          Form.builder().add("token", token).build(),
          Desk.basic("desk-ras"));
      assertThat(introspected(token).text("client_id")).isEqualTo("agent-ras");
    }

    @Test
    @DisplayName("POL-7: with its role, at introspection at once")
    void with_the_role() {
      var token = granted(World.LINEAR);
      employed("signing-agent-ras");
      assertDead(token);
    }

    @Test
    @DisplayName("an opaque one, and one with a status list, as well")
    void in_every_form() {
      var token = granted(World.LEDGER);
      var asked = new Desk(pair).introspect(token, "ledger-server");
      assertThat(asked.text("client_id")).as(asked.body()).isEqualTo("agent-ras");
      happened(new Subject.Client(pair.ras(), new ClientId("agent-ras")), Happening.TOKENS_REVOKED);
      assertThat(new Desk(pair).introspect(token, "ledger-server").body())
          .isEqualTo("{\"active\":false}");
      assertThat(granted(World.ARCHIVE)).isNotEmpty();
    }
  }
}
