package dev.lanyard.server.governance.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.governance.Quarter;
import dev.lanyard.server.governance.coverage.Coverage;
import dev.lanyard.server.library.Given;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.Role;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.publication.Author;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
    "Mission fact 5: one policy review for each provider and quarter, decided and signed by two")
class ReviewsTest {

  @Nested
  class OnSqlite extends Contract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Tag("thorough")
  @Nested
  class OnPostgres extends Contract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }

  abstract static class Contract {
    private static final Quarter QUARTER = Quarter.parse("2026-Q4");
    private static final String ID = "okta-2026-Q4";

    private final DatabaseConfig config;
    private final Panel panel = new Panel();
    private final TestClock clock = new TestClock();
    private final SigningKey seal = SigningKey.generate(SigningAlgorithm.ES256);
    private Database database;
    private Reviews reviews;

    Contract(DatabaseConfig config) {
      this.config = config;
    }

    @BeforeEach
    void open() {
      database = Database.open(config, clock);
      reviews = new Reviews(database, Panel.INSTALLATION, panel::approvers, clock);
    }

    @AfterEach
    void close() {
      database.close();
    }

    private ReviewStep opened() {
      return reviews.open("okta", QUARTER, "ana", "operator", Panel.EVIDENCE);
    }

    /// So many roles, each with so many connectors.
    private static Evidence roles(int roles, int connectors) {
      var given = new HashMap<String, Given>();
      for (int i = 0; i < connectors; i++) {
        given.put(
            "connector-number-" + i,
            new Given(Scopes.of("issues:read", "issues:write", "comments:read"), List.of()));
      }
      var all =
          IntStream.range(0, roles)
              .mapToObj(i ->
                  new Role(
                      "department-of-the-number-" + i,
                      Optional.of("owner-" + i + "@acme.example"),
                      Set.of("idp-group-of-department-" + i),
                      Set.of(),
                      Optional.empty(),
                      Set.of(),
                      List.of(),
                      given))
              .toList();
      var coverage =
          new Coverage(
              Instant.EPOCH,
              Optional.empty(),
              Optional.empty(),
              new Coverage.People(0, 0, 0),
              List.of(),
              List.of(),
              List.of());
      return new AccessEvidence(
          new Library("big", List.of(), all), coverage, new Population.Everybody());
    }

    @Test
    @DisplayName("A library of 500 roles with 50 connectors each is reviewed as one document")
    void large() {
      var step = reviews.open("okta", QUARTER, "ana", "operator", List.of(roles(500, 50)));

      assertThat(step).isInstanceOf(ReviewStep.Done.class);
      assertThat(
              reviews.decide(
                  ID, "role:department-of-the-number-7", Ruling.ACCEPT, panel.author("ana")))
          .isInstanceOf(ReviewStep.Done.class);
      var pack = ((ReviewStep.Done) step).review().pack();
      assertThat(pack.json().toBytes().length).isBetween(1_500_000, 2 * 1024 * 1024);
    }

    @Test
    @DisplayName("Evidence that does not fit says what most of it is, and what makes it smaller")
    void too_large() {
      var step =
          reviews.open(
              "okta",
              QUARTER,
              "ana",
              "operator",
              List.of(roles(700, 60), Panel.EVIDENCE.getFirst()));

      assertThat(why(step))
          .contains("at most 2097152", "701 items 'role'", "Fewer connectors in a role")
          .doesNotContain("rationales");
      assertThat(reviews.find(ID)).isEmpty();
    }

    private void decided() {
      assertThat(opened()).isInstanceOf(ReviewStep.Done.class);
      for (var item : List.of("library:version", "role:engineering")) {
        assertThat(reviews.decide(ID, item, Ruling.ACCEPT, panel.author("ana")))
            .isInstanceOf(ReviewStep.Done.class);
      }
    }

    private PolicyReview signed() {
      decided();
      var step = reviews.sign(ID, panel.author("ben"), seal);
      assertThat(step).isInstanceOf(ReviewStep.Done.class);
      return ((ReviewStep.Done) step).review();
    }

    private static String why(ReviewStep step) {
      assertThat(step).isInstanceOf(ReviewStep.Refused.class);
      return ((ReviewStep.Refused) step).why();
    }

    private ReviewVerdict verdict(String document) {
      return ReviewVerdict.of(
          document.getBytes(StandardCharsets.UTF_8),
          new PublicKeySet(List.of(seal.publicKey())),
          Map.of());
    }

    @Nested
    @DisplayName("What two people did is sealed, and verified with the public key alone")
    class TwoPeople {
      @Test
      void genuine_with_every_step_in_the_audit_record() {
        var review = signed();

        assertThat(verdict(review.account().orElseThrow()))
            .isInstanceOf(ReviewVerdict.Genuine.class);
        assertThat(new AuditLog(database).query(AuditQuery.newest(9).ofRequest("review-" + ID)))
            .extracting(record -> record.event().type())
            .containsExactly("review.opened", "review.decided", "review.decided", "review.signed");
      }

      @Test
      void whatever_is_changed_afterwards_is_found() {
        var document = signed().account().orElseThrow();

        assertThat(verdict(document.replace("A line.", "Another line.")))
            .isEqualTo(new ReviewVerdict.Refused("the review was changed after it was sealed"));
        assertThat(verdict(document.replace("ben has looked", "ben has not looked")))
            .isInstanceOf(ReviewVerdict.Refused.class);
        assertThat(verdict("{}")).isInstanceOf(ReviewVerdict.Refused.class);
        var other = SigningKey.generate(SigningAlgorithm.ES256);
        assertThat(
                ReviewVerdict.of(
                    document.getBytes(StandardCharsets.UTF_8),
                    new PublicKeySet(List.of(other.publicKey())),
                    Map.of()))
            .isInstanceOf(ReviewVerdict.Refused.class);
      }

      @Test
      void an_installation_that_seals_what_nobody_signed_is_found_too() throws Exception {
        var account =
            JsonObject.parse(signed().account().orElseThrow()).object("account").orElseThrow();
        var forged =
            JsonObject.parse(
                account.toJson().replace("\"ruling\":\"accept\"", "\"ruling\":\"act\""));

        assertThat(verdict(ReviewAccount.sealed(forged, seal, clock.instant())))
            .isEqualTo(new ReviewVerdict.Refused("what 'ana' signed says something else"));
      }

      @Test
      void keys_of_people_from_elsewhere_count_instead_of_the_sealed_ones() {
        var document = signed().account().orElseThrow().getBytes(StandardCharsets.UTF_8);
        var keys = new PublicKeySet(List.of(seal.publicKey()));
        var right =
            Map.of("ana", panel.key("ana").publicKey(), "ben", panel.key("ben").publicKey());
        var wrong =
            Map.of("ana", panel.key("ana").publicKey(), "ben", panel.key("eve").publicKey());

        assertThat(ReviewVerdict.of(document, keys, right))
            .isInstanceOf(ReviewVerdict.Genuine.class);
        assertThat(ReviewVerdict.of(document, keys, wrong))
            .isInstanceOf(ReviewVerdict.Refused.class);
      }
    }

    @Nested
    @DisplayName("Nobody decides or signs who may not, and every refusal is recorded")
    class Refusals {
      @Test
      void the_reviewer_does_not_sign_their_own_review() {
        decided();
        assertThat(why(reviews.sign(ID, panel.author("ana"), seal)))
            .isEqualTo("nobody signs what they have decided themselves");
        assertThat(reviews.find(ID).orElseThrow().signed()).isEmpty();
        assertThat(new AuditLog(database).query(AuditQuery.newest(1).ofType("review.refused-step")))
            .hasSize(1);
      }

      @Test
      void somebody_without_the_right_neither_reviews_nor_signs() {
        assertThat(why(reviews.open("okta", QUARTER, "eve", "operator", Panel.EVIDENCE)))
            .contains("with the right 'review'");
        decided();
        assertThat(why(reviews.sign(ID, panel.author("eve"), seal))).contains("may not review");
        panel.retire("ben", clock.instant());
        assertThat(why(reviews.sign(ID, panel.author("ben"), seal)))
            .contains("or does not any more");
      }

      @Test
      void somebody_elses_key_is_not_the_reviewers() {
        var _ = opened();
        var eveAsAna = new Author("ana", panel.key("eve"), "it is me");
        assertThat(why(reviews.decide(ID, "role:engineering", Ruling.ACCEPT, eveAsAna)))
            .contains("not signed by 'ana'");
        assertThat(why(reviews.decide(ID, "role:engineering", Ruling.ACCEPT, panel.author("ben"))))
            .contains("'ana' is the reviewer");
      }

      @Test
      void what_is_not_decided_is_not_signed() {
        var _ = opened();
        var _ = reviews.decide(ID, "library:version", Ruling.ACT, panel.author("ana"));
        assertThat(why(reviews.sign(ID, panel.author("ben"), seal)))
            .isEqualTo("not decided yet: role:engineering");
        assertThat(why(reviews.decide(ID, "role:none", Ruling.ACT, panel.author("ana"))))
            .contains("no item 'role:none'");
      }

      @Test
      void one_review_for_a_provider_and_quarter_and_none_of_the_future() {
        assertThat(opened()).isInstanceOf(ReviewStep.Done.class);
        assertThat(opened()).isEqualTo(new ReviewStep.Exists(ID));
        assertThat(
                reviews.open("okta", Quarter.parse("2027-Q1"), "ana", "operator", Panel.EVIDENCE))
            .isEqualTo(new ReviewStep.TooEarly("2027-Q1"));
        assertThat(why(reviews.sign("none", panel.author("ben"), seal))).contains("no review is");
      }

      @Test
      void what_is_signed_does_not_change() {
        var _ = signed();
        assertThat(reviews.decide(ID, "role:engineering", Ruling.ACT, panel.author("ana")))
            .isEqualTo(new ReviewStep.Closed(ID));
        assertThat(reviews.sign(ID, panel.author("ben"), seal))
            .isEqualTo(new ReviewStep.Closed(ID));
      }

      @Test
      void a_decision_that_somebody_wrote_into_the_database_is_not_signed_over() {
        decided();
        database.write(connection -> {
          try (var statement = connection.createStatement()) {
            return statement.executeUpdate(
                "UPDATE review_decision SET ruling = 'act' WHERE item = 'role:engineering'");
          }
        });
        assertThat(why(reviews.sign(ID, panel.author("ben"), seal)))
            .contains("role:engineering", "says something else");
      }
    }

    @Nested
    @DisplayName("The evidence is what the review was opened with, or nobody decides")
    class Frozen {
      /// As whoever can write into the database would leave an item out, before anybody signs.
      private void withoutItem() {
        var pack =
            Pack.of(
                "okta",
                QUARTER.toString(),
                new Evidence.Period(QUARTER.begins(), clock.instant()),
                List.of(Panel.item("library:version")));
        database.write(connection -> {
          try (var statement =
              connection.prepareStatement("UPDATE review SET pack = ?, pack_hash = ?")) {
            statement.setString(1, pack.json().toJson());
            statement.setString(2, pack.hash());
            return statement.executeUpdate();
          }
        });
      }

      @Test
      void evidence_that_somebody_changed_in_the_database_is_neither_decided_nor_signed() {
        var _ = opened();
        withoutItem();
        assertThat(why(reviews.decide(ID, "library:version", Ruling.ACCEPT, panel.author("ana"))))
            .isEqualTo("the evidence was changed after the review was opened");
        assertThat(why(reviews.sign(ID, panel.author("ben"), seal)))
            .isEqualTo("the evidence was changed after the review was opened");
        assertThat(reviews.find(ID).orElseThrow().decisions()).isEmpty();
        assertThat(new AuditLog(database).query(AuditQuery.newest(9).ofType("review.refused-step")))
            .hasSize(2);
      }

      @Test
      void of_a_review_without_a_record_of_its_opening_nobody_knows() {
        var _ = opened();
        database.write(connection -> {
          try (var statement = connection.createStatement()) {
            return statement.executeUpdate("DELETE FROM audit WHERE type = 'review.opened'");
          }
        });
        assertThat(why(reviews.decide(ID, "library:version", Ruling.ACCEPT, panel.author("ana"))))
            .contains("exactly once");
      }

      @Test
      void who_has_read_other_evidence_decides_and_signs_nothing() {
        decided();
        var other = reviews.having(Optional.of("sha256:00"));
        assertThat(why(other.decide(ID, "library:version", Ruling.ACT, panel.author("ana"))))
            .contains("and not sha256:00");
        assertThat(why(other.sign(ID, panel.author("ben"), seal))).contains("and not sha256:00");
        var hash = reviews.find(ID).orElseThrow().pack().hash();
        assertThat(reviews.having(Optional.of(hash)).sign(ID, panel.author("ben"), seal))
            .isInstanceOf(ReviewStep.Done.class);
      }
    }

    @Nested
    @DisplayName(
        "What was signed in a browser counts as what was signed here, and for nothing else")
    class SignedElsewhere {
      private ReviewStatement about(String item, Optional<Ruling> ruling, String by) {
        return new ReviewStatement(
            Panel.INSTALLATION,
            ID,
            reviews.find(ID).orElseThrow().pack().hash(),
            item,
            ruling,
            by,
            by + " has read it",
            clock.instant());
      }

      private ReviewStatement decision(Ruling ruling) {
        return about("role:engineering", Optional.of(ruling), "ana");
      }

      private Brought from(String name, String statement) {
        return new Brought(statement, name, "person-" + name);
      }

      private Brought from(String name, ReviewStatement statement) {
        return from(name, statement.signed(panel.key(name)));
      }

      private Optional<String> stands() {
        return reviews.find(ID).orElseThrow().about("role:engineering").map(Decided::statementHash);
      }

      private String refused(Brought brought) {
        var before = reviews.find(ID).orElseThrow().decisions();
        var why = why(reviews.decide(ID, brought, stands()));
        assertThat(reviews.find(ID).orElseThrow().decisions()).isEqualTo(before);
        return why;
      }

      @Test
      void is_decided_and_signed_and_the_document_verifies() {
        assertThat(opened()).isInstanceOf(ReviewStep.Done.class);
        for (var item : List.of("library:version", "role:engineering")) {
          assertThat(
                  reviews.decide(
                      ID,
                      from("ana", about(item, Optional.of(Ruling.ACCEPT), "ana")),
                      Optional.empty()))
              .isInstanceOf(ReviewStep.Done.class);
        }
        var hash = reviews.find(ID).orElseThrow().decisionsHash();
        var step = reviews.sign(ID, from("ben", about(hash, Optional.empty(), "ben")), seal);

        assertThat(step).isInstanceOf(ReviewStep.Done.class);
        assertThat(verdict(((ReviewStep.Done) step).review().account().orElseThrow()))
            .isInstanceOf(ReviewVerdict.Genuine.class);
        assertThat(new AuditLog(database).query(AuditQuery.newest(1).ofType("review.signed")))
            .singleElement()
            .satisfies(one -> assertThat(one.event().told("person")).contains("person-ben"));
      }

      @Test
      void another_persons_key_and_another_persons_statement_are_refused() {
        var _ = opened();
        var byEve = decision(Ruling.ACCEPT).signed(panel.key("eve"));
        assertThat(refused(from("ana", byEve))).contains("not signed by 'ana'");
        var anas = decision(Ruling.ACCEPT).signed(panel.key("ana"));
        assertThat(refused(from("ben", anas))).contains("signed as 'ana', and you are 'ben'");
        assertThat(new AuditLog(database).query(AuditQuery.newest(9).ofType("review.refused-step")))
            .hasSize(2)
            .allSatisfy(one -> assertThat(one.event().told("person")).isPresent());
      }

      @Test
      void what_was_signed_for_another_review_or_over_other_evidence_is_refused() {
        var _ = opened();
        var good = decision(Ruling.ACCEPT);
        var elsewhere =
            new ReviewStatement(
                "https://other.example",
                good.review(),
                good.pack(),
                good.about(),
                good.ruling(),
                good.by(),
                good.rationale(),
                good.at());
        assertThat(refused(from("ana", elsewhere))).contains("another review");
        var later =
            new ReviewStatement(
                good.installation(),
                "okta-2026-Q3",
                good.pack(),
                good.about(),
                good.ruling(),
                good.by(),
                good.rationale(),
                good.at());
        assertThat(refused(from("ana", later))).contains("another review");
        var over =
            new ReviewStatement(
                good.installation(),
                good.review(),
                "sha256:00",
                good.about(),
                good.ruling(),
                good.by(),
                good.rationale(),
                good.at());
        assertThat(refused(from("ana", over))).contains("other evidence");
      }

      @Test
      void an_old_one_or_one_of_the_future_is_refused() {
        var _ = opened();
        var old = from("ana", decision(Ruling.ACCEPT));
        clock.advance(Duration.ofMinutes(10).plusSeconds(1));
        assertThat(refused(old)).contains("open the page again");
        var early = from("ana", decision(Ruling.ACCEPT));
        clock.advance(Duration.ofMinutes(-2));
        assertThat(refused(early)).contains("open the page again");
      }

      @Test
      void what_was_signed_once_is_not_brought_again() {
        var _ = opened();
        var first = from("ana", decision(Ruling.ACCEPT));
        assertThat(reviews.decide(ID, first, Optional.empty())).isInstanceOf(ReviewStep.Done.class);
        assertThat(refused(first)).contains("in the meantime");
        clock.advance(Duration.ofSeconds(2));
        var second = from("ana", decision(Ruling.ACT));
        assertThat(reviews.decide(ID, second, stands())).isInstanceOf(ReviewStep.Done.class);
        // Whoever replays the first one knows what stands now, and says so.
        assertThat(refused(first)).contains("in the meantime");
      }

      @Test
      void a_decision_that_was_changed_meanwhile_is_not_written_over() {
        var _ = opened();
        var seen = stands();
        var _ = reviews.decide(ID, "role:engineering", Ruling.ACT, panel.author("ana"));
        clock.advance(Duration.ofSeconds(2));
        var late = from("ana", decision(Ruling.ACCEPT));
        assertThat(reviews.decide(ID, late, seen)).isEqualTo(new ReviewStep.Moved());
        assertThat(reviews.find(ID).orElseThrow().about("role:engineering").orElseThrow().ruling())
            .isEqualTo(Ruling.ACT);
      }

      @Test
      void of_two_over_the_same_at_once_one_is_recorded_and_the_other_is_told() throws Exception {
        var _ = opened();
        var barrier = new CyclicBarrier(2);
        try (var nodes = Executors.newVirtualThreadPerTaskExecutor()) {
          var steps =
              List.of(Ruling.ACCEPT, Ruling.ACT).stream()
                  .map(ruling -> from("ana", decision(ruling)))
                  .map(brought ->
                      nodes.submit(() -> {
                        barrier.await();
                        return reviews.decide(ID, brought, Optional.empty());
                      }))
                  .toList();
          var results = List.of(steps.getFirst().get(), steps.getLast().get());

          assertThat(results).filteredOn(one -> one instanceof ReviewStep.Done).hasSize(1);
          assertThat(results).contains(new ReviewStep.Moved());
        }
      }

      @Test
      void a_decision_signs_nothing_and_a_signature_decides_nothing() {
        decided();
        clock.advance(Duration.ofSeconds(2));
        var hash = reviews.find(ID).orElseThrow().decisionsHash();
        var decision = from("ben", about(hash, Optional.of(Ruling.ACCEPT), "ben"));
        assertThat(why(reviews.sign(ID, decision, seal))).contains("a decision and no signature");
        var signature = from("ana", about("role:engineering", Optional.empty(), "ana"));
        assertThat(refused(signature)).contains("a signature and no decision");
        assertThat(refused(from("ana", "no.statement.at-all"))).contains("not a signed statement");
      }

      @Test
      void the_signature_is_for_the_decisions_that_were_seen_and_never_the_reviewers() {
        decided();
        clock.advance(Duration.ofSeconds(2));
        var hash = reviews.find(ID).orElseThrow().decisionsHash();
        var bens = from("ben", about(hash, Optional.empty(), "ben"));
        assertThat(why(reviews.sign(ID, from("ana", about(hash, Optional.empty(), "ana")), seal)))
            .isEqualTo("nobody signs what they have decided themselves");
        var _ = reviews.decide(ID, "role:engineering", Ruling.ACT, panel.author("ana"));
        assertThat(reviews.sign(ID, bens, seal)).isEqualTo(new ReviewStep.Moved());
        assertThat(reviews.find(ID).orElseThrow().signed()).isEmpty();
      }
    }

    @Test
    @DisplayName("The calendar has what there has to be and what there is, and raises nothing")
    void calendar() {
      var _ = opened();
      clock.set(QUARTER.ends().plus(Duration.ofDays(15)));
      var entries =
          new ReviewCalendar(database, List.of("okta"), Duration.ofDays(15), clock).entries();

      assertThat(entries).extracting(ReviewCalendar.Entry::id).containsExactly("okta-2027-Q1", ID);
      assertThat(entries.getFirst().review()).isEmpty();
      assertThat(entries.getFirst().isOverdue()).isFalse();
      assertThat(entries.getLast().review().orElseThrow().signedBy()).isEmpty();
      assertThat(entries.getLast().isOverdue()).isTrue();
      assertThat(new Alarms(database).standing()).isEmpty();
    }

    @Test
    @DisplayName("The reviewer may think better of it until it is signed")
    void the_last_decision_stands() {
      decided();
      var _ = reviews.decide(ID, "role:engineering", Ruling.ACT, panel.author("ana"));
      assertThat(reviews.find(ID).orElseThrow().about("role:engineering").orElseThrow().ruling())
          .isEqualTo(Ruling.ACT);
    }

    @Test
    @DisplayName("A decision and a signature at once: the signature covers it, or one is refused")
    void at_once() throws Exception {
      decided();
      var barrier = new CyclicBarrier(2);
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<ReviewStep> decision =
            threads.submit(() -> {
              barrier.await();
              return reviews.decide(ID, "role:engineering", Ruling.ACT, panel.author("ana"));
            });
        Future<ReviewStep> signature =
            threads.submit(() -> {
              barrier.await();
              return reviews.sign(ID, panel.author("ben"), seal);
            });
        var isSigned = signature.get() instanceof ReviewStep.Done;
        var isDecided = decision.get() instanceof ReviewStep.Done;
        assertThat(isSigned || isDecided).isTrue();
      }
      var review = reviews.find(ID).orElseThrow();
      review
          .account()
          .ifPresent(
              document -> assertThat(verdict(document)).isInstanceOf(ReviewVerdict.Genuine.class));
      assertThat(
              review.account().isPresent()
                  && !review
                      .account()
                      .get()
                      .contains(review.about("role:engineering").orElseThrow().said().statement()))
          .isFalse();
    }

    @Nested
    @DisplayName("Overdue reviews raise an alarm, which ends with the signature")
    class Overdue {
      private final Duration within = Duration.ofDays(15);

      private OverduePolicyReviews overdue() {
        return overdue(within);
      }

      private OverduePolicyReviews overdue(Duration within) {
        var calendar = new ReviewCalendar(database, List.of("okta"), within, clock);
        return new OverduePolicyReviews(database, calendar, clock);
      }

      @Test
      void from_the_day_on() {
        var _ = opened();
        var overdue = overdue();
        clock.set(QUARTER.ends().plus(within).minusSeconds(1));
        assertThat(overdue.look()).isEmpty();
        clock.set(QUARTER.ends().plus(within));
        assertThat(overdue.look()).containsExactly(ID);
        assertThat(overdue.look()).containsExactly(ID);
        assertThat(new Alarms(database).standing())
            .singleElement()
            .satisfies(one -> assertThat(one.times()).isEqualTo(1))
            .satisfies(one -> assertThat(one.alarm().detail()).contains("0 of 2 items"));

        for (var item : List.of("library:version", "role:engineering")) {
          var _ = reviews.decide(ID, item, Ruling.ACCEPT, panel.author("ana"));
        }
        var _ = reviews.sign(ID, panel.author("ben"), seal);
        assertThat(overdue.look()).isEmpty();
        assertThat(new Alarms(database).standing()).isEmpty();
      }

      @Test
      void also_when_the_next_quarter_is_over_and_however_long_it_may_take() {
        var _ = opened();
        var patient = overdue(Duration.ofDays(90));
        clock.set(QUARTER.ends().plus(Duration.ofDays(90)));
        assertThat(patient.look()).containsExactly(ID);

        var overdue = overdue();
        clock.set(QUARTER.next().ends().plus(within));
        assertThat(overdue.look()).containsExactly(ID, "okta-2027-Q1");
        var alarms = new Alarms(database);
        var _ =
            database.write(connection ->
                Alarms.resolve(connection, "policy-review-overdue", ID, clock.instant()));
        assertThat(alarms.standing()).hasSize(1);
        clock.advance(Duration.ofDays(1));
        assertThat(overdue.look()).containsExactly(ID, "okta-2027-Q1");
        assertThat(alarms.standing()).hasSize(2);
      }

      @Test
      void of_a_quarter_before_this_installation_nobody_is_reminded() {
        clock.set(Instant.parse("2027-02-01T00:00:00Z"));
        var _ = reviews.open("okta", Quarter.parse("2027-Q1"), "ana", "op", Panel.EVIDENCE);
        assertThat(overdue().look()).isEmpty();
      }
    }
  }
}
