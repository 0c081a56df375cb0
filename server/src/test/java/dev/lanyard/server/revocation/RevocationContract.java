package dev.lanyard.server.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Follower;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

abstract class RevocationContract {
  private static final Source IDP = Source.of(Source.Kind.SHARED_SIGNALS, "idp");
  private static final Source SCIM = Source.of(Source.Kind.SCIM, "idp");

  private final DatabaseConfig config;
  private RevocationNode node;

  RevocationContract(DatabaseConfig config) {
    this.config = config;
  }

  @BeforeEach
  void start() {
    node = new RevocationNode(config);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private Signal signal(String id, Person person, Happening what, Instant at) {
    return new Signal(IDP, id, new Subject.Person(person.id()), what, at, "a test", "test");
  }

  private Signal signal(String id, Person person, Happening what) {
    return signal(id, person, what, node.now());
  }

  private static void await(CountDownLatch latch) {
    try {
      var _ = latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void done(Reaction reaction) {
    assertThat(reaction).isInstanceOf(Reaction.Done.class);
  }

  @Nested
  @DisplayName("DPR-3: the same signal twice has one effect")
  class Once {
    @Test
    void also_after_a_restart() {
      var alice = node.person("alice");
      var signal = signal("1", alice, Happening.DISABLED);
      var first = (Reaction.Done) node.revocation.accept(signal);
      assertThat(node.revocation.accept(signal))
          .isEqualTo(new Reaction.AlreadyKnown(first.incident()));
      node.close();
      node = new RevocationNode(config);
      assertThat(node.revocation.accept(signal))
          .isEqualTo(new Reaction.AlreadyKnown(first.incident()));
    }

    @Test
    void a_replay_after_the_person_is_back_kills_nothing() {
      var alice = node.person("alice");
      var signal = signal("1", alice, Happening.DISABLED);
      done(node.revocation.accept(signal));
      node.clock.advance(Duration.ofMinutes(1));
      done(node.revocation.accept(signal("2", alice, Happening.ENABLED)));
      node.clock.advance(Duration.ofMinutes(1));
      assertThat(node.revocation.accept(signal)).isInstanceOf(Reaction.AlreadyKnown.class);
      assertThat(node.isActive(alice)).isTrue();
      assertThat(node.isDead(alice, node.now().minusSeconds(30))).isFalse();
    }

    @Test
    void an_id_of_any_length() {
      var alice = node.person("alice");
      var signal = signal("x".repeat(50_000), alice, Happening.DISABLED);
      done(node.revocation.accept(signal));
      assertThat(node.revocation.accept(signal)).isInstanceOf(Reaction.AlreadyKnown.class);
    }

    @Test
    void twice_in_one_batch() {
      var alice = node.person("alice");
      var signal = signal("1", alice, Happening.SESSIONS_REVOKED);
      assertThat(node.revocation.acceptAll(List.of(signal, signal)))
          .extracting(reaction -> reaction.getClass().getSimpleName())
          .containsExactly("Done", "AlreadyKnown");
    }

    @Test
    void of_many_at_once_on_two_nodes_one_does_it() throws Exception {
      var alice = node.person("alice");
      try (var other = new RevocationNode(config);
          var threads = Executors.newFixedThreadPool(8)) {
        var signal = signal("1", alice, Happening.DISABLED);
        var calls = new ArrayList<Callable<Reaction>>();
        for (int i = 0; i < 16; i++) {
          var at = i % 2 == 0 ? node : other;
          calls.add(() -> at.revocation.accept(signal));
        }
        var reactions = new ArrayList<Reaction>();
        for (var future : threads.invokeAll(calls)) {
          reactions.add(future.get());
        }
        assertThat(reactions).filteredOn(Reaction.Done.class::isInstance).hasSize(1);
        assertThat(reactions).filteredOn(Reaction.AlreadyKnown.class::isInstance).hasSize(15);
      }
    }

    @Test
    void a_replay_at_a_node_that_has_not_heard_waits_until_it_has() throws Exception {
      var alice = node.person("alice");
      var signal = signal("1", alice, Happening.SESSIONS_REVOKED);
      var hold = new CountDownLatch(1);
      var held = new CountDownLatch(1);
      try (var other = new RevocationNode(config);
          var threads = Executors.newSingleThreadExecutor()) {
        other
            .database
            .changes()
            .follow(
                "hold",
                Follower.anew(_ -> {
                  held.countDown();
                  await(hold);
                }));
        var _ =
            node.database.write(
                connection -> node.database.changes().append(connection, "hold", JsonObject.EMPTY));
        assertThat(held.await(10, TimeUnit.SECONDS)).isTrue();
        done(node.revocation.accept(signal));

        var replay = threads.submit(() -> other.revocation.accept(signal));
        assertThatThrownBy(() -> replay.get(500, TimeUnit.MILLISECONDS))
            .isInstanceOf(TimeoutException.class);
        hold.countDown();

        assertThat(replay.get()).isInstanceOf(Reaction.AlreadyKnown.class);
        assertThat(other.isDead(alice, node.now().minusSeconds(30))).isTrue();
      } finally {
        hold.countDown();
      }
    }

    @Test
    void the_same_id_of_another_source_is_another_signal() {
      var alice = node.person("alice");
      done(node.revocation.accept(signal("1", alice, Happening.SESSIONS_REVOKED)));
      var theirs =
          new Signal(
              SCIM,
              "1",
              new Subject.Person(alice.id()),
              Happening.DISABLED,
              node.now(),
              "left",
              "test");
      done(node.revocation.accept(theirs));
    }
  }

  @Nested
  @DisplayName("DPR-3: ordered by event time; a late \"enabled\" never revives")
  class Order {
    @Test
    void a_late_enabled_is_outdated() {
      var alice = node.person("alice");
      var disabledAt = node.now();
      done(node.revocation.accept(signal("2", alice, Happening.DISABLED, disabledAt)));
      var late = signal("1", alice, Happening.ENABLED, disabledAt.minusSeconds(60));
      assertThat(node.revocation.accept(late)).isInstanceOf(Reaction.Outdated.class);
      assertThat(node.isActive(alice)).isFalse();
    }

    @Test
    void a_late_disabled_kills_what_was_before_the_return_and_nothing_else() {
      var alice = node.person("alice");
      done(node.revocation.accept(signal("0", alice, Happening.DISABLED)));
      var before = node.now().plusSeconds(5);
      node.clock.advance(Duration.ofMinutes(10));
      var back = node.now();
      done(node.revocation.accept(signal("2", alice, Happening.ENABLED, back)));
      node.clock.advance(Duration.ofMinutes(10));
      var late = signal("1", alice, Happening.DISABLED, back.minusSeconds(60));
      assertThat(node.revocation.accept(late)).isInstanceOf(Reaction.Outdated.class);
      assertThat(node.isActive(alice)).isTrue();
      assertThat(node.isDead(alice, before)).isTrue();
      assertThat(node.isDead(alice, back.plusSeconds(5))).isFalse();
    }

    @Test
    void a_time_in_our_future_counts_as_now() {
      var alice = node.person("alice");
      done(node.revocation.accept(signal("1", alice, Happening.DISABLED)));
      node.clock.advance(Duration.ofMinutes(1));
      var future = node.now().plus(Duration.ofDays(365));
      done(node.revocation.accept(signal("2", alice, Happening.ENABLED, future)));
      node.clock.advance(Duration.ofMinutes(1));
      done(node.revocation.accept(signal("3", alice, Happening.DISABLED)));
      assertThat(node.isActive(alice)).isFalse();
    }

    @Test
    void between_two_clocks_doubt_means_off() {
      var alice = node.person("alice");
      done(node.revocation.accept(signal("1", alice, Happening.DISABLED)));
      node.clock.advance(Duration.ofSeconds(10));
      var subject = new Subject.Person(alice.id());
      var theirs = new Signal(SCIM, "2", subject, Happening.ENABLED, node.now(), "rehired", "test");
      assertThat(node.revocation.accept(theirs)).isInstanceOf(Reaction.Outdated.class);
      node.clock.advance(Duration.ofSeconds(30));
      var later = new Signal(SCIM, "3", subject, Happening.ENABLED, node.now(), "again", "test");
      done(node.revocation.accept(later));
      var slow = signal("4", alice, Happening.DISABLED, node.now().minusSeconds(20));
      done(node.revocation.accept(slow));
      assertThat(node.isActive(alice)).isFalse();
    }

    @Test
    void a_node_whose_clock_is_ahead_does_not_outdate_what_happens_at_another() {
      var alice = node.person("alice");
      try (var ahead = new RevocationNode(config)) {
        ahead.clock.advance(Duration.ofSeconds(20));
        done(ahead.revocation.accept(own("off", alice, Happening.DISABLED, ahead)));
        ahead.clock.advance(Duration.ofSeconds(1));
        done(ahead.revocation.accept(own("on", alice, Happening.ENABLED, ahead)));
      }
      done(node.revocation.accept(own("off again", alice, Happening.DISABLED, node)));
      assertThat(node.isActive(alice)).isFalse();
    }

    /// What a provisioning client says is dated by the node that it says it to.
    private Signal own(String id, Person person, Happening what, RevocationNode told) {
      return new Signal(
          SCIM, id, new Subject.Person(person.id()), what, told.now(), "a test", "test");
    }

    @Test
    void whoever_is_deleted_never_comes_back() {
      var alice = node.person("alice");
      done(node.revocation.accept(signal("1", alice, Happening.DELETED)));
      node.clock.advance(Duration.ofDays(1));
      assertThat(node.revocation.accept(signal("2", alice, Happening.ENABLED)))
          .isInstanceOf(Reaction.Outdated.class);
      assertThat(node.isActive(alice)).isFalse();
    }

    @Test
    void enabling_somebody_who_is_not_disabled_harms_nothing() {
      var alice = node.person("alice");
      var issued = node.now();
      node.clock.advance(Duration.ofMinutes(1));
      assertThat(node.revocation.accept(signal("1", alice, Happening.ENABLED)))
          .isInstanceOf(Reaction.Recorded.class);
      assertThat(node.isDead(alice, issued)).isFalse();
    }

    @Test
    void sessions_that_began_after_a_late_event_live_on() {
      var alice = node.person("alice");
      var happened = node.now();
      node.clock.advance(Duration.ofHours(2));
      done(node.revocation.accept(signal("1", alice, Happening.SESSIONS_REVOKED, happened)));
      assertThat(node.isDead(alice, happened)).isTrue();
      assertThat(node.isDead(alice, happened.plusSeconds(3600))).isFalse();
    }

    @Test
    void of_a_session_that_a_late_event_ends_nothing_lives() {
      var alice = node.person("alice");
      var before = node.session(alice, "idp", "before");
      node.clock.advance(Duration.ofHours(1));
      var happened = node.now();
      node.clock.advance(Duration.ofMinutes(2));
      var refreshed = node.now();
      var since = node.session(alice, "idp", "since");
      node.clock.advance(Duration.ofMinutes(3));
      done(node.revocation.accept(signal("1", alice, Happening.SESSIONS_REVOKED, happened)));
      assertThat(node.isSessionOver(before)).isTrue();
      assertThat(node.isDead(access(alice, refreshed, before))).isTrue();
      assertThat(node.isDead(signIn(alice, refreshed, before))).isTrue();
      assertThat(node.isSessionOver(since)).isFalse();
      assertThat(node.isDead(access(alice, refreshed, since))).isFalse();
      assertThat(node.isDead(signIn(alice, refreshed, since))).isFalse();
      node.close();
      node = new RevocationNode(config, node.clock);
      assertThat(node.isDead(access(alice, refreshed, before))).isTrue();
    }

    @Test
    void a_late_change_of_a_password_ends_sign_ins_and_no_access_until_more_is_told() {
      var alice = node.person("alice");
      var session = node.session(alice, "idp", "1");
      node.clock.advance(Duration.ofHours(1));
      var happened = node.now();
      node.clock.advance(Duration.ofMinutes(2));
      var refreshed = node.now();
      node.clock.advance(Duration.ofMinutes(3));
      done(node.revocation.accept(signal("1", alice, Happening.CREDENTIAL_CHANGED, happened)));
      assertThat(node.isDead(signIn(alice, refreshed, session))).isTrue();
      assertThat(node.isDead(access(alice, refreshed, session))).isFalse();
      // The session has ended already, but not all that came of it.
      done(node.revocation.accept(signal("2", alice, Happening.SESSIONS_REVOKED, happened)));
      assertThat(node.isDead(access(alice, refreshed, session))).isTrue();
    }

    @Test
    void a_late_disabled_of_somebody_who_is_back_ends_their_older_sessions_with_all_of_them() {
      var alice = node.person("alice");
      var session = node.session(alice, "idp", "1");
      node.clock.advance(Duration.ofMinutes(10));
      var back = node.now();
      node.revocation.accept(signal("2", alice, Happening.ENABLED, back));
      node.clock.advance(Duration.ofMinutes(5));
      var refreshed = node.now();
      var disabled = signal("1", alice, Happening.DISABLED, back.minusSeconds(60));
      assertThat(node.revocation.accept(disabled)).isInstanceOf(Reaction.Outdated.class);
      assertThat(node.isDead(access(alice, refreshed, session))).isTrue();
    }

    @Test
    void an_end_in_time_denies_no_session_by_name() {
      var alice = node.person("alice");
      var session = node.session(alice, "idp", "1");
      done(node.revocation.accept(signal("1", alice, Happening.SESSIONS_REVOKED)));
      assertThat(node.isSessionOver(session)).isTrue();
      assertThat(node.revocation.denied().size()).isEqualTo(1);
    }

    private Origins access(Person person, Instant issuedAt, String session) {
      return Origins.accessToken(person.id().value(), issuedAt).session(Optional.of(session));
    }

    private Origins signIn(Person person, Instant issuedAt, String session) {
      return Origins.signIn(person.id().value(), issuedAt).session(Optional.of(session));
    }

    @ParameterizedTest
    @EnumSource(
        names = {
          "CREDENTIAL_COMPROMISED",
          "RISK_RAISED",
          "DEVICE_NOT_COMPLIANT",
          "IDENTIFIER_RECYCLED",
          "TOKENS_REVOKED"
        })
    void whoever_signed_in_between_a_compromise_and_its_signal_is_out(Happening what) {
      var alice = node.person("alice");
      var leaked = node.now();
      node.clock.advance(Duration.ofMinutes(5));
      var thief = node.session(alice, "idp", "thief");
      node.clock.advance(Duration.ofMinutes(25));
      done(node.revocation.accept(signal("1", alice, what, leaked)));
      assertThat(node.isSessionOver(thief)).isTrue();
      assertThat(node.isDead(alice, node.now())).isTrue();
      assertThat(node.isDead(alice, node.now().plusSeconds(1))).isFalse();
    }

    @Test
    void shuffled_duplicated_and_spread_over_nodes_it_ends_as_in_order() {
      for (long seed = 1; seed <= 6; seed++) {
        shuffled(new Random(seed), "s" + seed);
      }
    }

    private void shuffled(Random random, String prefix) {
      var people = new ArrayList<Person>();
      var signals = new ArrayList<Signal>();
      var newest = new HashMap<PersonId, Happening>();
      var lastOff = new HashMap<PersonId, Instant>();
      for (int i = 0; i < 6; i++) {
        var person = node.person(prefix + i);
        people.add(person);
        // The last one has nothing happen to them.
        for (int n = 0; n < (i == 5 ? 0 : 4); n++) {
          node.clock.advance(Duration.ofSeconds(10 + random.nextInt(600)));
          var what = random.nextBoolean() ? Happening.DISABLED : Happening.ENABLED;
          signals.add(signal(prefix + i + "-" + n, person, what));
          newest.put(person.id(), what);
          if (what == Happening.DISABLED) {
            lastOff.put(person.id(), node.now());
          }
        }
      }
      node.clock.advance(Duration.ofMinutes(1));
      signals.addAll(List.copyOf(signals));
      Collections.shuffle(signals, random);
      try (var other = new RevocationNode(config, node.clock)) {
        for (var signal : signals) {
          var at = random.nextBoolean() ? node : other;
          at.revocation.accept(signal);
        }
        for (var each : List.of(node, other)) {
          each.awaitAll();
          people.forEach(person -> endsAsInOrder(each, person, newest, lastOff));
        }
      }
    }

    private void endsAsInOrder(
        RevocationNode at,
        Person person,
        Map<PersonId, Happening> newest,
        Map<PersonId, Instant> lastOff) {
      var expected = newest.getOrDefault(person.id(), Happening.ENABLED) == Happening.ENABLED;
      assertThat(at.isActive(person)).isEqualTo(expected);
      if (lastOff.containsKey(person.id())) {
        assertThat(at.isDead(person, lastOff.get(person.id()))).as("revived").isTrue();
      } else {
        assertThat(at.isDead(person, Instant.EPOCH)).as("harmed").isFalse();
      }
    }
  }

  @Nested
  @DisplayName("DPR-4: whom it means; what could mean several means nobody, and alarms")
  class Correlating {
    @Test
    void an_address_of_two_people_touches_neither() {
      var one = node.person("one", "shared@acme.example");
      var two = node.person("two", "shared@acme.example");
      var signal =
          new Signal(
              IDP,
              "1",
              new Subject.Email("acme", "shared@acme.example"),
              Happening.DISABLED,
              node.now(),
              "left",
              "test");
      assertThat(node.revocation.accept(signal)).isEqualTo(new Reaction.Ambiguous(2));
      assertThat(node.isActive(one) && node.isActive(two)).isTrue();
      assertThat(new Alarms(node.database).standing())
          .singleElement()
          .satisfies(standing -> {
            assertThat(standing.alarm().kind()).isEqualTo("ambiguous-subject");
            assertThat(standing.alarm().detail()).contains("2 people");
          });
      assertThat(new AuditLog(node.database).query(AuditQuery.newest(5).ofType("signal.ambiguous")))
          .hasSize(1);
    }

    @Test
    @DisplayName("SEC-9: who claims an address beside whose it is keeps no kill from them")
    void an_address_that_one_of_two_has_verified() {
      var address = "boss@acme.example";
      var squatter = new NewPerson("acme", "mallory", Optional.of(address), false, "M", Set.of());
      var subject = new ExternalSubject("acme", new Issuer("https://idp.example"), "mallory");
      var mallory = ((Linking.Created) node.directory.createLinked(squatter, subject)).person();
      var boss = node.person("boss", address);
      done(
          node.revocation.accept(
              new Signal(
                  IDP,
                  "1",
                  new Subject.Email("acme", address),
                  Happening.DISABLED,
                  node.now(),
                  "left",
                  "test")));
      assertThat(node.isActive(boss)).isFalse();
      assertThat(node.isActive(mallory)).isTrue();
      assertThat(new Alarms(node.database).standing()).isEmpty();
    }

    @Test
    void once_it_is_clear_the_same_signal_counts() {
      var subject = new Subject.Email("acme", "late@acme.example");
      var signal = new Signal(IDP, "1", subject, Happening.DISABLED, node.now(), "left", "test");
      assertThat(node.revocation.accept(signal)).isInstanceOf(Reaction.NotFound.class);
      var late = node.person("late");
      done(node.revocation.accept(signal));
      assertThat(node.isActive(late)).isFalse();
    }

    @Test
    void every_name_of_a_person_finds_them() {
      var issuer = new Issuer("https://idp.example");
      var alice = node.person("alice");
      node.directory.link(alice.id(), new ExternalSubject("acme", issuer, "00u1"));
      var subjects =
          List.<Subject>of(
              new Subject.Person(alice.id()),
              new Subject.External(new ExternalSubject("acme", issuer, "00u1")),
              new Subject.Email("acme", "ALICE@acme.example"));
      for (var subject : subjects) {
        var reaction =
            node.revocation.report(IDP, subject, Happening.SESSIONS_REVOKED, "test", "test");
        assertThat(((Reaction.Done) reaction).person()).contains(alice.id());
      }
    }

    @Test
    void a_source_of_one_organisation_means_nobody_in_another() {
      var alice = node.person("alice");
      var subject = new Subject.Person(alice.id());
      var stranger = IDP.within("globex");
      assertThat(node.revocation.report(stranger, subject, Happening.DISABLED, "x", "test"))
          .isInstanceOf(Reaction.NotFound.class);
      var everything = new Subject.Everything();
      assertThat(
              node.revocation.report(
                  IDP.within("acme"), everything, Happening.DISABLED, "x", "test"))
          .isInstanceOf(Reaction.NotFound.class);
      assertThat(node.isActive(alice)).isTrue();
      assertThat(node.revocation.denied().isEverythingDenied()).isFalse();
    }

    @Test
    void an_upstream_session_ends_alone() {
      var alice = node.person("alice");
      var one = node.session(alice, "idp", "sid-1");
      var two = node.session(alice, "idp", "sid-2");
      var subject = new Subject.UpstreamSession("idp", "sid-1", Optional.empty());
      done(node.revocation.report(IDP, subject, Happening.SESSIONS_REVOKED, "out", "test"));
      assertThat(node.isSessionDead(alice, one)).isTrue();
      assertThat(node.isSessionDead(alice, two)).isFalse();
    }

    @Test
    void an_upstream_session_of_somebody_else_than_said_is_not_touched() {
      var issuer = new Issuer("https://idp.example");
      var alice = node.person("alice");
      var bob = node.person("bob");
      node.directory.link(bob.id(), new ExternalSubject("acme", issuer, "bob"));
      var session = node.session(alice, "idp", "sid-1");
      var who = new Subject.External(new ExternalSubject("acme", issuer, "bob"));
      var subject = new Subject.UpstreamSession("idp", "sid-1", Optional.of(who));
      assertThat(node.revocation.report(IDP, subject, Happening.SESSIONS_REVOKED, "out", "test"))
          .isInstanceOf(Reaction.Ambiguous.class);
      assertThat(node.isSessionDead(alice, session)).isFalse();
    }
  }

  @Nested
  @DisplayName("State, denial, change and audit are one transaction")
  class OneTransaction {
    @Test
    void what_cannot_be_told_outside_does_not_happen() {
      var alice = node.person("alice");
      node.revocation.tells((_, _) -> {
        throw new IllegalStateException("the outbox is broken");
      });
      assertThatThrownBy(() -> node.revocation.accept(signal("1", alice, Happening.DISABLED)))
          .isInstanceOf(IllegalStateException.class);
      assertThat(node.isDead(alice, Instant.EPOCH)).isFalse();
      node.close();
      node = new RevocationNode(config);
      assertThat(node.isActive(alice)).isTrue();
      assertThat(node.revocation.denied().size()).isZero();
      done(node.revocation.accept(signal("1", alice, Happening.DISABLED)));
    }

    @Test
    void downstream_learns_each_effect_once() {
      var alice = node.person("alice");
      var told = new ArrayList<Incident>();
      node.revocation.tells((_, incidents) -> told.addAll(incidents));
      var signal = signal("1", alice, Happening.DISABLED);
      node.revocation.accept(signal);
      node.revocation.accept(signal);
      node.revocation.accept(signal("2", alice, Happening.NOTED));
      assertThat(told)
          .singleElement()
          .satisfies(incident -> {
            assertThat(incident.signal()).isEqualTo(signal);
            assertThat(incident.denied()).containsExactly(Denied.person(alice.id().value()));
          });
    }

    @Test
    void it_joins_a_transaction_of_the_callers_or_dies_with_it() {
      var alice = node.person("alice");
      var signals = List.of(signal("1", alice, Happening.DISABLED));
      assertThatThrownBy(() ->
              node.database.write(connection -> {
                node.revocation.accept(connection, signals);
                throw new IllegalStateException("the caller failed");
              }))
          .isInstanceOf(IllegalStateException.class);
      assertThat(node.isActive(alice)).isTrue();
      var accepted = node.database.write(connection -> node.revocation.accept(connection, signals));
      accepted.enforce();
      assertThat(node.isActive(alice)).isFalse();
    }

    @Test
    void without_being_enforced_by_hand_it_is_a_moment_later() {
      var alice = node.person("alice");
      var signals = List.of(signal("1", alice, Happening.DISABLED));
      node.database.write(connection -> node.revocation.accept(connection, signals));
      node.awaitAll();
      assertThat(node.isActive(alice)).isFalse();
      assertThat(node.isDead(alice, node.now())).isTrue();
    }

    @Test
    void who_is_only_switched_off_is_read_again_by_nobody() {
      var people = node.people(3);
      var off = people.getFirst();
      var back = people.get(1);
      var moved = people.getLast();
      node.revocation.accept(signal("1", back, Happening.DISABLED));
      node.clock.advance(Duration.ofMinutes(1));
      long before = node.lastChange();
      node.revocation.acceptAll(
          List.of(
              signal("2", off, Happening.DISABLED),
              signal("3", back, Happening.ENABLED),
              signal("4", moved, Happening.GROUPS_CHANGED)));
      assertThat(node.named(before, "ids"))
          .containsExactlyInAnyOrder(back.id().value(), moved.id().value());
      assertThat(node.named(before, "off")).containsExactly(off.id().value());
    }

    @Test
    void two_thousand_people_are_one_commit_and_few_changes() {
      var people = node.people(2000);
      var signals =
          people.stream()
              .map(person -> signal(person.id().value(), person, Happening.DISABLED))
              .toList();
      long before = node.lastChange();
      assertThat(node.revocation.acceptAll(signals)).allMatch(Reaction.Done.class::isInstance);
      assertThat(node.lastChange() - before).isLessThan(20);
      assertThat(people).noneMatch(node::isActive);
      assertThat(people).allMatch(person -> node.isDead(person, node.now()));
    }
  }

  @Nested
  @DisplayName("What is stopped by hand stays stopped until it is lifted, and nothing revives")
  class Stopped {
    @Test
    void everything_and_back_also_after_a_restart() {
      var alice = node.person("alice");
      var issued = node.now();
      var admin = Source.of(Source.Kind.ADMIN, "root");
      var everything = new Subject.Everything();
      done(node.revocation.report(admin, everything, Happening.DISABLED, "breach", "test"));
      node.clock.advance(Duration.ofHours(1));
      assertThat(node.isDead(alice, node.now())).isTrue();
      node.close();
      node = new RevocationNode(config, node.clock);
      assertThat(node.revocation.denied().isEverythingDenied()).isTrue();
      done(node.revocation.report(admin, everything, Happening.ENABLED, "over", "test"));
      assertThat(node.revocation.denied().isEverythingDenied()).isFalse();
      assertThat(node.isDead(alice, issued)).isTrue();
      assertThat(node.isDead(alice, node.now().plusSeconds(1))).isFalse();
    }

    @Test
    void taking_back_what_was_issued_lifts_nothing() {
      var admin = Source.of(Source.Kind.ADMIN, "root");
      var all = new Subject.Everything();
      done(node.revocation.report(admin, all, Happening.DISABLED, "breach", "test"));
      done(node.revocation.report(admin, all, Happening.TOKENS_REVOKED, "other rules", "test"));
      assertThat(node.revocation.denied().isEverythingDenied()).isTrue();
      done(node.revocation.report(admin, all, Happening.ENABLED, "over", "test"));
      done(node.revocation.report(admin, all, Happening.TOKENS_REVOKED, "other rules", "test"));
      assertThat(node.revocation.denied().isEverythingDenied()).isFalse();
    }

    @Test
    void an_older_change_that_arrives_again_lifts_nothing() {
      var all = Denied.all();
      var now = node.now();
      var set = node.revocation.denied();
      var stop = new Denial(all, Denial.UNTIL_LIFTED, Denial.UNTIL_LIFTED, 7);
      set.apply(List.of(stop));
      set.apply(List.of(new Denial(all, now, now.plusSeconds(60), 6)));
      assertThat(set.isEverythingDenied()).isTrue();
      set.apply(List.of(new Denial(all, now, now.plusSeconds(60), 8)));
      assertThat(set.isEverythingDenied()).isFalse();
      set.apply(List.of(stop));
      assertThat(set.isEverythingDenied()).isFalse();
    }
  }
}
