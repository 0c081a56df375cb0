package dev.lanyard.server.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.credentials.CredentialsConfig.Vendor;
import dev.lanyard.server.credentials.CredentialsConfig.Way;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.delivery.Courier;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.Meanwhile;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.ReconciliationReport;
import dev.lanyard.server.revocation.Subject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What Enterprise-Managed Authorization towards a vendor promises, on either database.
abstract class ManagedContract {
  private static final SignInNeeded MFA =
      new SignInNeeded(Optional.of(Duration.ofMinutes(5)), List.of("mfa"));

  private final DatabaseConfig config;
  private final TestClock clock = new TestClock();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile IdJagSource broker =
      _ -> new IdJagSource.Answer.Given(new Secret("id-jag-" + asked.incrementAndGet()));
  private Path folder;
  private Tracker tracker;
  private BridgeNode node;
  private Person ana;

  ManagedContract(DatabaseConfig config) {
    this.config = config;
  }

  @BeforeEach
  void start(@TempDir Path temporary) {
    folder = temporary;
    tracker = Tracker.start();
    tracker.refreshes = false;
    node = node(managed());
    ana = node.person("ana");
  }

  private Vendor vendor() {
    return new Vendor(
        tracker.issuer(),
        new ClientId("lanyard"),
        Optional.of(new Secret("s3cret")),
        Scopes.of("read", "write"),
        Optional.of(new ResourceIndicator("https://tracker.example/mcp")));
  }

  private CredentialsConfig managed() {
    return new CredentialsConfig(Map.of("tracker", new Way.Managed(vendor())));
  }

  private BridgeNode node(CredentialsConfig credentials) {
    var started = new BridgeNode(config, folder, credentials, wanted -> broker.ask(wanted), clock);
    open.add(started);
    return started;
  }

  @AfterEach
  void stop() throws Exception {
    tracker.close();
    for (var one : open.reversed()) {
      one.close();
    }
  }

  private static Presented bearer(String token) {
    return new Presented.With("Authorization", new Secret("Bearer " + token));
  }

  private Presented shown(ForWhom who) {
    return BridgeNode.plain(node.credentials.of("tracker", who));
  }

  private ForWhom signedIn(Person person, String session, AuthenticationContext how) {
    return new ForWhom(
        Optional.of(person), new Secret("t"), Scopes.NONE, Optional.of(session), how, "request-2");
  }

  private AuthenticationContext password() {
    return new AuthenticationContext(
        Optional.of(clock.instant()), Optional.of("pwd"), List.of("pwd"));
  }

  @Nested
  @DisplayName("A call has a token of the person's, and the person is asked nothing")
  class Obtained {
    @Test
    @DisplayName("CLI-32: the ID-JAG is redeemed for the resource and the scopes of the entry")
    void redeemed() throws Exception {
      assertThat(node.shown(ana)).isEqualTo(bearer("access-1"));
      assertThat(node.shown(ana)).isEqualTo(bearer("access-1"));
      var form = tracker.tokenRequests.getFirst();
      assertThat(form.required("grant_type"))
          .isEqualTo("urn:ietf:params:oauth:grant-type:jwt-bearer");
      assertThat(form.required("assertion")).isEqualTo("id-jag-1");
      assertThat(form.required("resource")).isEqualTo("https://tracker.example/mcp");
      assertThat(form.required("scope")).isEqualTo("read write");
      assertThat(tracker.authorizations.getFirst()).startsWith("Basic ");
      assertThat(asked).hasValue(1);
      assertThat(node.events()).containsExactly("upstream.obtain");
      assertThat(node.credentials.accounts(Optional.empty()))
          .as("nobody has connected anything")
          .isEmpty();
    }

    @Test
    void a_client_without_a_person_has_nothing_there() {
      assertThat(shown(BridgeNode.who(Optional.empty()))).isInstanceOf(Presented.Missing.class);
    }

    @Test
    @DisplayName("What was obtained under one sign-in is not used under another")
    void of_one_sign_in() {
      assertThat(shown(signedIn(ana, "s-1", password()))).isEqualTo(bearer("access-1"));
      assertThat(shown(signedIn(ana, "s-2", password()))).isEqualTo(bearer("access-2"));
      var better =
          new AuthenticationContext(
              Optional.of(clock.instant()), Optional.of("mfa"), List.of("otp"));
      assertThat(shown(signedIn(ana, "s-1", better))).isEqualTo(bearer("access-3"));
      assertThat(shown(signedIn(ana, "s-1", password()))).isEqualTo(bearer("access-1"));
    }

    @Test
    void of_two_nodes_at_once_one_keeps_its_token_and_the_other_is_revoked() throws Exception {
      var other = node(managed());
      tracker.hold = Optional.of(new CountDownLatch(1));
      var first = Meanwhile.does(() -> node.shown(ana));
      var second = Meanwhile.does(() -> other.shown(ana));
      Meanwhile.until(List.of(first, second), () -> tracker.tokenRequests.size() >= 2);
      tracker.hold.get().countDown();
      var shown = first.outcome();
      assertThat(shown).isEqualTo(second.outcome()).isEqualTo(node.shown(ana));
      assertThat(node.carried()).containsExactly(new Courier.Result.Delivered("revoked"));
      assertThat(bearer(tracker.revoked.getFirst())).isNotEqualTo(shown);
      assertThat(node.rows()).isEqualTo(1);
    }
  }

  @Nested
  @DisplayName(
      "What a vendor calls otherwise is asked for by its names, and for the caller's alone")
  class Translated {
    @BeforeEach
    void translate() {
      var way =
          new Way.Managed(
              vendor(),
              Map.of(
                  "issues.read", Scopes.of("tickets"),
                  "issues.write", Scopes.of("tickets", "tickets:edit")));
      node = node(new CredentialsConfig(Map.of("tracker", way)));
    }

    private Presented with(String... scopes) {
      return shown(
          new ForWhom(
              Optional.of(ana),
              new Secret("t"),
              Scopes.of(scopes),
              Optional.of("s-1"),
              password(),
              "request-2"));
    }

    @Test
    void each_scope_of_the_callers_token_with_what_it_is_there() throws Exception {
      var wanted = new ArrayList<Scopes>();
      broker =
          one -> {
            wanted.add(one.scopes());
            return new IdJagSource.Answer.Given(new Secret("id-jag"));
          };
      assertThat(with("issues.read", "other")).isEqualTo(bearer("access-1"));
      assertThat(with("issues.write")).isEqualTo(bearer("access-2"));

      assertThat(wanted)
          .containsExactly(Scopes.of("tickets"), Scopes.of("tickets", "tickets:edit"));
      assertThat(tracker.tokenRequests.getFirst().required("scope")).isEqualTo("tickets");
      assertThat(tracker.tokenRequests.getLast().required("scope"))
          .isEqualTo("tickets tickets:edit");
    }

    @Test
    void what_was_got_for_more_is_not_used_for_less_and_the_order_makes_no_difference() {
      assertThat(with("issues.write", "issues.read")).isEqualTo(bearer("access-1"));
      assertThat(with("issues.read")).isEqualTo(bearer("access-2"));
      assertThat(with("issues.read", "issues.write")).isEqualTo(bearer("access-1"));
      assertThat(with("issues.read")).isEqualTo(bearer("access-2"));
    }

    @Test
    void for_nothing_of_theirs_nobody_is_asked_instead_of_leaving_it_to_the_vendor() {
      assertThat(with("other")).isInstanceOf(Presented.Missing.class);
      assertThat(with()).isInstanceOf(Presented.Missing.class);
      assertThat(tracker.tokenRequests).isEmpty();
    }

    @Test
    void more_than_that_is_not_taken() {
      tracker.says = JsonObject.builder().put("scope", "tickets tickets:edit").build();
      assertThat(with("issues.read")).isInstanceOf(Presented.Unavailable.class);
    }
  }

  @Nested
  @DisplayName("A token is renewed ahead of its end by another ID-JAG, as policy is then")
  class Renewed {
    @Test
    void a_minute_ahead_by_one_of_many() throws Exception {
      node.shown(ana);
      clock.advance(Duration.ofSeconds(3_545));
      var shown = Collections.synchronizedList(new ArrayList<Presented>());
      AtOnce.run(8, () -> shown.add(node.shown(ana)));
      assertThat(shown).hasSize(8).isSubsetOf(bearer("access-1"), bearer("access-2"));
      assertThat(node.shown(ana)).isEqualTo(bearer("access-2"));
      assertThat(asked).hasValue(2);
      assertThat(node.rows()).isEqualTo(1);
    }

    @Test
    void also_if_the_sweep_forgets_the_old_one_meanwhile() {
      node.shown(ana);
      clock.advance(Duration.ofHours(1));
      broker =
          _ -> {
            assertThat(node.credentials.sweep("sweep-1")).isEmpty();
            return new IdJagSource.Answer.Given(new Secret("id-jag"));
          };
      assertThat(node.shown(ana)).isEqualTo(bearer("access-2"));
      assertThat(node.shown(ana)).as("it is kept").isEqualTo(bearer("access-2"));
      assertThat(node.rows()).isEqualTo(1);
      assertThat(node.carried()).as("nothing is revoked").isEmpty();
    }

    @Test
    void of_a_short_life_a_quarter_ahead_and_not_at_every_call() {
      tracker.lifeSeconds = 40;
      node.shown(ana);
      clock.advance(Duration.ofSeconds(29));
      assertThat(node.shown(ana)).isEqualTo(bearer("access-1"));
      clock.advance(Duration.ofSeconds(1));
      assertThat(node.shown(ana)).isEqualTo(bearer("access-2"));
    }

    @Test
    @DisplayName("A no of our policy takes the old one as well")
    void refused_by_policy() {
      node.shown(ana);
      clock.advance(Duration.ofSeconds(3_545));
      broker = _ -> new IdJagSource.Answer.Refused("access_denied");
      assertThat(node.shown(ana)).isInstanceOf(Presented.Missing.class);
      assertThat(node.events())
          .containsExactly("upstream.obtain", "upstream.obtain refused", "upstream.grant-ended");
      node.carried();
      assertThat(tracker.revoked).containsExactly("access-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"access_denied", "invalid_grant"})
    @DisplayName("and cuts off what is under way, but not where a token of the caller's just died")
    void refused_and_cut(String error) {
      var grant = node.grant(ana);
      clock.advance(Duration.ofSeconds(3_545));
      broker = _ -> new IdJagSource.Answer.Refused(error);
      assertThat(node.shown(ana)).isInstanceOf(Presented.Missing.class);
      node.database.changes().awaitCurrent(Duration.ofSeconds(10));
      assertThat(node.credentials.hasEnded(grant)).isEqualTo(error.equals("access_denied"));
    }

    @Test
    void while_the_server_does_not_answer_the_old_one_serves_to_its_end() {
      node.shown(ana);
      tracker.tokenStatus = 503;
      clock.advance(Duration.ofSeconds(3_545));
      assertThat(node.shown(ana)).isEqualTo(bearer("access-1"));
      clock.advance(Duration.ofMinutes(1));
      assertThat(node.shown(ana)).isInstanceOf(Presented.Unavailable.class);
      int before = tracker.tokenRequests.size();
      assertThat(node.shown(ana)).isInstanceOf(Presented.Unavailable.class);
      assertThat(tracker.tokenRequests).as("it is left alone for a while").hasSize(before);
      tracker.tokenStatus = 200;
      clock.advance(Duration.ofSeconds(10));
      assertThat(node.shown(ana)).isEqualTo(bearer("access-2"));
    }

    @Test
    void a_token_that_the_mcp_server_refuses_is_replaced_but_not_at_every_call() {
      node.shown(ana);
      node.credentials.refused("tracker", BridgeNode.who(Optional.of(ana)));
      assertThat(node.shown(ana)).as("it is too young").isEqualTo(bearer("access-1"));
      clock.advance(Duration.ofMinutes(2));
      node.credentials.refused("tracker", BridgeNode.who(Optional.of(ana)));
      assertThat(node.shown(ana)).isEqualTo(bearer("access-2"));
    }
  }

  @Nested
  @DisplayName("What a server answers otherwise")
  class Errors {
    private void assertUnavailable(String why) {
      assertThat(node.shown(ana))
          .isInstanceOfSatisfying(
              Presented.Unavailable.class, no -> assertThat(no.why()).contains(why));
    }

    @Test
    void about_the_person_is_said_to_the_person() {
      tracker.tokenStatus = 400;
      tracker.tokenError = "invalid_scope";
      assertThat(node.shown(ana))
          .isInstanceOfSatisfying(
              Presented.Missing.class, no -> assertThat(no.why()).contains("invalid_scope"));
      assertThat(node.events()).containsExactly("upstream.obtain refused");
    }

    @Test
    void about_the_person_also_with_the_status_of_a_good_answer() {
      tracker.refusesWith200 = true;
      tracker.tokenError = "access_denied";
      assertThat(node.shown(ana))
          .isInstanceOfSatisfying(
              Presented.Missing.class, no -> assertThat(no.why()).contains("access_denied"));
      clock.advance(Duration.ofMinutes(2));
      tracker.tokenError = "invalid_client";
      assertUnavailable("200 invalid_client");
    }

    @Test
    void about_us_is_an_outage() {
      tracker.tokenStatus = 401;
      tracker.tokenError = "invalid_client";
      assertUnavailable("401 invalid_client");
      assertThat(node.events()).containsExactly("upstream.obtain fault");
    }

    @Test
    @DisplayName("RFC 9470: a better sign-in is asked for, by our policy or by the server")
    void step_up() {
      broker = _ -> new IdJagSource.Answer.StepUp(MFA);
      assertThat(node.shown(ana)).isEqualTo(new Presented.StepUp(MFA));
      broker = _ -> new IdJagSource.Answer.Given(new Secret("id-jag"));
      tracker.tokenStatus = 400;
      tracker.tokenError = "insufficient_user_authentication";
      tracker.says = JsonObject.builder().put("max_age", 300).put("acr_values", "mfa").build();
      assertThat(shown(signedIn(ana, "s-2", password()))).isEqualTo(new Presented.StepUp(MFA));
      var better =
          new AuthenticationContext(
              Optional.of(clock.instant()), Optional.of("mfa"), List.of("otp"));
      assertThat(shown(signedIn(ana, "s-3", better)))
          .as("a better one would not help")
          .isInstanceOf(Presented.Missing.class);
      tracker.says = JsonObject.builder().put("acr_values", "a\"b").build();
      assertThat(shown(signedIn(ana, "s-4", password())))
          .as("nothing goes into a challenge of ours that could break out of it")
          .isInstanceOf(Presented.Missing.class);
    }

    @Test
    @DisplayName("CLI-39: more than was asked for is not used, and is revoked")
    void too_much() {
      tracker.says = JsonObject.builder().put("scope", "read write admin").build();
      assertUnavailable("more scopes than asked for");
      tracker.says = JsonObject.builder().put("token_type", "DPoP").build();
      clock.advance(Duration.ofSeconds(10));
      assertUnavailable("bound to a key");
      tracker.says = JsonObject.builder().put("resource", "https://other.example/mcp").build();
      clock.advance(Duration.ofSeconds(10));
      assertUnavailable("other resources");
      node.carried();
      assertThat(tracker.revoked).containsExactlyInAnyOrder("access-1", "access-2", "access-3");
    }

    @Test
    void nonsense_and_more_than_anybody_reads() {
      tracker.says = JsonObject.builder().put("access_token", 1).build();
      assertUnavailable("nonsense");
      clock.advance(Duration.ofSeconds(10));
      tracker.says = JsonObject.builder().put("padding", "x".repeat(300_000)).build();
      assertThat(node.shown(ana)).isInstanceOf(Presented.Unavailable.class);
    }

    @Test
    void a_token_of_the_caller_that_has_just_died_says_nothing_about_the_next() {
      broker = _ -> new IdJagSource.Answer.Refused("invalid_grant");
      assertThat(node.shown(ana)).isInstanceOf(Presented.Missing.class);
      broker = _ -> new IdJagSource.Answer.Given(new Secret("id-jag"));
      assertThat(node.shown(ana)).isEqualTo(bearer("access-1"));
    }
  }

  @Nested
  @DisplayName("The kill takes it away at once, and the vendor is told until it has heard")
  class Kill {
    @Test
    void of_the_person() {
      node.shown(ana);
      node.kill(ana, Happening.CREDENTIAL_COMPROMISED);
      assertThat(node.carried()).containsExactly(new Courier.Result.Delivered("revoked"));
      assertThat(tracker.revoked).containsExactly("access-1");
      assertThat(node.rows()).isZero();
    }

    @Test
    void of_the_session_it_was_obtained_in_and_of_no_other() {
      node.signsIn(ana, "s-1");
      shown(signedIn(ana, "s-1", password()));
      shown(signedIn(ana, "s-2", password()));
      node.end("s-1");
      node.carried();
      assertThat(tracker.revoked).containsExactly("access-1");
    }

    @Test
    @DisplayName("Decision 17: what comes for somebody who is killed meanwhile is revoked as well")
    void meanwhile() throws Exception {
      tracker.hold = Optional.of(new CountDownLatch(1));
      var shown = Meanwhile.does(() -> node.shown(ana));
      shown.until(() -> tracker.held.getCount() == 0);
      // Nothing is kept yet that it could end, and the person stays active.
      node.kill(ana, Happening.CREDENTIAL_COMPROMISED);
      tracker.hold.get().countDown();
      assertThat(shown.outcome()).isInstanceOf(Presented.Missing.class);
      node.carried();
      assertThat(tracker.revoked).containsExactly("access-1");
      assertThat(node.rows()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"the vendor's connector", "the gateway at the broker"})
    @DisplayName("RS-13: of what it was obtained for or by, until it is lifted")
    void stopped(String what) {
      var subject =
          what.startsWith("the vendor")
              ? new Subject.Connector(new ResourceIndicator("https://tracker.example/mcp"))
              : new Subject.Client(BridgeNode.BROKER, BridgeNode.GATEWAY);
      node.shown(ana);
      node.happened(subject, Happening.DISABLED);
      broker = _ -> new IdJagSource.Answer.Unavailable("stopped");
      assertThat(node.shown(node.now(ana))).isInstanceOf(Presented.Unavailable.class);
      assertThat(node.credentials.sweep("sweep-1")).hasSize(1);
      assertThat(node.carried()).containsExactly(new Courier.Result.Delivered("revoked"));
      assertThat(tracker.revoked).containsExactly("access-1");

      clock.advance(Duration.ofMinutes(1));
      broker = _ -> new IdJagSource.Answer.Given(new Secret("id-jag"));
      assertThat(node.shown(ana))
          .as("decision 17: what the broker gave before it knew")
          .isInstanceOf(Presented.Missing.class);
      node.carried();
      assertThat(tracker.revoked).containsExactly("access-1", "access-2");
      node.happened(subject, Happening.ENABLED);
      assertThat(node.shown(node.now(ana))).isEqualTo(bearer("access-3"));
      assertThat(node.credentials.sweep("sweep-2")).isEmpty();
    }

    @Test
    void what_it_has_missed_is_used_by_nobody_and_found() {
      node.shown(ana);
      var held = node.database.read(connection -> node.grants.allLive(connection)).getFirst();
      node.kill(ana, Happening.CREDENTIAL_COMPROMISED);
      // As if both had happened at the same moment, and missed each other.
      node.database.write(connection -> {
        try (var statement =
            connection.prepareStatement("UPDATE upstream_grant SET ended_at = 0 WHERE id = ?")) {
          statement.setString(1, held.id());
          return statement.executeUpdate();
        }
      });
      assertThat(node.credentials.sweep("sweep-1")).isEmpty();
      assertThat(node.reconciliation.run().findings())
          .containsExactly(
              new ReconciliationReport.Finding(
                  ReconciliationReport.Fault.ACCOUNT_OF_KILLED, held.id(), ana.id().value()));
      clock.advance(Duration.ofSeconds(2));
      assertThat(node.shown(node.now(ana))).isEqualTo(bearer("access-2"));
    }
  }

  @Nested
  @DisplayName("What should not live is found")
  class Swept {
    @Test
    void whatever_policy_does_not_give_any_more_here_or_there() {
      node.shown(ana);
      assertThat(node.credentials.sweep("sweep-1")).isEmpty();
      node.entitledThere = false;
      assertThat(node.credentials.sweep("sweep-1")).hasSize(1);
    }

    @Test
    void what_has_ended_by_itself_is_forgotten() {
      node.shown(ana);
      clock.advance(Duration.ofHours(1));
      assertThat(node.credentials.sweep("sweep-1")).isEmpty();
      assertThat(node.rows()).isZero();
    }
  }

  @Nested
  @DisplayName("A token is used for an hour at most; what lives on at the vendor is revoked there")
  class Outliving {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void when_nobody_has_renewed_it(boolean saysItsLife) {
      outliving(saysItsLife);
      node.shown(ana);
      clock.advance(Duration.ofHours(1));
      assertThat(node.credentials.sweep("sweep-1")).isEmpty();
      node.kill(ana, Happening.DISABLED);
      assertThat(node.carried()).containsExactly(new Courier.Result.Delivered("revoked"));
      assertThat(tracker.revoked).containsExactly("access-1");
      assertThat(node.rows()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void when_it_is_renewed_as_soon_as_the_last_calls_with_it_have_arrived(boolean saysItsLife) {
      outliving(saysItsLife);
      node.shown(ana);
      clock.advance(Duration.ofSeconds(3_545));
      assertThat(node.shown(ana)).isEqualTo(bearer("access-2"));
      assertThat(node.outbox.waiting().getFirst().nextAt())
          .isEqualTo(clock.instant().plusSeconds(10));
      node.kill(ana, Happening.DISABLED);
      node.carried();
      assertThat(tracker.revoked).containsExactlyInAnyOrder("access-1", "access-2");
      assertThat(node.rows()).isZero();
    }

    @Test
    void also_if_the_sweep_ends_it_while_it_is_renewed() {
      outliving(true);
      node.shown(ana);
      clock.advance(Duration.ofHours(1));
      broker =
          _ -> {
            assertThat(node.credentials.sweep("sweep-1")).isEmpty();
            return new IdJagSource.Answer.Given(new Secret("id-jag"));
          };
      assertThat(node.shown(ana)).isEqualTo(bearer("access-2"));
      node.carried();
      assertThat(tracker.revoked).containsExactly("access-1");
      assertThat(node.shown(ana)).as("it is kept").isEqualTo(bearer("access-2"));
      assertThat(node.rows()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void when_the_mcp_server_has_refused_it(boolean renewed) {
      node.shown(ana);
      clock.advance(Duration.ofMinutes(2));
      node.credentials.refused("tracker", BridgeNode.who(Optional.of(ana)));
      if (renewed) {
        assertThat(node.shown(ana)).isEqualTo(bearer("access-2"));
      } else {
        assertThat(node.credentials.sweep("sweep-1")).isEmpty();
      }
      node.carried();
      assertThat(tracker.revoked).containsExactly("access-1");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void when_the_vendor_has_given_a_refresh_token_with_it(boolean renewed) {
      tracker.refreshes = true;
      node.shown(ana);
      clock.advance(Duration.ofHours(1));
      if (renewed) {
        assertThat(node.shown(ana)).isEqualTo(bearer("access-2"));
      } else {
        assertThat(node.credentials.sweep("sweep-1")).isEmpty();
      }
      node.carried();
      assertThat(tracker.revoked).containsExactly("refresh-1", "access-1");
    }

    @Test
    void unless_the_vendor_gives_the_same_token_again() {
      outliving(true);
      tracker.givesTheSameAgain = true;
      node.shown(ana);
      clock.advance(Duration.ofSeconds(3_545));
      assertThat(node.shown(ana)).isEqualTo(bearer("access-1"));
      assertThat(asked).hasValue(2);
      assertThat(node.carried()).as("it would die with the old one").isEmpty();
    }

    @Test
    void of_two_nodes_that_renew_it_at_once_each_token_but_the_last_is_revoked() throws Exception {
      outliving(true);
      var other = node(managed());
      node.shown(ana);
      clock.advance(Duration.ofHours(1));
      AtOnce.run(2, () -> (asked.get() % 2 == 0 ? other : node).shown(ana));
      var kept = node.shown(ana);
      node.carried();
      assertThat(tracker.revoked).contains("access-1").hasSize(asked.get() - 1);
      assertThat(tracker.revoked.stream().map(ManagedContract::bearer)).doesNotContain(kept);
      assertThat(node.rows()).isEqualTo(1);
    }

    private void outliving(boolean saysItsLife) {
      tracker.lifeSeconds = 86_400;
      tracker.saysItsLife = saysItsLife;
    }
  }

  @Nested
  @DisplayName("A vendor comes to Enterprise-Managed Authorization, and nobody is asked anything")
  class Migration {
    @Test
    void calls_go_on_before_and_during_and_after() {
      tracker.refreshes = true;
      var before = node(new CredentialsConfig(Map.of("tracker", new Way.Consented(vendor()))));
      before.connected(ana);
      assertThat(before.shown(ana)).isEqualTo(bearer("access-1"));

      // One node after the other is restarted with the new entry; this one has been.
      assertThat(node.shown(ana)).isEqualTo(bearer("access-2"));
      assertThat(node.credentials.sweep("sweep-1")).isEmpty();
      assertThat(before.shown(ana)).as("the other goes on").isEqualTo(bearer("access-1"));
      assertThat(tracker.revoked).isEmpty();

      clock.advance(Sweep.MIGRATION);
      assertThat(node.credentials.sweep("sweep-2")).hasSize(1);
      assertThat(node.carried()).containsExactly(new Courier.Result.Delivered("revoked"));
      assertThat(tracker.revoked).containsExactly("refresh-1", "access-1");
      assertThat(node.shown(ana)).isEqualTo(bearer("access-2"));
      assertThat(node.credentials.accounts(Optional.empty())).isEmpty();
    }

    @Test
    void a_kill_ends_both() {
      tracker.refreshes = true;
      var before = node(new CredentialsConfig(Map.of("tracker", new Way.Consented(vendor()))));
      before.connected(ana);
      node.shown(ana);
      node.kill(ana, Happening.DISABLED);
      node.carried();
      assertThat(tracker.revoked).contains("access-1", "access-2");
      assertThat(node.rows()).isZero();
    }
  }
}
