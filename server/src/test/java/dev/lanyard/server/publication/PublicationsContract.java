package dev.lanyard.server.publication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.database.BusyPool;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.yaml.FaultyFileException;
import dev.lanyard.server.yaml.Reload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What both databases must do.
abstract class PublicationsContract {
  private static final LibrarySource READ = Council.library(List.of("issues.read"));
  private static final LibrarySource WRITE =
      Council.library(List.of("issues.read", "issues.write"));

  private final DatabaseConfig config;
  private final Council council = new Council();
  private final TestClock clock = new TestClock();
  private Database database;
  private Publications publications;

  PublicationsContract(DatabaseConfig config) {
    this.config = config;
  }

  @BeforeEach
  void open() {
    database = Database.open(config, clock);
    publications = publications(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Publications publications(Database on) {
    var people = new ApproverPeople(() -> Optional.of("acme"));
    return new Publications(on, council.trust(), people, Duration.ofDays(3), clock);
  }

  private String proposed(LibrarySource files, String by) {
    var step = publications.propose(files, JsonObject.EMPTY, council.author(by));
    assertThat(step).isInstanceOf(Step.Proposed.class);
    return ((Step.Proposed) step).proposal().id();
  }

  private Publication published(LibrarySource files) {
    var id = proposed(files, "ana");
    assertThat(publications.answer(id, true, council.author("ben")))
        .isInstanceOf(Step.Answered.class);
    var step = publications.publish(id, "test");
    assertThat(step).isInstanceOf(Step.Published.class);
    return ((Step.Published) step).publication();
  }

  private ApprovedLibrary inForce() {
    return ApprovedLibrary.open(database, council.trust());
  }

  private static String why(Step step) {
    assertThat(step).isInstanceOf(Step.Refused.class);
    return ((Step.Refused) step).why();
  }

  private void execute(String sql) {
    database.write(connection -> {
      try (var statement = connection.createStatement()) {
        return statement.executeUpdate(sql);
      }
    });
  }

  @Nested
  @DisplayName("DPR-1: whoever is switched off, or was killed since, is not heard")
  class SwitchedOff {
    @BeforeEach
    void know() {
      know("acme", "ana");
      know("acme", "someone");
      // A customer chooses what its people are called, and whom it switches off.
      know("evil", "ben");
      execute("UPDATE person SET active = 0 WHERE organisation = 'evil'");
    }

    private void know(String organisation, String userName) {
      var _ =
          Directory.open(database, clock)
              .create(
                  new NewPerson(
                      organisation,
                      userName,
                      Optional.of(userName + "@acme.example"),
                      userName,
                      Set.of()));
    }

    private void off(String userName) {
      execute(
          "UPDATE person SET active = 0 WHERE organisation = 'acme' AND user_name = '%s'"
              .formatted(userName));
    }

    private void killed(String kind, String value) {
      long now = clock.instant().toEpochMilli();
      execute(
          "INSERT INTO deny (kind, value, before, forget_after, reason, created_at, sequence)"
              + " VALUES ('%s', '%s', %d, %d, 'test', %d, 1)"
                  .formatted(kind, value, now, now + 86_400_000, now));
    }

    private String id(String userName) {
      return Directory.open(database, clock)
          .findByUserName("acme", userName)
          .orElseThrow()
          .id()
          .value();
    }

    @Test
    void neither_proposes_nor_approves_nor_publishes_nor_reviews() {
      published(READ);
      var before = proposed(WRITE, "ben");
      var emergency = publications.publishAlone(WRITE, council.author("ben"));
      assertThat(emergency).isInstanceOf(Step.Published.class);
      off("ana");

      assertThat(why(publications.propose(READ, JsonObject.EMPTY, council.author("ana"))))
          .contains("'ana' is switched off");
      assertThat(why(publications.publishAlone(READ, council.author("ana"))))
          .contains("'ana' is switched off");
      assertThat(why(publications.review(2, council.author("ana")))).contains("switched off");
      assertThat(publications.answer(before, true, council.author("ana")))
          .isInstanceOf(Step.Refused.class);
      assertThat(publications.approversOff()).containsExactly("ana");
      assertThat(inForce().current().version()).as("history stands").isEqualTo(WRITE.version());
    }

    @Test
    @DisplayName("what they have proposed or approved before is neither approved nor published")
    void what_they_said_before() {
      var proposed = proposed(READ, "ana");
      off("ana");
      assertThat(why(publications.answer(proposed, true, council.author("ben"))))
          .contains("'ana' is switched off");
      assertThat(publications.answer(proposed, false, council.author("ben")))
          .as("it may be rejected")
          .isInstanceOf(Step.Answered.class);

      clock.advance(Duration.ofSeconds(1));
      var bens = proposed(READ, "ben");
      execute("UPDATE person SET active = 1");
      assertThat(publications.answer(bens, true, council.author("ana")))
          .isInstanceOf(Step.Answered.class);
      off("ana");
      assertThat(why(publications.publish(bens, "test"))).contains("'ana' is switched off");
    }

    @Test
    @DisplayName("what was said before a kill is to be said anew, of whoever stays on or is back")
    void before_a_kill() {
      for (var kind : List.of("PERSON", "SIGN_IN")) {
        var proposed = proposed(READ, "ana");
        clock.advance(Duration.ofSeconds(2));
        killed(kind, id("ana"));
        assertThat(why(publications.answer(proposed, true, council.author("ben"))))
            .contains("ended by a kill");
        clock.advance(Duration.ofSeconds(2));
        var anew = proposed(READ, "ana");
        assertThat(publications.answer(anew, true, council.author("ben")))
            .isInstanceOf(Step.Answered.class);
        execute("DELETE FROM deny");
      }
    }

    @Test
    @DisplayName("nor whoever has left; about whom nobody ever knew the file decides")
    void who_has_left() {
      database.write(
          connection -> Directory.open(database, clock).erase(connection, new PersonId(id("ana"))));
      assertThat(why(publications.propose(READ, JsonObject.EMPTY, council.author("ana"))))
          .contains("'ana' is switched off");
      assertThat(publications.approversOff()).containsExactly("ana");
      assertThat(publications.propose(READ, JsonObject.EMPTY, council.author("ben")))
          .isInstanceOf(Step.Proposed.class);
    }

    @Test
    @DisplayName("An approver is meant by an address, too; a retired one needs no attention")
    void by_address() {
      council.admit("Someone@acme.example", EnumSet.allOf(Right.class));
      off("someone");
      assertThat(publications.approversOff()).containsExactly("Someone@acme.example");
      council.retire("Someone@acme.example", clock.instant());
      assertThat(publications.approversOff()).isEmpty();
    }
  }

  @Nested
  @DisplayName("What one proposed and another approved is put in force")
  class TwoPeople {
    @Test
    void acts_on_this_node_and_bears_the_name_of_its_content() {
      published(READ);
      var library = inForce();
      assertThat(library.current().version()).isEqualTo(READ.version());

      var second = published(WRITE);
      database.changes().awaitApplied(lastChange(), Duration.ofSeconds(10));

      assertThat(second.number()).isEqualTo(2);
      assertThat(library.current().version()).isEqualTo(WRITE.version());
      assertThat(library.poll()).isEqualTo(new Reload.Loaded(WRITE.version()));
      assertThat(library.poll()).isInstanceOf(Reload.Unchanged.class);
    }

    @Test
    void every_step_is_in_the_audit_record_under_one_name() {
      published(READ);

      var records = new AuditLog(database).query(AuditQuery.newest(20).ofRequest("library-1"));

      assertThat(records)
          .extracting(record -> record.event().type())
          .containsExactly("library.proposed", "library.approved", "library.published");
      assertThat(records.getFirst().event().evidence().text("rationale"))
          .contains("\"ana has a reason\"");
    }

    @Test
    void a_rollback_is_a_publication_of_an_old_version() {
      published(READ);
      published(WRITE);

      var third = published(READ);

      assertThat(third.number()).isEqualTo(3);
      assertThat(inForce().current().version()).isEqualTo(READ.version());
    }

    @Test
    void what_is_in_force_cannot_be_proposed_again() {
      published(READ);

      assertThat(publications.propose(READ, JsonObject.EMPTY, council.author("ana")))
          .isEqualTo(new Step.Unchanged(READ.version()));
    }
  }

  @Nested
  @DisplayName("Nobody does it alone")
  class Alone {
    @Test
    void the_proposer_cannot_approve() {
      var id = proposed(READ, "ana");

      assertThat(why(publications.answer(id, true, council.author("ana")))).contains("one person");
      assertThat(publications.publish(id, "test")).isInstanceOf(Step.NotApproved.class);
    }

    @Test
    void somebody_who_is_not_in_the_file_can_do_nothing() {
      assertThat(why(publications.propose(READ, JsonObject.EMPTY, council.author("eve"))))
          .contains("'eve' is not in the approvers file");
      var id = proposed(READ, "ana");
      assertThat(why(publications.answer(id, true, council.author("eve")))).contains("'eve'");
      assertThat(publications.publishAlone(READ, council.author("eve")))
          .isInstanceOf(Step.Untrusted.class);
    }

    @Test
    void a_name_without_its_key_is_worth_nothing() {
      var id = proposed(READ, "ana");
      var eveAsBen = new Author("ben", council.key("eve"), "trust me");

      assertThat(why(publications.answer(id, true, eveAsBen))).contains("not signed by 'ben'");
      var anaAsBen = new Author("ben", council.key("ana"), "trust me");
      assertThat(why(publications.answer(id, true, anaAsBen))).contains("not signed by 'ben'");
    }

    @Test
    void a_right_that_was_not_given_is_not_there() {
      council.admit("zoe", java.util.Set.of(Right.PROPOSE));

      var id = proposed(READ, "zoe");

      assertThat(publications.answer(proposed(WRITE, "ana"), true, council.author("zoe")))
          .isInstanceOf(Step.Untrusted.class);
      assertThat(publications.publishAlone(READ, council.author("zoe")))
          .isInstanceOf(Step.Untrusted.class);
      assertThat(publications.answer(id, true, council.author("ana")))
          .isInstanceOf(Step.Answered.class);
    }

    @Test
    void whoever_has_retired_signs_nothing_new_and_what_they_signed_counts() {
      published(READ);
      council.retire("ben", clock.instant().plusSeconds(1));
      clock.advance(Duration.ofHours(1));

      var id = proposed(WRITE, "ana");

      assertThat(why(publications.answer(id, true, council.author("ben")))).contains("did not any");
      assertThat(inForce().current().version()).isEqualTo(READ.version());
    }

    @Test
    void refused_steps_are_recorded() {
      publications.propose(READ, JsonObject.EMPTY, council.author("eve"));

      assertThat(new AuditLog(database).query(AuditQuery.newest(9).ofType("library.refused-step")))
          .hasSize(1);
    }

    @Test
    void what_was_rejected_is_not_published() {
      var id = proposed(READ, "ana");
      publications.answer(id, false, council.author("ben"));

      assertThat(why(publications.publish(id, "test"))).contains("ben has rejected it");
      assertThat(publications.answer(id, true, council.author("ben")))
          .isInstanceOf(Step.AnsweredBefore.class);
    }
  }

  @Nested
  @DisplayName("What this release cannot read is not put in force, by nobody")
  class Unreadable {
    private final LibrarySource broken =
        new LibrarySource(Path.of("test"), new TreeMap<>(Map.of("roles.yaml", "roles: 7")));

    @Test
    void not_in_an_emergency() {
      published(READ);
      assertThat(why(publications.publishAlone(broken, council.author("ana"))))
          .contains("roles.yaml");
      assertThat(inForce().current().version()).isEqualTo(READ.version());
    }

    @Test
    @DisplayName("of thousands of faults some are told and recorded")
    void many_faults() {
      var lines =
          IntStream.range(0, 5_000)
              .mapToObj("unknown%d: 1"::formatted)
              .collect(Collectors.joining("\n"));
      var other = new LibrarySource(Path.of("test"), new TreeMap<>(Map.of("values.yaml", lines)));

      assertThat(why(publications.publishAlone(other, council.author("ana"))))
          .contains("values.yaml:1: ", "and 4980 more")
          .hasSizeLessThan(5_000);
    }

    @Test
    void not_as_a_proposal() {
      assertThat(publications.propose(broken, JsonObject.EMPTY, council.author("ana")))
          .isInstanceOf(Step.Unreadable.class);
    }

    @Test
    @DisplayName("not what another release had proposed")
    void not_by_two_people() {
      published(READ);
      var id = proposed(WRITE, "ana");
      publications.answer(id, true, council.author("ben"));
      execute(
          "UPDATE library_file SET content = 'roles: 7' WHERE version = '%s'"
              .formatted(WRITE.version()));
      assertThat(publications.publish(id, "test")).isInstanceOf(Step.Unreadable.class);
      assertThat(inForce().current().version()).isEqualTo(READ.version());
    }
  }

  @Nested
  @DisplayName("Of steps that exclude each other one is taken")
  class Races {
    @Test
    void what_was_shown_is_not_published_over_something_else() {
      var first = proposed(READ, "ana");
      var second = proposed(WRITE, "ana");
      publications.answer(first, true, council.author("ben"));
      publications.answer(second, true, council.author("ben"));
      publications.publish(first, "test");

      assertThat(publications.publish(second, "test")).isEqualTo(new Step.Overtaken(1, 1));
      assertThat(publications.publish(first, "test")).isEqualTo(new Step.Overtaken(1, 1));
      assertThat(inForce().current().version()).isEqualTo(READ.version());
    }

    @Test
    void two_nodes_that_publish_at_once() throws Exception {
      var first = proposed(READ, "ana");
      var second = proposed(WRITE, "ana");
      publications.answer(first, true, council.author("ben"));
      publications.answer(second, true, council.author("ben"));
      try (var other = Database.open(config, clock)) {
        var there = publications(other);

        var steps =
            atOnce(() -> publications.publish(first, "here"), () -> there.publish(second, "there"));

        assertThat(steps).filteredOn(Step.Published.class::isInstance).hasSize(1);
        assertThat(steps).filteredOn(Step.Overtaken.class::isInstance).hasSize(1);
        assertThat(new History(other).newest(9)).hasSize(1);
      }
    }

    @Test
    void an_approval_and_a_rejection_at_once() throws Exception {
      council.admit("cid", java.util.Set.of(Right.APPROVE));
      var id = proposed(READ, "ana");

      var steps =
          atOnce(
              () -> publications.answer(id, true, council.author("ben")),
              () -> publications.answer(id, false, council.author("cid")));

      assertThat(steps).filteredOn(Step.Answered.class::isInstance).hasSize(1);
      assertThat(steps).filteredOn(Step.AnsweredBefore.class::isInstance).hasSize(1);
    }

    private static List<Step> atOnce(Callable<Step> one, Callable<Step> other) throws Exception {
      var start = new CyclicBarrier(2);
      try (var threads = Executors.newFixedThreadPool(2)) {
        List<Future<Step>> running =
            List.of(
                threads.submit(() -> {
                  start.await();
                  return one.call();
                }),
                threads.submit(() -> {
                  start.await();
                  return other.call();
                }));
        return List.of(running.get(0).get(), running.get(1).get());
      }
    }
  }

  @Nested
  @DisplayName("Whoever can write into the database puts nothing in force")
  class Forged {
    @Test
    void a_row_without_signatures_stops_a_start_and_changes_no_running_node() {
      published(READ);
      var library = inForce();
      new History(database).keep(WRITE, clock.instant());

      execute(
          "INSERT INTO library_publication (number, kind, base, version, publisher, rationale, at)"
              + " VALUES (2, 'approved', '"
              + READ.version()
              + "', '"
              + WRITE.version()
              + "', 'ana', 'forged', 1)");
      announceTo(library);

      assertThat(library.current().version()).isEqualTo(READ.version());
      assertThat(library.poll()).isInstanceOf(Reload.Refused.class);
      assertThatThrownBy(PublicationsContract.this::inForce)
          .isInstanceOf(FaultyFileException.class)
          .hasMessageContaining("publication 2 is not acceptable");
    }

    @Test
    void a_row_that_says_it_came_from_a_folder_is_no_way_round() {
      publications.folderChanged(READ);

      assertThatThrownBy(PublicationsContract.this::inForce).hasMessageContaining("from a folder");
    }

    @Test
    void an_old_agreement_is_good_for_its_own_number_only() {
      published(READ);
      published(WRITE);
      // Publication 3 would take the library back to what was agreed on as publication 1.
      execute(
          "INSERT INTO library_publication"
              + " SELECT 3, kind, '"
              + WRITE.version()
              + "', version, proposal, publisher, rationale, statement, at, review_due,"
              + " enforced_at, settled_at FROM library_publication WHERE number = 1");

      assertThatThrownBy(PublicationsContract.this::inForce)
          .hasMessageContaining("publication 3 is not acceptable");
    }

    @Test
    void files_that_are_not_what_was_signed_are_not_read() {
      published(READ);
      execute(
          "UPDATE library_file SET content = replace(content, '[issues.read]',"
              + " '[issues.read, issues.write]') WHERE name = 'roles.yaml'");

      assertThatThrownBy(PublicationsContract.this::inForce)
          .hasMessageContaining("not what was signed");
    }

    @Test
    void a_file_name_never_leads_out_of_the_folder() {
      published(READ);
      execute("UPDATE library_file SET name = '../roles.yaml'");

      assertThatThrownBy(() -> new History(database).find("1"))
          .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_node_whose_requests_hold_every_connection_learns_of_it() throws Exception {
      published(READ);
      try (var other = Database.open(BusyPool.small(config), clock)) {
        var library = ApprovedLibrary.open(other, council.trust());
        try (var _ = BusyPool.of(other)) {
          published(WRITE);
          // Who waits for a connection gets none before this ends.
          other.changes().awaitApplied(lastChange(), Duration.ofSeconds(30));
        }
        assertThat(library.current().version()).isEqualTo(WRITE.version());
      }
    }

    @Test
    void an_agreement_of_another_installation_is_worth_nothing() {
      published(READ);
      var elsewhere = new Trust("https://staging.example", council::approvers);

      assertThatThrownBy(() -> ApprovedLibrary.open(database, elsewhere))
          .hasMessageContaining("publication 1 is not acceptable");
    }

    @Test
    void an_approver_whom_this_node_does_not_know_yet_is_believed_once_it_does() {
      published(READ);
      var known = new AtomicReference<>(council.approvers());
      var library = ApprovedLibrary.open(database, new Trust(Council.INSTALLATION, known::get));
      council.admit("cid", java.util.Set.of(Right.APPROVE));
      var id = proposed(WRITE, "ana");
      publications.answer(id, true, council.author("cid"));
      assertThat(publications.publish(id, "another node")).isInstanceOf(Step.Published.class);
      announceTo(library);
      assertThat(library.current().version()).isEqualTo(READ.version());

      known.set(council.approvers());

      assertThat(library.poll()).isEqualTo(new Reload.Loaded(WRITE.version()));
    }

    private void announceTo(ApprovedLibrary library) {
      database.write(connection ->
          database.changes().append(connection, Publications.CHANGE, JsonObject.EMPTY));
      database.changes().awaitApplied(lastChange(), Duration.ofSeconds(10));
    }
  }

  @Nested
  @DisplayName("In an emergency one person may, and somebody else looks at it afterwards")
  class Emergencies {
    @Test
    void acts_at_once_and_waits_for_a_review() {
      published(READ);

      var step = publications.publishAlone(WRITE, council.author("ana"));

      assertThat(step).isInstanceOf(Step.Published.class);
      assertThat(inForce().current().version()).isEqualTo(WRITE.version());
      var open = new History(database).reviewsOpen();
      assertThat(open).hasSize(1);
      assertThat(open.getFirst().emergency().orElseThrow().reviewDue())
          .isEqualTo(clock.instant().plus(Duration.ofDays(3)));
      assertThat(new AuditLog(database).query(AuditQuery.newest(9).ofType("library.emergency")))
          .hasSize(1);
    }

    @Test
    void an_overdue_review_stands_as_an_alarm_until_it_is_made() {
      publications.publishAlone(READ, council.author("ana"));
      var reviews = new OverdueReviews(database);
      var alarms = new Alarms(database);
      clock.advance(Duration.ofDays(3).minusMillis(1));
      assertThat(reviews.look(new History(database).reviewsOpen(), clock.instant())).isEmpty();
      assertThat(alarms.standing()).isEmpty();

      clock.advance(Duration.ofMillis(1));
      assertThat(reviews.look(new History(database).reviewsOpen(), clock.instant())).hasSize(1);
      // Every look, on every node: one alarm.
      reviews.look(new History(database).reviewsOpen(), clock.instant());
      new OverdueReviews(database).look(new History(database).reviewsOpen(), clock.instant());
      var alarm = alarms.standing().getFirst().alarm();
      assertThat(alarms.standing()).hasSize(1);
      assertThat(alarm.kind()).isEqualTo("library-review-overdue");
      assertThat(alarm.detail()).contains("ana", READ.version(), "lanyard library review 1");

      // Who says that it is dealt with, and does not review it, hears of it again.
      alarms.resolve(alarm.kind(), alarm.subject(), clock.instant());
      clock.advance(Duration.ofDays(1));
      reviews.look(new History(database).reviewsOpen(), clock.instant());
      assertThat(alarms.standing()).hasSize(1);

      publications.review(1, council.author("ben"));
      assertThat(alarms.standing()).isEmpty();
      assertThat(reviews.look(new History(database).reviewsOpen(), clock.instant())).isEmpty();
    }

    @Test
    void is_reviewed_by_somebody_else_and_once() {
      publications.publishAlone(READ, council.author("ana"));

      assertThat(why(publications.review(1, council.author("ana")))).contains("themselves");
      assertThat(publications.review(1, council.author("ben"))).isInstanceOf(Step.Reviewed.class);
      assertThat(publications.review(1, council.author("ben")))
          .isInstanceOf(Step.NoReviewOpen.class);
      assertThat(new History(database).reviewsOpen()).isEmpty();
    }
  }

  @Nested
  @DisplayName("The folder is the truth, and its changes are kept")
  class Folder {
    @Test
    void each_content_is_a_version_once() {
      assertThat(publications.folderChanged(READ)).isPresent();
      assertThat(publications.folderChanged(READ)).isEmpty();
      assertThat(publications.folderChanged(WRITE)).isPresent();

      assertThat(new History(database).newest(9))
          .extracting(Publication::version)
          .containsExactly(WRITE.version(), READ.version());
    }

    @Test
    void a_version_is_found_by_number_and_by_the_beginning_of_its_name() {
      publications.folderChanged(READ);
      var history = new History(database);

      assertThat(history.find("1")).isEqualTo(new History.Found.One(found(history, "1")));
      assertThat(found(history, READ.version().substring(0, 8)).version())
          .isEqualTo(READ.version());
      assertThat(history.find("7")).isInstanceOf(History.Found.None.class);
      assertThat(history.find("%")).isInstanceOf(History.Found.None.class);
    }

    private static LibrarySource found(History history, String name) {
      return ((History.Found.One) history.find(name)).files();
    }
  }

  private long lastChange() {
    return database.read(connection -> {
      try (var query = connection.prepareStatement("SELECT MAX(seq) FROM change");
          var rows = query.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    });
  }
}
