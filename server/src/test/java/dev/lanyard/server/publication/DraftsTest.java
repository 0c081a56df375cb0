package dev.lanyard.server.publication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.publication.Drafts.HandedIn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Drafts of the role library: written by one, handed in once, deciding nothing")
class DraftsTest {
  @Nested
  class OnSqlite extends Contract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends Contract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }

  /// What both databases must do.
  abstract static class Contract {
    private static final LibrarySource READ = Council.library(List.of("issues.read"));
    private static final LibrarySource WRITE =
        Council.library(List.of("issues.read", "issues.write"));
    private static final String NAME = READ.files().firstKey();

    private final DatabaseConfig config;
    private final TestClock clock = new TestClock();
    private final Council council = new Council();
    private Database database;
    private Drafts drafts;
    private Publications publications;

    Contract(DatabaseConfig config) {
      this.config = config;
    }

    @BeforeEach
    void open() {
      database = Database.open(config, clock);
      drafts = new Drafts(database);
      publications =
          new Publications(
              database, council.trust(), ApproverPeople.UNKNOWN, Duration.ofDays(3), clock);
      var _ = publications.folderChanged(READ);
    }

    @AfterEach
    void close() {
      database.close();
    }

    private Draft written() {
      var edit = new Draft.Edit(READ.version(), WRITE.files().get(NAME));
      var next = drafts.of("ana").with(NAME, edit, READ);
      assertThat(drafts.save("ana", next, clock.instant())).isTrue();
      return drafts.of("ana");
    }

    private Submission submission(Draft draft, String id) {
      return new Submission(
          id,
          "ana",
          READ.version(),
          draft.over(READ).version(),
          "sales needs it",
          JsonObject.EMPTY,
          clock.instant(),
          Optional.empty(),
          Optional.empty());
    }

    private HandedIn handIn(Draft draft, String id) {
      return database.write(
          connection -> Drafts.handIn(connection, draft, draft.over(READ), submission(draft, id)));
    }

    @Test
    @DisplayName("of two windows one saves, and the other is told")
    void two_windows() {
      var first = written();
      var stale = first.with(NAME, new Draft.Edit(READ.version(), "roles: {}\n"), READ);
      assertThat(drafts.save("ana", first, clock.instant())).isTrue();

      assertThat(drafts.save("ana", stale, clock.instant())).isFalse();
      assertThat(drafts.of("ana").edits().get(NAME).text()).isEqualTo(WRITE.files().get(NAME));
      assertThat(drafts.of("ben").isNothing()).isTrue();
    }

    @Test
    @DisplayName(
        "of two that hand it in at once one does; it is empty then, kept, and recorded once")
    void at_once() throws InterruptedException {
      var draft = written();
      var became = new ConcurrentLinkedQueue<HandedIn>();
      AtOnce.run(2, () -> became.add(handIn(draft, "draft-" + Thread.currentThread().threadId())));

      assertThat(became).containsExactlyInAnyOrder(new HandedIn.Done(), new HandedIn.Changed());
      assertThat(drafts.of("ana").isNothing()).isTrue();
      var history = new History(database);
      var submitted = history.submissions(10);
      assertThat(submitted).hasSize(1);
      assertThat(history.find(submitted.getFirst().id()))
          .isInstanceOfSatisfying(
              History.Found.One.class,
              one -> assertThat(one.files().files()).isEqualTo(WRITE.files()));
      assertThat(new AuditLog(database).query(AuditQuery.newest(10).ofType("library.submitted")))
          .hasSize(1);
      // Nobody has signed it, so it decides nothing.
      assertThat(history.last().orElseThrow().version()).isEqualTo(READ.version());
      assertThat(history.openProposals()).isEmpty();
    }

    @Test
    @DisplayName("proposed and taken back at once it becomes one of both, never both")
    void proposed_or_taken_back() throws InterruptedException {
      for (int round = 0; round < 10; round++) {
        // Another text each time: a proposal stands by its content.
        var text = WRITE.files().get(NAME) + "# round " + round + "\n";
        var edit = new Draft.Edit(READ.version(), text);
        assertThat(drafts.save("ana", drafts.of("ana").with(NAME, edit, READ), clock.instant()))
            .isTrue();
        var draft = drafts.of("ana");
        var id = "draft-" + round;
        assertThat(handIn(draft, id)).isEqualTo(new HandedIn.Done());
        var turn = new AtomicInteger();
        var withdrawn = new AtomicBoolean();
        var proposed = new AtomicReference<Step>();

        AtOnce.run(
            2,
            () -> {
              if (turn.getAndIncrement() == 0) {
                withdrawn.set(withdraw(submission(draft, id), "ana"));
              } else {
                proposed.set(propose(draft, Optional.of(id)));
              }
            });

        assertThat(proposed.get() instanceof Step.Proposed)
            .as("round %d: %s", round, proposed.get())
            .isNotEqualTo(withdrawn.get());
      }
    }

    @Test
    @DisplayName("taken back it is proposed by nobody, but for whoever has written the same")
    void taken_back_first() {
      var draft = written();
      assertThat(handIn(draft, "draft-a")).isEqualTo(new HandedIn.Done());
      assertThat(withdraw(submission(draft, "draft-a"), "ana")).isTrue();

      assertThat(propose(draft, Optional.of("draft-a"))).isEqualTo(new Step.TakenBack());
      assertThat(
              publications.publishAlone(
                  draft.over(READ), council.author("ana"), Optional.of("draft-a")))
          .isEqualTo(new Step.TakenBack());
      assertThat(propose(draft, Optional.empty())).isInstanceOf(Step.Proposed.class);
    }

    private Step propose(Draft draft, Optional<String> id) {
      return publications.propose(draft.over(READ), JsonObject.EMPTY, council.author("ben"), id);
    }

    @Test
    @DisplayName("what was looked at against another version is not handed in, and nothing is lost")
    void overtaken() {
      var draft = written();
      var _ = publications.folderChanged(Council.library(List.of("issues.write")));

      assertThat(handIn(draft, "draft-a")).isEqualTo(new HandedIn.Overtaken());
      assertThat(drafts.of("ana")).isEqualTo(draft);
      assertThat(new History(database).submissions(10)).isEmpty();
    }

    @Test
    @DisplayName("a crash in the middle of handing in has done nothing")
    void crash() {
      var draft = written();
      try {
        database.write(connection -> {
          var _ = Drafts.handIn(connection, draft, draft.over(READ), submission(draft, "draft-a"));
          throw new IllegalStateException("the process dies here");
        });
      } catch (IllegalStateException e) {
        assertThat(e).hasMessage("the process dies here");
      }

      assertThat(drafts.of("ana")).isEqualTo(draft);
      assertThat(new History(database).submissions(10)).isEmpty();
      assertThat(handIn(draft, "draft-b")).isEqualTo(new HandedIn.Done());
    }

    private boolean withdraw(Submission submission, String by) {
      return database.write(
          connection -> Drafts.withdraw(connection, submission, by, clock.instant()));
    }

    @Test
    @DisplayName("is taken back by who handed it in, once, also of two at once; and not by another")
    void withdrawn() throws InterruptedException {
      var draft = written();
      assertThat(handIn(draft, "draft-a")).isEqualTo(new HandedIn.Done());
      var submission = new History(database).submission("draft-a").orElseThrow();
      assertThat(withdraw(submission, "ben")).isFalse();
      var became = new ConcurrentLinkedQueue<Boolean>();
      AtOnce.run(2, () -> became.add(withdraw(submission, "ana")));

      assertThat(became).containsExactlyInAnyOrder(true, false);
      assertThat(new History(database).submission("draft-a").orElseThrow().withdrawnAt())
          .contains(clock.instant());
      assertThat(new AuditLog(database).query(AuditQuery.newest(10).ofType("library.withdrawn")))
          .hasSize(1);
    }

    @Test
    @DisplayName("is not taken back once somebody has put it in force alone")
    void in_force_alone() {
      var draft = written();
      assertThat(handIn(draft, "draft-a")).isEqualTo(new HandedIn.Done());
      var submission = new History(database).submission("draft-a").orElseThrow();
      assertThat(publications.publishAlone(draft.over(READ), council.author("ben")))
          .isInstanceOf(Step.Published.class);

      assertThat(withdraw(submission, "ana")).isFalse();
      assertThat(new AuditLog(database).query(AuditQuery.newest(10).ofType("library.withdrawn")))
          .isEmpty();
    }

    @Test
    @DisplayName(
        "a file that somebody else has published meanwhile is named; others follow by themselves")
    void others() {
      var draft = written();
      var untouched = new TreeMap<>(READ.files());
      untouched.put("more.yaml", "roles: {}\n");
      var elsewhere = new LibrarySource(READ.origin(), untouched);
      var history = new History(database);

      assertThat(draft.overtaken(elsewhere, version -> history.files(version).orElseThrow()))
          .isEmpty();
      assertThat(draft.over(elsewhere).files()).containsKeys(NAME, "more.yaml");
      var same = Council.library(List.of("issues.write"));
      assertThat(draft.overtaken(same, version -> history.files(version).orElseThrow()))
          .containsExactly(NAME);
    }

    @Test
    @DisplayName("too long, too many, or no name of a file: refused; as in force: no edit")
    void bounds() {
      var nothing = drafts.of("ana");
      assertThat(fault(nothing, "../../etc/passwd.yaml", "x")).isPresent();
      assertThat(fault(nothing, ".hidden.yaml", "x")).isPresent();
      assertThat(fault(nothing, "roles.txt", "x")).isPresent();
      assertThat(fault(nothing, "roles.yaml", "x".repeat(Draft.LONGEST_FILE + 1))).isPresent();
      assertThat(fault(nothing, "roles.yaml", "x".repeat(Draft.LONGEST_FILE))).isEmpty();
      var many = nothing;
      for (int i = 0; i <= Draft.MOST_FILES; i++) {
        many = many.with("f" + i + ".yaml", new Draft.Edit(READ.version(), "x"), READ);
      }
      assertThat(many.fault()).isPresent();
      var crlf = READ.files().get(NAME).replace("\n", "\r\n");
      assertThat(nothing.with(NAME, new Draft.Edit(READ.version(), crlf), READ).isNothing())
          .isTrue();
    }

    private static Optional<String> fault(Draft draft, String name, String text) {
      return draft.with(name, new Draft.Edit(READ.version(), text), READ).fault();
    }
  }
}
