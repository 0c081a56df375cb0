package dev.lanyard.server.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.pair.Soon;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What [Directory] promises, on whichever database.
abstract class DirectoryContract {
  static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));
  static final Issuer IDP = new Issuer("https://idp.example");
  static final ExternalSubject SUBJECT = new ExternalSubject("acme", IDP, "00u1");
  static final NewPerson ALICE =
      new NewPerson(
          "acme", "alice", Optional.of("alice@acme.example"), "Alice A.", Set.of("engineering"));

  final DatabaseConfig config;
  Database database;
  Directory directory;

  DirectoryContract(DatabaseConfig config) {
    this.config = config;
  }

  @BeforeEach
  void open() {
    database = Database.open(config, CLOCK);
    directory = Directory.open(database, CLOCK);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Person created(NewPerson person) {
    assertThat(directory.create(person)).isInstanceOf(Linking.Created.class);
    return directory.findByUserName(person.organisation(), person.userName()).orElseThrow();
  }

  private Person setActive(Person person, boolean active) {
    var ids = List.of(person.id());
    var change =
        database.write(connection -> {
          directory.setActive(new Statements(connection), ids, active);
          assertThat(directory.inactive(connection, ids).isEmpty()).isEqualTo(active);
          return directory.announce(connection, ids);
        });
    database.changes().awaitApplied(change.orElseThrow(), Duration.ofSeconds(10));
    return directory.person(person.id()).orElseThrow();
  }

  @Test
  @DisplayName("SEC-9: whoever had another address than now may be known by it elsewhere")
  void renamed() {
    var alice = created(ALICE);
    var bob =
        created(new NewPerson("acme", "bob", Optional.of("bob@acme.example"), "Bob B.", Set.of()));
    var all = List.of(alice, bob);
    database.write(connection -> {
      assertThat(directory.renamed(connection, all)).isEmpty();
      var _ =
          directory.replaceAddress(
              connection, alice, "alice@acme.example", "alice.smith@acme.example");
      return directory.announce(connection, List.of(alice.id()));
    });
    database.changes().awaitCurrent(Duration.ofSeconds(10));
    var now = List.of(directory.person(alice.id()).orElseThrow(), bob);

    database.write(connection -> {
      assertThat(directory.renamed(connection, now)).containsExactly(alice.id());
      // Who is told of by the address that they have just lost had no other one.
      assertThat(directory.renamed(connection, all)).isEmpty();
      assertThat(directory.renamed(connection, List.of())).isEmpty();
      directory.forgetAddresses(connection, List.of(bob.id()));
      assertThat(directory.renamed(connection, List.of(bob))).isEmpty();
      return directory.announce(connection, List.of(bob.id()));
    });
    database.changes().awaitCurrent(Duration.ofSeconds(10));
    database.write(connection -> {
      var without = directory.person(bob.id()).orElseThrow();
      assertThat(directory.renamed(connection, List.of(without))).containsExactly(bob.id());
      return Optional.empty();
    });
  }

  @Nested
  @DisplayName("A person is found by what they are known by, at once and after a restart")
  class Finding {
    @Test
    void by_id_user_name_and_email() {
      var alice = created(ALICE);
      assertThat(directory.person(alice.id())).contains(alice);
      assertThat(directory.findByEmail("acme", "alice@acme.example"))
          .isEqualTo(new EmailMatch.One(alice));
      assertThat(alice)
          .isEqualTo(
              new Person(
                  alice.id(),
                  "acme",
                  "alice",
                  true,
                  ALICE.email(),
                  true,
                  "Alice A.",
                  Standing.ACTIVE,
                  ALICE.groups()));
    }

    @Test
    void after_a_restart() {
      var linked = directory.createLinked(ALICE, SUBJECT);
      database.close();
      open();
      assertThat(directory.findLinked(SUBJECT)).contains(((Linking.Created) linked).person());
      assertThat(directory.all()).hasSize(1);
    }

    @Test
    void on_another_node() {
      try (var other = Database.open(config, CLOCK)) {
        var there = Directory.open(other, CLOCK);
        var alice = created(ALICE);
        assertThat(Soon.found("alice", () -> there.person(alice.id()))).isEqualTo(alice);
      }
    }

    @Test
    void only_in_their_own_organisation() {
      created(ALICE);
      assertThat(directory.findByUserName("other", "alice")).isEmpty();
      assertThat(directory.findByEmail("other", "alice@acme.example"))
          .isEqualTo(new EmailMatch.None());
    }

    @Test
    void without_an_email_by_none() {
      created(NewPerson.named("acme", "bob"));
      assertThat(directory.findByEmail("acme", "")).isEqualTo(new EmailMatch.None());
    }
  }

  @Nested
  @DisplayName("A user name is one person's, whatever the case and form of its letters")
  class UserNames {
    @Test
    void finds_by_another_case() {
      var alice = created(ALICE);
      assertThat(directory.findByUserName("acme", "ALICE")).contains(alice);
    }

    @Test
    void refuses_a_name_that_looks_the_same() {
      created(NewPerson.named("acme", "Änne"));
      for (var same : List.of("Änne", "änne", "ÄNNE", "a\u0308nne", "äｎｎe")) {
        assertThat(directory.create(NewPerson.named("acme", same)))
            .as(same)
            .isEqualTo(new Linking.UserNameTaken());
      }
      assertThat(directory.all()).hasSize(1);
    }

    @Test
    void another_organisation_has_its_own_names() {
      created(ALICE);
      assertThat(directory.create(NewPerson.named("other", "alice")))
          .isInstanceOf(Linking.Created.class);
    }
  }

  @Nested
  @DisplayName(
      "RAS-9: e-mail identifies only one person, and only by letters A to Z in either case")
  class Emails {
    @Test
    void matches_another_case_in_both_parts() {
      var alice = created(ALICE);
      assertThat(directory.findByEmail("acme", "Alice@ACME.example"))
          .isEqualTo(new EmailMatch.One(alice));
    }

    @Test
    void does_not_match_letters_that_only_fold_to_the_same() {
      created(new NewPerson("acme", "mike", Optional.of("mike@acme.example"), "Mike", Set.of()));
      for (var other :
          List.of("m\u0131ke@acme.example", "mi\u212ae@acme.example", "mike@acme.example ")) {
        assertThat(directory.findByEmail("acme", other)).as(other).isEqualTo(new EmailMatch.None());
      }
    }

    @Test
    void an_address_of_two_people_identifies_nobody() {
      var alice = created(ALICE);
      var al =
          created(new NewPerson("acme", "al", Optional.of("ALICE@acme.example"), "Al", Set.of()));
      assertThat(directory.findByEmail("acme", "alice@acme.example"))
          .isInstanceOfSatisfying(
              EmailMatch.Several.class,
              several -> assertThat(several.people()).containsExactlyInAnyOrder(alice, al));
    }
  }

  @Nested
  @DisplayName("RAS-9: (iss, sub) links to one person")
  class Links {
    @Test
    void links_a_known_person() {
      var alice = created(ALICE);
      assertThat(directory.link(alice.id(), SUBJECT)).isEqualTo(new Linking.Linked(alice));
      assertThat(directory.findLinked(SUBJECT)).contains(alice);
      assertThat(directory.isLinkedTo(alice.id(), IDP)).isTrue();
    }

    @Test
    void is_found_by_what_an_issuer_calls_them_exactly() {
      var alice = created(ALICE);
      directory.link(alice.id(), SUBJECT);
      assertThat(directory.calledOutside(SUBJECT.subject())).containsExactly(alice.id());
      assertThat(directory.calledOutside(SUBJECT.subject() + "x")).isEmpty();
      assertThat(directory.calledOutside(ALICE.userName())).isEmpty();
    }

    @Test
    @DisplayName("a link by the issuer of these people themselves gives nobody outside a say")
    void is_kept_here_unless_another_issuer_means_them() {
      var own = new Issuer("https://broker.example");
      var alice = created(ALICE);
      assertThat(directory.isKeptHere(alice.id(), own)).isTrue();
      directory.link(alice.id(), new ExternalSubject("acme", own, alice.id().value()));
      assertThat(directory.isKeptHere(alice.id(), own)).isTrue();
      directory.link(alice.id(), SUBJECT);
      assertThat(directory.isKeptHere(alice.id(), own)).isFalse();
    }

    @Test
    void a_link_is_never_moved() {
      var alice = created(ALICE);
      var bob = created(NewPerson.named("acme", "bob"));
      directory.link(alice.id(), SUBJECT);
      assertThat(directory.link(bob.id(), SUBJECT)).isEqualTo(new Linking.AlreadyLinked(alice));
      assertThat(directory.findLinked(SUBJECT)).contains(alice);
      assertThat(directory.isLinkedTo(bob.id(), IDP)).isFalse();
    }

    @Test
    void only_the_first_subject_of_an_issuer_where_another_may_be_somebody_else() {
      var alice = created(ALICE);
      var other = new ExternalSubject("acme", IDP, "00u2");
      assertThat(directory.linkFirst(alice.id(), SUBJECT)).isEqualTo(new Linking.Linked(alice));
      assertThat(directory.linkFirst(alice.id(), SUBJECT))
          .isEqualTo(new Linking.AlreadyLinked(alice));
      assertThat(directory.linkFirst(alice.id(), other)).isEqualTo(new Linking.MeantOtherwise());
      assertThat(directory.findLinked(other)).isEmpty();
      var elsewhere = new ExternalSubject("acme", new Issuer("https://idp.example/"), "00u2");
      assertThat(directory.linkFirst(alice.id(), elsewhere)).isEqualTo(new Linking.Linked(alice));
    }

    @Test
    void of_two_subjects_at_once_on_two_nodes_one_is_linked() throws Exception {
      try (var other = Database.open(config, CLOCK);
          var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var alice = created(ALICE);
        var nodes = List.of(directory, Directory.open(other, CLOCK));
        var requests = new ArrayList<Callable<Linking>>();
        for (int i = 0; i < 16; i++) {
          var node = nodes.get(i % 2);
          var subject = new ExternalSubject("acme", IDP, "00u" + i);
          requests.add(() -> node.linkFirst(alice.id(), subject));
        }
        var outcomes = new ArrayList<Linking>();
        for (var outcome : threads.invokeAll(requests)) {
          outcomes.add(outcome.get());
        }
        assertThat(outcomes).filteredOn(Linking.Linked.class::isInstance).hasSize(1);
        assertThat(outcomes).filteredOn(Linking.MeantOtherwise.class::isInstance).hasSize(15);
      }
    }

    @Test
    void the_same_subject_of_another_issuer_or_organisation_is_somebody_else() {
      directory.createLinked(ALICE, SUBJECT);
      var issuer = new Issuer("https://idp.example/");
      assertThat(directory.findLinked(new ExternalSubject("acme", issuer, "00u1"))).isEmpty();
      assertThat(directory.findLinked(new ExternalSubject("other", IDP, "00u1"))).isEmpty();
      assertThat(directory.findLinked(new ExternalSubject("acme", IDP, "00U1"))).isEmpty();
    }

    @Test
    void refuses_to_link_across_organisations() {
      var alice = created(ALICE);
      var foreign = new ExternalSubject("other", IDP, "00u1");
      assertThatThrownBy(() -> directory.link(alice.id(), foreign))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Nested
  @DisplayName("SEC-9: which user names were given, and which a provider told")
  class GivenNames {
    private boolean isGiven(PersonId id) {
      database.close();
      open();
      return directory.person(id).orElseThrow().userNameGiven();
    }

    @Test
    void an_administrator_gives_one_and_an_issuer_does_not() {
      var alice = created(NewPerson.named("acme", "Alice"));
      var bob = ((Linking.Created) directory.createLinked(NewPerson.named("acme", "bob"), SUBJECT));
      assertThat(alice.userNameGiven()).isTrue();
      assertThat(bob.person().userNameGiven()).isFalse();
      assertThat(isGiven(alice.id())).isTrue();
      assertThat(isGiven(bob.person().id())).isFalse();
    }

    @Test
    void one_that_a_node_of_an_earlier_version_wrote_is_not_given() {
      var alice = created(ALICE);
      var sql = "UPDATE person SET user_name = 'boss', user_name_key = 'boss' WHERE id = ?";
      database.write(connection -> new Statements(connection).update(sql, alice.id().value()));
      assertThat(isGiven(alice.id())).isFalse();
      assertThat(directory.findByUserName("acme", "boss").flatMap(Person::provenUserName))
          .isEmpty();
    }

    @Test
    @DisplayName("one that is the person's verified address counts all the same")
    void a_verified_address() {
      var told =
          new NewPerson("acme", "Al@acme.example", Optional.of("al@ACME.example"), "Al", Set.of());
      var al = ((Linking.Created) directory.createLinked(told, SUBJECT)).person();
      assertThat(al.userNameGiven()).isFalse();
      assertThat(al.provenUserName()).as("as that is spelled").contains("al@ACME.example");
      assertThat(al.provenName()).isEqualTo("al@ACME.example");
    }

    @Test
    @DisplayName("whom to call by what: a name that counts, a verified address, or the id")
    void names_for_rules() {
      assertThat(created(ALICE).provenName()).isEqualTo("alice");
      var told = new NewPerson("acme", "boss", Optional.of("al@acme.example"), "Al", Set.of());
      var al = ((Linking.Created) directory.createLinked(told, SUBJECT)).person();
      assertThat(al.provenName()).isEqualTo("al@acme.example");
      var other = new ExternalSubject("acme", IDP, "00u2");
      var bob = (Linking.Created) directory.createLinked(NewPerson.named("acme", "ceo"), other);
      assertThat(bob.person().provenName()).isEqualTo(bob.person().id().value());
    }
  }

  @Nested
  @DisplayName("A person is created once at first sight")
  class JustInTime {
    @Test
    void creates_and_links() {
      var alice = ((Linking.Created) directory.createLinked(ALICE, SUBJECT)).person();
      assertThat(directory.findLinked(SUBJECT)).contains(alice);
      assertThat(alice.groups()).containsExactly("engineering");
    }

    @Test
    void answers_the_same_person_the_second_time() {
      var alice = ((Linking.Created) directory.createLinked(ALICE, SUBJECT)).person();
      assertThat(directory.createLinked(NewPerson.named("acme", "other"), SUBJECT))
          .isEqualTo(new Linking.AlreadyLinked(alice));
      assertThat(directory.createLinked(ALICE, SUBJECT))
          .isEqualTo(new Linking.AlreadyLinked(alice));
      assertThat(directory.all()).containsExactly(alice);
    }

    @Test
    void does_not_take_over_whoever_has_the_user_name() {
      created(ALICE);
      assertThat(directory.createLinked(ALICE, SUBJECT)).isEqualTo(new Linking.UserNameTaken());
      assertThat(directory.findLinked(SUBJECT)).isEmpty();
    }

    @Test
    void of_many_requests_at_once_on_two_nodes_one_creates() throws Exception {
      try (var other = Database.open(config, CLOCK);
          var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var nodes = List.of(directory, Directory.open(other, CLOCK));
        var requests = new ArrayList<Callable<Linking>>();
        for (int i = 0; i < 16; i++) {
          var node = nodes.get(i % 2);
          // The names differ, so only the link can tell that it is one person.
          var person = NewPerson.named("acme", "alice" + i % 3);
          requests.add(() -> node.createLinked(person, SUBJECT));
        }
        var outcomes = new ArrayList<Linking>();
        for (var outcome : threads.invokeAll(requests)) {
          outcomes.add(outcome.get());
        }
        assertThat(outcomes).filteredOn(Linking.Created.class::isInstance).hasSize(1);
        assertThat(outcomes).noneMatch(Linking.UserNameTaken.class::isInstance);
        database.close();
        open();
        assertThat(directory.all()).hasSize(1);
      }
    }
  }

  @Nested
  @DisplayName("IDP-17: groups and standing are those of now")
  class Changes {
    @Test
    void groups_are_replaced() {
      var alice = created(ALICE);
      assertThat(putGroups(alice.id(), Optional.empty(), "support", "on-call")).isTrue();
      assertThat(directory.person(alice.id()).orElseThrow().groups())
          .isEqualTo(Set.of("support", "on-call"));
      assertThat(putGroups(alice.id(), Optional.empty(), "on-call", "support")).isFalse();
    }

    @Test
    void what_was_said_before_the_last_statement_counts_for_nothing() {
      var alice = created(ALICE);
      var now = CLOCK.instant();
      assertThat(putGroups(alice.id(), Optional.of(now), "support")).isTrue();
      assertThat(putGroups(alice.id(), Optional.of(now.minusSeconds(1)), "admins")).isFalse();
      // The same groups said again are a statement too.
      assertThat(putGroups(alice.id(), Optional.of(now.plusSeconds(5)), "support")).isFalse();
      assertThat(putGroups(alice.id(), Optional.of(now.plusSeconds(4)), "admins")).isFalse();
      assertThat(directory.person(alice.id()).orElseThrow().groups()).containsExactly("support");
      assertThat(putGroups(alice.id(), Optional.empty(), "staff"))
          .as("an administrator counts whatever was said")
          .isTrue();
    }

    @Test
    void nobody_has_no_groups() {
      assertThat(putGroups(new PersonId("nobody"), Optional.empty(), "a")).isFalse();
    }

    private boolean putGroups(PersonId id, Optional<Instant> at, String... groups) {
      var changed =
          database.write(connection -> {
            var done = directory.putGroups(connection, id, Set.of(groups), at);
            var _ = directory.announce(connection, Set.of(id));
            return done;
          });
      directory.refresh(List.of(id));
      return changed;
    }

    @Test
    void a_person_is_switched_off_and_on() {
      var alice = created(ALICE);
      assertThat(setActive(alice, false).active()).isFalse();
      assertThat(setActive(alice, true)).isEqualTo(alice);
    }

    @Test
    @DisplayName("are counted by how they stand, also after a restart")
    void counted() {
      var alice = created(ALICE);
      created(new NewPerson("acme", "bob", Optional.empty(), "Bob", Set.of()));
      created(new NewPerson("globex", "bob", Optional.empty(), "Bob", Set.of()));
      setActive(alice, false);
      directory.switchOff(List.of(alice.id()));
      for (var one : List.of(directory, Directory.open(database, CLOCK))) {
        assertThat(one.count("acme", Standing.ACTIVE)).isEqualTo(1);
        assertThat(one.count("acme", Standing.DISABLED)).isEqualTo(1);
        assertThat(one.count("globex", Standing.ACTIVE)).isEqualTo(1);
      }
      setActive(alice, true);
      assertThat(directory.count("acme", Standing.ACTIVE)).isEqualTo(2);
      assertThat(directory.count("acme", Standing.DISABLED)).isZero();
    }

    @Test
    void a_transaction_that_fails_switches_nobody_off() {
      var alice = created(ALICE);
      assertThatThrownBy(() ->
              database.write(connection -> {
                directory.setActive(new Statements(connection), List.of(alice.id()), false);
                throw new IllegalStateException("the deny entry failed");
              }))
          .isInstanceOf(IllegalStateException.class);
      database.close();
      open();
      assertThat(directory.person(alice.id())).contains(alice);
    }

    @Test
    void many_are_switched_off_by_few_changes() {
      var ids =
          IntStream.range(0, 1200)
              .mapToObj(i -> new NewPerson("acme", "p" + i, Optional.empty(), "P", Set.of("all")))
              .map(person -> created(person).id())
              .toList();
      var change =
          database.write(connection -> {
            directory.setActive(new Statements(connection), ids, false);
            return directory.announce(connection, ids);
          });
      database.changes().awaitApplied(change.orElseThrow(), Duration.ofSeconds(10));
      assertThat(ids.stream().map(id -> directory.person(id).orElseThrow()))
          .noneMatch(Person::active)
          .allMatch(person -> person.groups().equals(Set.of("all")));
    }

    @Test
    void an_address_is_forgotten_and_then_anybodys() {
      var alice = created(ALICE);
      var change =
          database.write(connection -> {
            directory.forgetAddresses(connection, List.of(alice.id()));
            return directory.announce(connection, List.of(alice.id()));
          });
      database.changes().awaitApplied(change.orElseThrow(), Duration.ofSeconds(10));
      assertThat(directory.findByEmail(alice.organisation(), alice.email().orElseThrow()))
          .isInstanceOf(EmailMatch.None.class);
    }
  }
}
