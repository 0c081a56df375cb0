package dev.lanyard.server.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.AccessTokenType;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.oauth.TokenResponse;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.credentials.CredentialsConfig.Vendor;
import dev.lanyard.server.credentials.CredentialsConfig.Way;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Lease;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.delivery.Courier;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.Meanwhile;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.ReconciliationReport;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the bridge promises, on either database.
abstract class BridgeContract {
  private final DatabaseConfig config;
  private final TestClock clock = new TestClock();
  private final List<AutoCloseable> open = new ArrayList<>();
  private Path folder;
  private Tracker tracker;
  private BridgeNode node;
  private Person ana;

  BridgeContract(DatabaseConfig config) {
    this.config = config;
  }

  @BeforeEach
  void start(@TempDir Path temporary) {
    folder = temporary;
    tracker = Tracker.start();
    node = node(consented("lanyard"));
    ana = node.person("ana");
  }

  private CredentialsConfig consented(String client) {
    return new CredentialsConfig(
        Map.of(
            "tracker",
            new Way.Consented(
                new Vendor(
                    tracker.issuer(),
                    new ClientId(client),
                    Optional.of(new Secret("s3cret")),
                    Scopes.of("read", "write"),
                    Optional.of(new ResourceIndicator("https://tracker.example/mcp"))))));
  }

  private BridgeNode node(CredentialsConfig credentials) {
    var started = new BridgeNode(config, folder, credentials, clock);
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

  private void assertMissing(Presented shown) {
    assertThat(shown)
        .isInstanceOfSatisfying(
            Presented.Missing.class,
            missing -> assertThat(missing.why()).contains("https://broker.example/connections"));
  }

  @Nested
  @DisplayName("A person consents once, in a browser")
  class Consent {
    @Test
    void with_pkce_a_state_and_the_resource() {
      var way =
          (ForeignServer.Way.At)
              node.connecting.begin(
                  node.visitor(ana),
                  "tracker",
                  consented("lanyard").vendor("tracker").orElseThrow());
      assertThat(way.url().toString())
          .startsWith(tracker.issuer() + "/authorize?")
          .contains(
              "response_type=code",
              "client_id=lanyard",
              "code_challenge_method=S256",
              "scope=read+write",
              "resource=https%3A%2F%2Ftracker.example%2Fmcp",
              "redirect_uri=https%3A%2F%2Fbroker.example%2Fconnections%2Ftracker%2Fcallback");
    }

    @Test
    @DisplayName("META-4: not where nobody says that the server does PKCE")
    void only_with_pkce() throws Exception {
      tracker.advertisesPkce = false;
      var config = consented("lanyard");
      var vendor = config.vendor("tracker").orElseThrow();

      assertThat(node.connecting.begin(node.visitor(ana), "tracker", vendor))
          .isInstanceOfSatisfying(
              ForeignServer.Way.Unavailable.class,
              way -> assertThat(way.why()).contains("does not advertise PKCE", "unadvertised"));

      var told = new Way.Consented(vendor, Way.Consented.Pkce.UNADVERTISED);
      var other = node(new CredentialsConfig(Map.of("tracker", told)));
      assertThat(other.connecting.begin(other.visitor(ana), "tracker", vendor))
          .isInstanceOf(ForeignServer.Way.At.class);
    }

    @Test
    void and_the_call_goes_with_their_token() throws Exception {
      assertMissing(node.shown(ana));
      node.connected(ana);
      assertThat(node.shown(ana)).isEqualTo(bearer("access-1"));
      var form = tracker.tokenRequests.getFirst();
      assertThat(form.required("grant_type")).isEqualTo("authorization_code");
      assertThat(form.required("code_verifier")).hasSize(43);
      assertThat(tracker.authorizations.getFirst()).startsWith("Basic ");
      assertThat(node.events()).containsExactly("upstream.consent");
      assertMissing(node.shown(node.person("ben")));
    }

    @Test
    void the_tokens_are_sealed_in_the_record() {
      node.connected(ana);
      var sealed =
          node.database.<String>read(connection -> {
            try (var statement = connection.prepareStatement("SELECT sealed FROM upstream_grant");
                var rows = statement.executeQuery()) {
              rows.next();
              return rows.getString(1);
            }
          });
      assertThat(sealed).doesNotContain("access-1").doesNotContain("refresh-1");
    }

    @Test
    void a_state_is_used_once() {
      var state = node.begun(ana);
      assertThat(node.finished(ana, state)).isInstanceOf(Connecting.Result.Connected.class);
      assertThat(node.finished(ana, state)).isInstanceOf(Connecting.Result.NotOurs.class);
    }

    @Test
    @DisplayName("SEC-17: an answer in the session of somebody else is none")
    void of_another_session() {
      var state = node.begun(ana);
      assertThat(node.finished(node.person("mallory"), state))
          .isInstanceOf(Connecting.Result.NotOurs.class);
      // And it is used up.
      assertThat(node.finished(ana, state)).isInstanceOf(Connecting.Result.NotOurs.class);
      assertThat(tracker.tokenRequests).isEmpty();
      assertThat(node.events())
          .containsExactly("upstream.consent refused", "upstream.consent refused");
    }

    @Test
    void an_answer_that_comes_too_late_is_none() {
      var state = node.begun(ana);
      clock.advance(Duration.ofMinutes(10));
      assertThat(node.finished(ana, state)).isInstanceOf(Connecting.Result.NotOurs.class);
    }

    @Test
    void one_without_or_with_an_unknown_state_is_none() {
      assertThat(node.finished(ana, "invented")).isInstanceOf(Connecting.Result.NotOurs.class);
      assertThat(
              node.connecting.finish(
                  node.visitor(ana),
                  new Connecting.Answer(
                      "tracker",
                      Optional.empty(),
                      Optional.of("c"),
                      Optional.empty(),
                      Optional.empty()),
                  "request-1"))
          .isInstanceOf(Connecting.Result.NotOurs.class);
    }

    private Connecting.Result answered(Optional<String> issuer) {
      return node.connecting.finish(
          node.visitor(ana),
          new Connecting.Answer(
              "tracker", Optional.of(node.begun(ana)), Optional.of("c"), issuer, Optional.empty()),
          "request-1");
    }

    @Test
    @DisplayName("SEC-8: an answer at the place of another connector is none")
    void of_another_place() {
      assertThat(
              node.connecting.finish(
                  node.visitor(ana),
                  new Connecting.Answer(
                      "wiki",
                      Optional.of(node.begun(ana)),
                      Optional.of("c"),
                      Optional.empty(),
                      Optional.empty()),
                  "request-1"))
          .isInstanceOf(Connecting.Result.NotOurs.class);
      assertThat(tracker.tokenRequests).isEmpty();
    }

    @Test
    @DisplayName("RFC 9207: an answer of another server is none")
    void mixed_up() {
      tracker.namesItself = true;
      assertThat(answered(Optional.of("https://evil.example")))
          .isInstanceOf(Connecting.Result.NotOurs.class);
      assertThat(answered(Optional.empty())).isInstanceOf(Connecting.Result.NotOurs.class);
      assertThat(tracker.tokenRequests).isEmpty();
      assertThat(answered(Optional.of(tracker.issuer().value())))
          .isInstanceOf(Connecting.Result.Connected.class);
    }

    @Test
    void a_person_or_server_that_says_no() {
      assertThat(
              node.connecting.finish(
                  node.visitor(ana),
                  new Connecting.Answer(
                      "tracker",
                      Optional.of(node.begun(ana)),
                      Optional.empty(),
                      Optional.empty(),
                      Optional.of("access_denied")),
                  "request-1"))
          .isEqualTo(new Connecting.Result.Declined("access_denied"));
      tracker.tokenStatus = 400;
      assertThat(node.finished(ana, node.begun(ana)))
          .isEqualTo(new Connecting.Result.Declined("invalid_grant"));
      tracker.tokenError = "invalid_client";
      assertThat(node.finished(ana, node.begun(ana)))
          .as("our own fault")
          .isInstanceOf(Connecting.Result.Unavailable.class);
      assertMissing(node.shown(ana));
    }

    @Test
    void more_or_another_thing_than_asked_for_is_not_used_and_revoked() {
      tracker.says = JsonObject.builder().put("token_type", "DPoP").build();
      assertThat(node.finished(ana, node.begun(ana)))
          .isEqualTo(new Connecting.Result.Declined("a token that is bound to a key"));
      tracker.says = JsonObject.builder().put("scope", "read write admin").build();
      assertThat(node.finished(ana, node.begun(ana)))
          .isEqualTo(new Connecting.Result.Declined("more scopes than asked for"));
      assertMissing(node.shown(ana));
      node.carried();
      assertThat(tracker.revoked).contains("refresh-1", "access-1", "refresh-2", "access-2");
      tracker.says = JsonObject.builder().put("scope", "read").build();
      node.connected(ana);
      assertThat(node.shown(ana)).isEqualTo(bearer("access-3"));
    }

    @Test
    void a_server_that_separates_scopes_with_commas_gives_no_more_than_asked_for() {
      tracker.says = JsonObject.builder().put("scope", "write,read").build();
      node.connected(ana);
      assertThat(node.shown(ana)).isEqualTo(bearer("access-1"));
      tracker.says = JsonObject.builder().put("scope", "read").build();
      clock.advance(Duration.ofMinutes(59));
      assertThat(node.shown(ana)).isEqualTo(bearer("access-2"));
      for (var more : List.of("read,admin", "read,write,", "read,,write", "read,write admin")) {
        tracker.says = JsonObject.builder().put("scope", more).build();
        assertThat(node.finished(ana, node.begun(ana)))
            .as(more)
            .isEqualTo(new Connecting.Result.Declined("more scopes than asked for"));
      }
    }

    @Test
    void a_comma_is_part_of_a_scope_where_one_like_that_was_asked_for() {
      var asked = Scopes.of("read", "write", "read,write");
      var given =
          TokenResponse.granted(
              new Secret("t"),
              AccessTokenType.BEARER,
              Duration.ofHours(1),
              Scopes.of("read,write"),
              List.of());
      assertThat(Tokens.scopes(given, asked)).isEqualTo(Scopes.of("read,write"));
      assertThat(Tokens.scopes(given, Scopes.NONE)).isEqualTo(Scopes.of("read", "write"));
      assertThat(Tokens.unwanted(given, asked)).isEmpty();
      assertThat(Tokens.unwanted(given, Scopes.of("read", "x,y"))).isPresent();
    }

    @Test
    void a_server_that_refuses_a_code_with_status_200() {
      tracker.refusesWith200 = true;
      tracker.tokenError = "bad_verification_code";
      assertThat(node.finished(ana, node.begun(ana)))
          .isEqualTo(new Connecting.Result.Declined("bad_verification_code"));
      tracker.tokenError = "incorrect_client_credentials";
      assertThat(node.finished(ana, node.begun(ana)))
          .as("our own fault")
          .isEqualTo(
              new Connecting.Result.Unavailable(
                  "its token endpoint answered 200 incorrect_client_credentials"));
    }

    @Test
    void a_second_consent_takes_the_place_of_the_first_which_is_revoked() {
      node.connected(ana);
      node.connected(ana);
      assertThat(node.shown(ana)).isEqualTo(bearer("access-2"));
      assertThat(node.carried()).containsExactly(new Courier.Result.Delivered("revoked"));
      assertThat(tracker.revoked).containsExactly("refresh-1", "access-1");
      assertThat(node.rows()).isEqualTo(1);
    }

    @Test
    void of_somebody_who_is_killed_meanwhile_nothing_stays() {
      var state = node.begun(ana);
      node.kill(ana, Happening.DISABLED);
      assertThat(node.finished(ana, state)).isInstanceOf(Connecting.Result.NotOurs.class);
      assertMissing(node.shown(ana));
      node.carried();
      assertThat(tracker.revoked).containsExactly("refresh-1", "access-1");
      assertThat(node.rows()).isZero();
    }

    @Test
    @DisplayName("Decision 17: nor of a person or session that is killed while the vendor is asked")
    void killed_on_the_way() throws Exception {
      // The person stays active, and nothing is kept yet that the kill could end.
      assertKilledOnTheWay(() -> node.kill(ana, Happening.CREDENTIAL_COMPROMISED));
      clock.advance(Duration.ofSeconds(2));
      node.signsIn(ana, "session of ana");
      assertKilledOnTheWay(() -> node.end("session of ana"));
      node.carried();
      assertThat(tracker.revoked).contains("refresh-1", "refresh-2");
      assertThat(node.rows()).isZero();
    }

    private void assertKilledOnTheWay(Runnable kill) throws Exception {
      int before = tracker.tokenRequests.size();
      var hold = new CountDownLatch(1);
      tracker.hold = Optional.of(hold);
      var state = node.begun(ana);
      var result = Meanwhile.does(() -> node.finished(ana, state));
      result.until(() -> tracker.tokenRequests.size() > before);
      kill.run();
      hold.countDown();
      assertThat(result.outcome()).isInstanceOf(Connecting.Result.NotOurs.class);
      assertMissing(node.shown(ana));
    }

    @Test
    void is_listed_and_ended_by_an_administrator() {
      node.connected(ana);
      var ben = node.person("ben");
      node.connected(ben);
      assertThat(node.credentials.accounts(Optional.empty()))
          .extracting(Credentials.Account::person, Credentials.Account::connector)
          .containsExactlyInAnyOrder(tuple(ana.id(), "tracker"), tuple(ben.id(), "tracker"));
      assertThat(node.credentials.accounts(Optional.of(ana.id()))).hasSize(1);
      assertThat(node.credentials.end(ana.id(), Optional.of("wiki"), "command-1")).isZero();
      assertThat(node.credentials.end(ana.id(), Optional.of("tracker"), "command-1")).isOne();
      assertThat(node.credentials.end(ben.id(), Optional.empty(), "command-1")).isOne();
      assertMissing(node.shown(ana));
      node.carried();
      assertThat(tracker.revoked).contains("refresh-1", "refresh-2");
    }

    @Test
    void is_taken_back_by_the_person() {
      node.connected(ana);
      assertThat(node.connecting.disconnect(node.visitor(ana), "tracker", "request-3")).isTrue();
      assertThat(node.connecting.disconnect(node.visitor(ana), "tracker", "request-3")).isFalse();
      assertMissing(node.shown(ana));
      node.carried();
      assertThat(tracker.revoked).contains("refresh-1");
    }
  }

  @Nested
  @DisplayName("What was taken back every node hears of, so that what has shown it is cut off")
  class TakenBack {
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private BridgeNode other;

    @BeforeEach
    void another() {
      node.connected(ana);
      other = node(consented("lanyard"));
      other.credentials.onEnd(told::addAll);
    }

    private void assertTold(Runnable end) throws Exception {
      var grant = other.grant(ana);
      assertThat(other.credentials.hasEnded(grant)).isFalse();
      Meanwhile.does(
              () -> {
                end.run();
                return grant;
              })
          .until(() -> told.contains(grant));
      assertThat(other.credentials.hasEnded(grant)).isTrue();
      assertThat(told).containsExactly(grant);
    }

    @Test
    void by_the_person() throws Exception {
      assertTold(() -> node.connecting.disconnect(node.visitor(ana), "tracker", "request-3"));
    }

    @Test
    void by_an_administrator() throws Exception {
      assertTold(() -> node.credentials.end(ana.id(), Optional.empty(), "command-1"));
    }

    @Test
    void by_another_consent() throws Exception {
      assertTold(() -> node.connected(ana));
    }

    @Test
    void by_the_vendor() throws Exception {
      tracker.tokenStatus = 400;
      var grant = other.grant(ana);
      clock.advance(Duration.ofMinutes(70));
      Meanwhile.does(() -> node.shown(ana)).until(() -> told.contains(grant));
    }

    @Test
    @DisplayName("and of a kill they hear otherwise, and of what has run out nothing has to end")
    void nothing_else() {
      node.kill(ana, Happening.SESSIONS_REVOKED);
      node.credentials.sweep("sweep-1");
      other.database.changes().awaitCurrent(Duration.ofSeconds(10));
      assertThat(told).isEmpty();
    }
  }

  @Nested
  @DisplayName("Tokens are renewed ahead of their end, by one node at a time")
  class Renewal {
    @Test
    void a_minute_ahead() {
      node.connected(ana);
      clock.advance(Duration.ofMinutes(59));
      assertThat(node.shown(ana)).isEqualTo(bearer("access-2"));
      assertThat(node.shown(ana)).isEqualTo(bearer("access-2"));
      assertThat(node.events()).containsExactly("upstream.consent", "upstream.renew");
    }

    @Test
    void of_two_nodes_at_once_one_renews_and_nobody_loses_the_grant() throws Exception {
      node.connected(ana);
      var other = node(consented("lanyard"));
      clock.advance(Duration.ofSeconds(3_545));
      var shown = Collections.synchronizedList(new ArrayList<Presented>());
      var next = new AtomicInteger();
      AtOnce.run(8, () -> shown.add((next.getAndIncrement() % 2 == 0 ? node : other).shown(ana)));
      assertThat(shown).hasSize(8).isSubsetOf(bearer("access-1"), bearer("access-2"));
      assertThat(tracker.tokenRequests).hasSize(2);
      assertThat(node.shown(ana)).isEqualTo(bearer("access-2"));
    }

    @Test
    void after_an_idle_hour_all_that_call_at_once_get_the_token_that_one_of_them_renews()
        throws Exception {
      node.connected(ana);
      var other = node(consented("lanyard"));
      for (int hour = 1; hour <= 3; hour++) {
        clock.advance(Duration.ofMinutes(70));
        var shown = Collections.synchronizedList(new ArrayList<Presented>());
        var next = new AtomicInteger();
        AtOnce.run(8, () -> shown.add((next.getAndIncrement() % 2 == 0 ? node : other).shown(ana)));
        assertThat(shown).hasSize(8).containsOnly(bearer("access-" + (hour + 1)));
        assertThat(tracker.tokenRequests).hasSize(hour + 1);
      }
    }

    @Test
    void after_the_mcp_server_has_refused_it_too() throws Exception {
      node.connected(ana);
      clock.advance(Duration.ofMinutes(2));
      node.credentials.refused("tracker", BridgeNode.who(Optional.of(ana)));
      var shown = Collections.synchronizedList(new ArrayList<Presented>());
      AtOnce.run(8, () -> shown.add(node.shown(ana)));
      assertThat(shown).hasSize(8).containsOnly(bearer("access-2"));
    }

    @Test
    void more_or_another_thing_than_the_first_time_ends_the_grant() {
      for (var says :
          List.of(
              JsonObject.builder().put("token_type", "DPoP").build(),
              JsonObject.builder().put("scope", "read write admin").build())) {
        tracker.says = JsonObject.EMPTY;
        node.connected(ana);
        clock.advance(Duration.ofMinutes(59));
        tracker.says = says;
        assertMissing(node.shown(ana));
        assertMissing(node.shown(ana));
      }
      node.carried();
      assertThat(tracker.revoked)
          .contains("refresh-1", "access-1", "refresh-2", "access-2", "access-3", "access-4");
      assertThat(node.rows()).isZero();
    }

    @Test
    void if_the_server_does_not_answer_the_old_one_serves_to_its_end() {
      node.connected(ana);
      tracker.tokenStatus = 503;
      clock.advance(Duration.ofSeconds(3_545));
      assertThat(node.shown(ana)).isEqualTo(bearer("access-1"));
      clock.advance(Duration.ofMinutes(2));
      assertThat(node.shown(ana)).isInstanceOf(Presented.Unavailable.class);
      tracker.tokenStatus = 200;
      assertThat(node.shown(ana))
          .as("a server that does not answer is left alone for a while")
          .isInstanceOf(Presented.Unavailable.class);
    }

    @Test
    void a_node_that_dies_while_it_renews_is_followed_by_another() {
      node.connected(ana);
      clock.advance(Duration.ofMinutes(70));
      leased(clock.instant());
      var other = node(consented("lanyard"));
      assertThat(other.shown(ana)).isInstanceOf(Presented.Unavailable.class);
      clock.advance(Duration.ofSeconds(30));
      assertThat(other.shown(ana)).isEqualTo(bearer("access-2"));
    }

    @Test
    @DisplayName("and at once if its clock was ahead by more than clocks may differ")
    void a_node_that_dies_while_it_renews_with_a_clock_that_is_ahead() {
      node.connected(ana);
      clock.advance(Duration.ofMinutes(70));
      leased(InstantSource.system().instant().plus(Duration.ofDays(1)));
      assertThat(node(consented("lanyard")).shown(ana)).isEqualTo(bearer("access-2"));
    }

    private void leased(Instant at) {
      boolean leased =
          node.database.write(connection -> {
            var grant = node.grants.live(connection, ana.id().value(), "tracker").orElseThrow();
            var lease = new Lease(at, at.plus(Duration.ofSeconds(30)), at);
            return node.grants.lease(connection, grant, lease);
          });
      assertThat(leased).isTrue();
    }

    @Test
    void if_the_server_says_that_the_grant_is_over_it_is() {
      node.connected(ana);
      tracker.tokenStatus = 400;
      clock.advance(Duration.ofMinutes(70));
      assertMissing(node.shown(ana));
      assertThat(node.events())
          .containsExactly("upstream.consent", "upstream.renew refused", "upstream.grant-ended");
    }

    @Test
    void also_if_it_says_so_with_another_status() {
      for (var said : Map.of(200, "bad_refresh_token", 403, "invalid_grant").entrySet()) {
        node.connected(ana);
        clock.advance(Duration.ofHours(2));
        tracker.refusesWith200 = true;
        tracker.tokenStatus = said.getKey();
        tracker.tokenError = said.getValue();
        assertMissing(node.shown(ana));
        tracker.refusesWith200 = false;
        tracker.tokenStatus = 200;
        assertMissing(node.shown(ana));
      }
      assertThat(node.events()).contains("upstream.renew refused", "upstream.grant-ended");
    }

    @Test
    void a_server_that_fails_over_a_grant_has_not_ended_it() {
      node.connected(ana);
      clock.advance(Duration.ofHours(2));
      tracker.tokenStatus = 500;
      assertThat(node.shown(ana)).isInstanceOf(Presented.Unavailable.class);
      tracker.tokenStatus = 200;
      clock.advance(Duration.ofMinutes(1));
      assertThat(node.shown(ana)).isEqualTo(bearer("access-2"));
    }

    @Test
    void without_a_refresh_token_it_is_over_with_the_access_token() {
      tracker.refreshes = false;
      node.connected(ana);
      clock.advance(Duration.ofSeconds(3_545));
      assertThat(node.shown(ana)).isEqualTo(bearer("access-1"));
      clock.advance(Duration.ofMinutes(1));
      assertMissing(node.shown(ana));
    }

    @Test
    void a_token_that_the_mcp_server_refuses_is_renewed_but_not_at_every_call() {
      node.connected(ana);
      node.credentials.refused("tracker", BridgeNode.who(Optional.of(ana)));
      assertThat(node.shown(ana)).as("it is too young").isEqualTo(bearer("access-1"));
      clock.advance(Duration.ofMinutes(2));
      node.credentials.refused("tracker", BridgeNode.who(Optional.of(ana)));
      assertThat(node.shown(ana)).isEqualTo(bearer("access-2"));
      node.credentials.refused("tracker", BridgeNode.who(Optional.of(ana)));
      assertThat(node.shown(ana)).isEqualTo(bearer("access-2"));
    }

    @Test
    void what_comes_for_somebody_who_is_killed_meanwhile_is_revoked_as_well() throws Exception {
      node.connected(ana);
      clock.advance(Duration.ofMinutes(70));
      tracker.hold = Optional.of(new CountDownLatch(1));
      var shown = Meanwhile.does(() -> node.shown(ana));
      // The first request was the redemption.
      shown.until(() -> tracker.tokenRequests.size() >= 2 && tracker.held.getCount() == 0);
      node.kill(ana, Happening.DISABLED);
      node.carried();
      tracker.hold.get().countDown();
      assertMissing(shown.outcome());
      node.carried();
      assertThat(tracker.revoked).contains("refresh-1", "access-1", "refresh-2", "access-2");
      assertThat(node.rows()).isZero();
    }
  }

  @Nested
  @DisplayName("The kill ends grants here at once and there as soon as it is heard (RFC 7009)")
  class Kill {
    @Test
    void of_somebody_who_is_switched_off() {
      node.connected(ana);
      var ben = node.person("ben");
      node.connected(ben);
      node.kill(ana, Happening.DISABLED);
      assertMissing(node.shown(ana));
      assertThat(node.shown(ben)).isEqualTo(bearer("access-2"));
      assertThat(node.carried()).containsExactly(new Courier.Result.Delivered("revoked"));
      assertThat(tracker.revoked).containsExactly("refresh-1", "access-1");
      assertThat(node.rows()).isEqualTo(1);
    }

    @Test
    void of_several_who_are_switched_off_at_once_and_of_nobody_else() {
      var ben = node.person("ben");
      var eva = node.person("eva");
      List.of(ana, ben, eva).forEach(node::connected);
      node.kill(List.of(ana, eva), Happening.DISABLED);
      assertMissing(node.shown(ana));
      assertMissing(node.shown(eva));
      assertThat(node.shown(ben)).isEqualTo(bearer("access-2"));
      assertThat(node.carried())
          .containsExactly(
              new Courier.Result.Delivered("revoked"), new Courier.Result.Delivered("revoked"));
      assertThat(node.rows()).isEqualTo(1);
    }

    @Test
    void also_where_everything_that_was_issued_is_taken_back() {
      node.connected(ana);
      node.kill(ana, Happening.CREDENTIAL_COMPROMISED);
      assertMissing(node.shown(ana));
    }

    @Test
    void not_where_only_groups_have_changed() {
      node.connected(ana);
      node.kill(ana, Happening.GROUPS_CHANGED);
      assertThat(node.shown(ana)).isEqualTo(bearer("access-1"));
    }

    @Test
    void a_server_that_does_not_answer_is_told_later() {
      node.connected(ana);
      node.kill(ana, Happening.DISABLED);
      tracker.revocationStatus = 503;
      assertThat(node.carried()).first().isInstanceOf(Courier.Result.RetryLater.class);
      assertThat(node.rows()).as("the tokens are kept to be revoked").isEqualTo(1);
      tracker.revocationStatus = 200;
      assertThat(node.carried()).containsExactly(new Courier.Result.Delivered("revoked"));
      // A node that died before it noted that sends it again.
      assertThat(node.carried())
          .containsExactly(new Courier.Result.Gone("it is revoked and forgotten already"));
    }

    @Test
    void a_server_that_cannot_revoke_is_left_alone_and_the_tokens_are_forgotten() {
      tracker.revokes = false;
      node.connected(ana);
      node.kill(ana, Happening.DISABLED);
      assertThat(node.carried()).first().isInstanceOf(Courier.Result.Gone.class);
      assertThat(node.rows()).isZero();
    }

    @Test
    void somebody_who_comes_back_has_to_consent_again() {
      node.connected(ana);
      node.kill(ana, Happening.DISABLED);
      clock.advance(Duration.ofMinutes(1));
      node.kill(ana, Happening.ENABLED);
      assertMissing(node.shown(ana));
      node.connected(node.now(ana));
      assertThat(node.shown(ana)).isEqualTo(bearer("access-2"));
    }
  }

  @Nested
  @DisplayName("What should not live is found")
  class Swept {
    @Test
    void nothing_as_long_as_everything_is_in_order() {
      node.connected(ana);
      assertThat(node.credentials.sweep("sweep-1")).isEmpty();
    }

    @Test
    void a_grant_of_somebody_who_is_switched_off() {
      node.connected(ana);
      // Written past the pipeline.
      node.database.write(connection -> {
        node.directory.setActive(new Statements(connection), List.of(ana.id()), false);
        return node.directory.announce(connection, List.of(ana.id()));
      });
      node.now(ana);
      assertThat(node.credentials.sweep("sweep-1"))
          .as("it is a fault, and not forgotten")
          .isEmpty();
      var report = node.reconciliation.run();
      assertThat(report.accounts()).isEqualTo(1);
      assertThat(report.findings())
          .singleElement()
          .satisfies(found -> {
            assertThat(found.fault()).isEqualTo(ReconciliationReport.Fault.ACCOUNT_OF_DISABLED);
            assertThat(found.person()).isEqualTo(ana.id().value());
          });
      assertThat(new Alarms(node.database).standing())
          .extracting(standing -> standing.alarm().subject())
          .containsExactly("ACCOUNT_OF_DISABLED");
      node.carried();
      assertThat(tracker.revoked).contains("refresh-1");
      assertThat(node.reconciliation.run().findings()).isEmpty();
    }

    @Test
    void a_grant_for_a_connector_that_the_role_library_does_not_give_any_more() {
      node.connected(ana);
      node.entitled = false;
      assertThat(node.credentials.sweep("sweep-1")).hasSize(1);
      assertMissing(node.shown(ana));
    }

    @Test
    void a_grant_for_a_connector_that_needs_none_any_more_revoked_with_what_we_were_there() {
      node.connected(ana);
      var migrated = node(CredentialsConfig.NONE);
      assertThat(migrated.shown(ana)).isEqualTo(new Presented.Nothing());
      assertThat(migrated.credentials.sweep("sweep-1")).hasSize(1);
      assertThat(migrated.carried()).containsExactly(new Courier.Result.Delivered("revoked"));
      assertThat(tracker.revoked).contains("refresh-1");
    }

    @Test
    void a_grant_of_what_we_were_there_before_is_not_used_either() {
      node.connected(ana);
      var changed = node(consented("lanyard-2"));
      assertMissing(changed.shown(ana));
      assertThat(changed.credentials.sweep("sweep-1")).hasSize(1);
    }

    @Test
    @DisplayName("a new consent at a node that was restarted, until all are: not by the old nodes")
    void rolling_restart() {
      var old = node(CredentialsConfig.NONE);
      clock.advance(Duration.ofSeconds(1));
      node.connected(ana);
      var other = node(consented("lanyard-2"));
      assertThat(old.credentials.sweep("sweep-1")).isEmpty();
      assertThat(node.shown(ana)).isEqualTo(bearer("access-1"));
      clock.advance(Sweep.ROLLING);
      assertThat(old.credentials.sweep("sweep-2"))
          .as("what stays so long is a difference that nobody takes away")
          .hasSize(1);
      node.connected(ana);
      clock.advance(Duration.ofSeconds(1));
      assertThat(other.credentials.sweep("sweep-3")).isEmpty();
      assertThat(node(consented("lanyard-2")).credentials.sweep("sweep-4"))
          .as("of before its start")
          .hasSize(1);
    }

    @Test
    void on_two_nodes_at_once_once() throws Exception {
      node.connected(ana);
      node.entitled = false;
      var other = node(consented("lanyard"));
      other.entitled = false;
      var ended = Collections.synchronizedList(new ArrayList<String>());
      var next = new AtomicInteger();
      AtOnce.run(
          2,
          () ->
              ended.addAll(
                  (next.getAndIncrement() == 0 ? node : other).credentials.sweep("sweep-1")));
      assertThat(ended).hasSize(1);
      assertThat(node.carried()).hasSize(1);
    }
  }

  @Nested
  @DisplayName("Other ways")
  class Others {
    @Test
    void the_same_for_everybody() {
      var fixed =
          node(
              new CredentialsConfig(
                  Map.of("tracker", new Way.Fixed("X-Api-Key", new Secret("k3y")))));
      assertThat(fixed.shown(ana)).isEqualTo(new Presented.With("X-Api-Key", new Secret("k3y")));
      assertThat(fixed.credentials.of("tracker", BridgeNode.who(Optional.empty())))
          .isEqualTo(new Presented.With("X-Api-Key", new Secret("k3y")));
    }

    @Test
    void nothing_where_nothing_is_configured() {
      assertThat(node.credentials.of("other", BridgeNode.who(Optional.of(ana))))
          .isEqualTo(new Presented.Nothing());
    }

    @Test
    void a_client_without_a_person_has_no_account() {
      assertThat(node.credentials.of("tracker", BridgeNode.who(Optional.empty())))
          .isInstanceOf(Presented.Missing.class);
    }
  }
}
