package dev.lanyard.server.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.database.Outcome;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.Unit;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What every store of this package keeps, on either database.
abstract class SessionsContract {
  private static final Instant NOW = Instant.parse("2026-11-23T09:00:00.123Z");
  private static final Issuer SERVER = new Issuer("https://broker.example");
  private static final Issuer OTHER = new Issuer("https://other.example");
  private static final AuthenticationContext WHEN =
      new AuthenticationContext(Optional.of(NOW), Optional.of("mfa"), List.of("pwd", "otp"));

  private final DatabaseConfig config;
  private Database database;

  SessionsContract(DatabaseConfig config) {
    this.config = config;
  }

  @BeforeEach
  void open() {
    database = Database.open(config, InstantSource.fixed(NOW));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void write(Row... rows) {
    assertThat(database.groupCommit().commit(Unit.of(List.of(rows)))).isEqualTo(Outcome.FIRST);
  }

  private Outcome claim(Row claim) {
    return database.groupCommit().commit(new Unit(Optional.of(claim), List.of(), List.of()));
  }

  @Test
  void a_session_is_found_by_its_cookie_at_its_server_until_it_is_ended() {
    var store = new SessionStore(database, SERVER);
    var cookie = OpaqueToken.secret();
    var session =
        new Session(
            OpaqueToken.identifier(),
            "alice",
            Optional.of(
                new Session.Upstream(
                    "idp",
                    Optional.of("sid-1"),
                    Optional.of("sub-1"),
                    Optional.of(NOW.plusSeconds(30)))),
            WHEN,
            NOW,
            NOW.plusSeconds(60));
    write(store.begun(cookie, session));
    assertThat(store.find(cookie)).contains(session);
    assertThat(store.find(OpaqueToken.secret())).isEmpty();
    assertThat(new SessionStore(database, OTHER).find(cookie)).isEmpty();
    database.write(connection -> {
      store.end(new Statements(connection), List.of(session.id()), NOW);
      return session;
    });
    assertThat(store.find(cookie)).isEmpty();
  }

  @Test
  void an_opaque_token_keeps_its_claims_at_its_server() {
    var store = new OpaqueTokenStore(database, SERVER);
    var token = OpaqueToken.secret();
    var claims = JsonObject.builder().put("sub", "alice").put("exp", 1_800_000_000L).build();
    write(store.issued(token, claims, NOW.plusSeconds(60)));
    assertThat(store.find(token)).contains(claims);
    assertThat(store.find(OpaqueToken.secret())).isEmpty();
    assertThat(new OpaqueTokenStore(database, OTHER).find(token)).isEmpty();
  }

  @Test
  void a_place_in_a_status_list_keeps_its_token_until_that_expires() {
    var store = new StatusEntryStore(database, SERVER);
    var entry = entry(7, NOW.plusSeconds(60));
    var over = entry(8, NOW);
    write(store.assigned(entry), store.assigned(over));
    assertThat(store.of("list-1", NOW)).containsExactly(entry);
    assertThat(store.of("list-2", NOW)).isEmpty();
    assertThat(new StatusEntryStore(database, OTHER).of("list-1", NOW)).isEmpty();
    assertThatThrownBy(() ->
            database.write(connection -> {
              store.assigned(entry).insert(connection);
              return entry;
            }))
        .as("a place is given once")
        .isInstanceOf(DatabaseException.class);
  }

  private static StatusEntry entry(int place, Instant end) {
    return new StatusEntry(
        "list-1",
        place,
        OpaqueToken.identifier(),
        Optional.of("grant-1"),
        "alice",
        new ClientId("desk"),
        List.of(new ResourceIndicator("https://linear.example/mcp")),
        Optional.empty(),
        Optional.of("https://idp.example"),
        Instant.parse("2026-11-23T09:00:00Z"),
        end);
  }

  @Test
  void all_sessions_of_a_person_end_together_and_nobody_elses() {
    var store = new SessionStore(database, SERVER);
    var hers = OpaqueToken.secret();
    var his = OpaqueToken.secret();
    write(store.begun(hers, session("alice")), store.begun(his, session("bob")));
    database.write(connection -> {
      store.endAll(new Statements(connection), Map.of("alice", NOW), NOW);
      return NOW;
    });
    assertThat(store.find(hers)).isEmpty();
    assertThat(store.find(his)).isPresent();
  }

  @Test
  void a_late_end_names_the_sessions_that_went_on_after_it() {
    var store = new SessionStore(database, SERVER);
    var before = session("alice");
    var over = session("alice");
    var since = session("alice");
    var later = session("alice", NOW.plusSeconds(300));
    var his = session("bob", NOW.plusSeconds(100));
    for (var one : List.of(before, over, since, later, his)) {
      write(store.begun(OpaqueToken.secret(), one));
    }
    var late = Map.of("alice", NOW.plusSeconds(60), "bob", NOW.plusSeconds(100), "eve", NOW);
    database.write(connection -> {
      store.end(new Statements(connection), List.of(over.id()), NOW.plusSeconds(60));
      store.end(new Statements(connection), List.of(since.id()), NOW.plusSeconds(61));
      assertThat(store.endLate(connection, late, NOW.plusSeconds(600)))
          .containsOnly(
              Map.entry(before.id(), "alice"),
              Map.entry(since.id(), "alice"),
              Map.entry(his.id(), "bob"));
      assertThat(store.endLate(connection, Map.of(), NOW)).isEmpty();
      return NOW;
    });
  }

  private static Session session(String person) {
    return session(person, NOW);
  }

  private static Session session(String person, Instant begun) {
    return new Session(
        OpaqueToken.identifier(),
        person,
        Optional.empty(),
        AuthenticationContext.UNKNOWN,
        begun,
        begun.plusSeconds(60));
  }

  @Test
  void a_code_keeps_its_meaning_and_is_redeemed_once() {
    var store = new AuthorizationCodeStore(database, SERVER);
    var code = OpaqueToken.secret();
    var meaning =
        new AuthorizationCode(
            OpaqueToken.identifier(),
            new ClientId("desk"),
            "alice",
            "session-1",
            "http://localhost/callback",
            Pkce.Verifier.random(new SecureRandom()).challenge(),
            List.of(new ResourceIndicator("https://linear.example/mcp")),
            Scopes.of("openid", "email"),
            new RequestedClaims(Set.of("name"), Set.of("email", "groups")),
            Optional.of("nonce"),
            Optional.of("thumbprint"),
            WHEN,
            NOW,
            NOW.plusSeconds(60),
            Optional.of(NOW.plusSeconds(3600)));
    write(store.issued(code, meaning));
    assertThat(store.find(code)).contains(meaning);
    assertThat(new AuthorizationCodeStore(database, OTHER).find(code)).isEmpty();
    assertThat(claim(store.redemption(code, meaning, NOW))).isEqualTo(Outcome.FIRST);
    assertThat(claim(store.redemption(code, meaning, NOW))).isEqualTo(Outcome.TAKEN);
  }

  @Test
  void a_refresh_token_knows_that_its_session_was_ended() {
    var sessions = new SessionStore(database, SERVER);
    var store = new RefreshTokenStore(database, SERVER);
    var session = session("alice");
    var token = OpaqueToken.secret();
    var meaning = refreshToken(token, session.id());
    write(sessions.begun(OpaqueToken.secret(), session), store.issued(token, meaning));
    assertThat(store.find(token)).contains(meaning);
    database.write(connection -> {
      sessions.end(new Statements(connection), List.of(session.id()), NOW);
      return NOW;
    });
    assertThat(store.find(token).orElseThrow().sessionEnded()).isTrue();
  }

  private static RefreshToken refreshToken(Secret token, String session) {
    return new RefreshToken(
        OpaqueToken.identifier(),
        OpaqueToken.hash(token),
        new ClientId("phone"),
        "alice",
        session,
        false,
        List.of(new ResourceIndicator("https://linear.example/mcp")),
        Scopes.of("openid"),
        new RequestedClaims(Set.of("email_verified"), Set.of()),
        Optional.empty(),
        AuthenticationContext.UNKNOWN,
        NOW,
        NOW.plusSeconds(3600));
  }

  @Test
  void a_generation_of_refresh_tokens_has_one_successor() {
    var store = new RefreshTokenStore(database, SERVER);
    var first = OpaqueToken.secret();
    var meaning = refreshToken(first, "session-1");
    write(store.issued(first, meaning));
    assertThat(store.find(first)).contains(meaning);
    assertThat(store.succession(first)).isEmpty();
    var second = OpaqueToken.secret();
    var key = Optional.of("thumbprint");
    var later = meaning.rotated(OpaqueToken.hash(second), key, NOW.plusSeconds(5));
    assertThat(claim(store.rotation(first, meaning.generation(), second, later)))
        .isEqualTo(Outcome.FIRST);
    var lost = OpaqueToken.secret();
    assertThat(claim(store.rotation(first, meaning.generation(), lost, later)))
        .isEqualTo(Outcome.TAKEN);
    var succession =
        new RefreshTokenStore.Succession(later.generation(), NOW.plusSeconds(5), false, false, key);
    assertThat(store.succession(first)).contains(succession);
    var beside = OpaqueToken.secret();
    write(store.issued(beside, later));
    assertThat(store.succession(first)).contains(succession);
    assertThat(store.succession(beside)).isEmpty();
    var third = OpaqueToken.secret();
    var last = later.rotated(OpaqueToken.hash(third), key, NOW.plusSeconds(9));
    assertThat(claim(store.rotation(beside, later.generation(), third, last)))
        .isEqualTo(Outcome.FIRST);
    assertThat(claim(store.rotation(second, later.generation(), lost, last)))
        .isEqualTo(Outcome.TAKEN);
    assertThat(store.succession(first).orElseThrow().followed()).isTrue();
    assertThat(store.succession(second).orElseThrow().ofAnother()).isTrue();
    assertThat(store.succession(beside).orElseThrow().ofAnother()).isFalse();
    assertThat(store.find(second)).contains(later);
    assertThat(new RefreshTokenStore(database, OTHER).find(second)).isEmpty();
  }

  @Test
  void each_use_of_an_id_jag_is_claimed_once_and_the_first_is_remembered() {
    var store = new RedemptionStore(database);
    var assertion = Redemption.Assertion.of(SERVER, "jti-1", new Secret("compact"));
    var grant =
        new Redemption.Grant(
            OpaqueToken.identifier(),
            "acme",
            "alice",
            new ClientId("desk-ras"),
            List.of(new ResourceIndicator("https://linear.example/mcp")),
            Scopes.of("issues.read"),
            Optional.of("thumbprint"),
            NOW,
            NOW.plusSeconds(600),
            new Redemption.Origin(Optional.of("sid-1"), Optional.of("desk"), Optional.of(NOW)));
    var first = new Redemption(assertion, 0, grant, NOW.plusSeconds(300));
    assertThat(store.firstUse(assertion)).isEmpty();
    assertThat(claim(store.claim(first))).isEqualTo(Outcome.FIRST);
    write(store.granted(first.assertion(), first.grant()));
    assertThat(claim(store.claim(first))).isEqualTo(Outcome.TAKEN);
    assertThat(store.firstUse(assertion))
        .contains(new RedemptionStore.FirstUse(assertion.hash(), grant, NOW));
    var second = new Redemption(assertion, 1, grant, NOW.plusSeconds(300));
    assertThat(claim(store.claim(second))).isEqualTo(Outcome.FIRST);
    assertThat(store.uses(assertion)).isEqualTo(2);
  }

  @Test
  void a_sign_in_under_way_is_taken_once() {
    var store = new UpstreamSignInStore(database, SERVER);
    var state = OpaqueToken.secret();
    var signIn =
        new UpstreamSignIn(
            "idp",
            "browser",
            "nonce",
            Pkce.Verifier.random(new SecureRandom()),
            "client_id=desk",
            NOW.plusSeconds(600));
    store.begin(state, signIn);
    assertThat(new UpstreamSignInStore(database, OTHER).take(state)).isEmpty();
    assertThat(store.take(state)).contains(signIn);
    assertThat(store.take(state)).isEmpty();
  }

  @Test
  @DisplayName("SEC-6: however many begin a sign-in, from wherever, so many are kept: the newest")
  void sign_ins_under_way_are_bounded() {
    var here = new UpstreamSignInStore(database, SERVER, 20, 5);
    var there = new UpstreamSignInStore(database, OTHER, 20, 5);
    var early = begun(here, 0);
    assertThat(here.take(early)).as("whoever comes back in time").isPresent();
    var states = new ArrayList<Secret>();
    for (int i = 1; i <= 60; i++) {
      states.add(begun(i % 2 == 0 ? here : there, i));
    }
    int kept = 0;
    for (int i = 0; i < states.size(); i++) {
      boolean isThere = (i % 2 == 1 ? here : there).take(states.get(i)).isPresent();
      assertThat(isThere || i < 60 - 20).as("one of the newest: " + i).isTrue();
      kept += isThere ? 1 : 0;
    }
    assertThat(kept).isBetween(20, 20 + 2 * 5);
  }

  private static Secret begun(UpstreamSignInStore store, int second) {
    var state = OpaqueToken.secret();
    store.begin(
        state,
        new UpstreamSignIn(
            "idp",
            "browser",
            "nonce",
            Pkce.Verifier.random(new SecureRandom()),
            "client_id=desk",
            NOW.plusSeconds(600 + second)));
    return state;
  }
}
