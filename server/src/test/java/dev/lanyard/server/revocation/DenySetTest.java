package dev.lanyard.server.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.TestDatabases;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The deny set: tokens know whole seconds, denials milliseconds")
class DenySetTest {
  private static final Instant DENIED = Instant.parse("2026-11-23T09:00:10.500Z");
  private static final Issuer HERE = new Issuer("https://broker.example");
  private static final Denied ALICE = Denied.person("alice");

  @TempDir Path folder;
  private Database database;
  private DenySet set;

  @BeforeEach
  void open() {
    database = Database.open(TestDatabases.sqlite(folder), InstantSource.fixed(DENIED));
    set = DenySet.following(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void deny(Denied what, Instant before) {
    set.apply(List.of(new Denial(what, before, before.plusSeconds(3600))));
  }

  private boolean isDead(String person, String issuedAt) {
    return isDead(Origins.accessToken(person, Instant.parse(issuedAt)));
  }

  private Instant issuable(String person, Instant now) {
    return set.issuable(Origins.signIn(person, now), now);
  }

  private boolean isDead(Origins origins) {
    return set.denial(origins).isPresent();
  }

  @Test
  void kills_what_was_issued_for_a_person_up_to_and_within_the_second_of_the_denial() {
    deny(ALICE, DENIED);
    assertThat(isDead("alice", "2026-11-23T08:00:00Z")).isTrue();
    assertThat(isDead("alice", "2026-11-23T09:00:10Z")).isTrue();
    assertThat(isDead("alice", "2026-11-23T09:00:11Z")).isFalse();
    assertThat(isDead("bob", "2026-11-23T08:00:00Z")).isFalse();
  }

  @Test
  void dates_what_is_issued_in_that_second_into_the_next() {
    deny(ALICE, DENIED);
    assertThat(issuable("alice", DENIED.plusMillis(200))).isEqualTo("2026-11-23T09:00:11Z");
    assertThat(issuable("alice", DENIED.plusSeconds(5))).isEqualTo(DENIED.plusSeconds(5));
    assertThat(issuable("bob", DENIED)).isEqualTo(DENIED);
  }

  @Test
  void kills_a_grant_and_a_session_for_ever() {
    deny(Denied.grant("g"), DENIED);
    deny(Denied.session("s"), DENIED);
    var later = Instant.parse("2030-01-01T00:00:00Z");
    assertThat(isDead(Origins.accessToken("alice", later).grant(Optional.of("g")))).isTrue();
    assertThat(isDead(Origins.accessToken("alice", later).session(Optional.of("s")))).isTrue();
  }

  @Test
  @DisplayName("Whether a client was switched off is never left unasked")
  void a_client_is_one_of_a_server() {
    var desk = Origins.signIn("alice", DENIED).client(new ClientId("desk"));
    assertThatThrownBy(() -> set.denial(desk)).isInstanceOf(NoSuchElementException.class);
    assertThatThrownBy(() -> Origins.signIn("alice", DENIED).at(HERE))
        .isInstanceOf(IllegalStateException.class);

    deny(Denied.client(HERE, new ClientId("desk")), DENIED);
    assertThat(isDead(desk.at(HERE))).isTrue();
    assertThat(isDead(desk.at(new Issuer("https://elsewhere.example")))).isFalse();
  }

  @Test
  void what_is_asked_about_origins_changes_them_for_nobody_else() {
    deny(Denied.session("s"), DENIED);
    var origins = Origins.accessToken("alice", DENIED);
    assertThat(isDead(origins.session(Optional.of("s")))).isTrue();
    assertThat(isDead(origins)).isFalse();
  }

  @Test
  void keeps_the_later_of_two_denials_in_whatever_order_they_arrive() {
    deny(ALICE, DENIED.plusSeconds(60));
    deny(ALICE, DENIED);
    assertThat(isDead("alice", "2026-11-23T09:01:00Z")).isTrue();
  }

  @Test
  void forgets_what_has_nothing_left_to_kill() {
    deny(ALICE, DENIED);
    set.forget(DENIED.plusSeconds(3600));
    assertThat(set.size()).isEqualTo(1);
    set.forget(DENIED.plusSeconds(3601));
    assertThat(set.size()).isZero();
  }

  @Test
  void what_is_denied_is_named_in_words() {
    var client = Denied.client(new Issuer("https://ras.example"), new ClientId("claude-code"));

    assertThat(client).hasToString("client https://ras.example claude-code");
    assertThat(Denied.all()).hasToString("all *");
  }
}
