package dev.lanyard.server.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.requests.ExceptionRequest.State;
import dev.lanyard.server.requests.ExceptionRequests.Act;
import dev.lanyard.server.requests.ExceptionRequests.Asked;
import dev.lanyard.server.requests.ExceptionRequests.OverException;
import dev.lanyard.server.transparency.Erasure;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Requests of exceptions: few at a time, answered once, ended with whoever asked")
class ExceptionRequestsTest {
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
    private final DatabaseConfig config;
    private final TestClock clock = new TestClock();
    private Database database;
    private Directory directory;
    private ExceptionRequests requests;
    private String person;

    Contract(DatabaseConfig config) {
      this.config = config;
    }

    @BeforeEach
    void open() {
      database = Database.open(config, clock);
      directory = Directory.open(database, clock);
      requests = new ExceptionRequests(database);
      var emil = new NewPerson("acme", "emil", Optional.empty(), "Emil", Set.of("engineering"));
      if (!(directory.create(emil) instanceof Linking.Created(var created))) {
        throw new AssertionError("was there already");
      }
      person = created.id().value();
      clock.advance(Duration.ofSeconds(1));
    }

    @AfterEach
    void close() {
      database.close();
    }

    private void setActive(boolean active) {
      database.write(connection -> {
        directory.setActive(new Statements(connection), List.of(new PersonId(person)), active);
        return true;
      });
    }

    private Act by(String who) {
      return new Act(who, clock.instant(), "test");
    }

    private LocalDate inDays(int days) {
      return clock.instant().atOffset(ZoneOffset.UTC).toLocalDate().plusDays(days);
    }

    private Asked ask(String connector) {
      var question = new ExceptionRequests.Question(person, connector, "for the audit", inDays(30));
      return requests.ask(question, by(person));
    }

    private String asked(String connector) {
      return ((Asked.Made) ask(connector)).id();
    }

    private List<String> recorded(String type) {
      return new AuditLog(database)
          .query(AuditQuery.newest(100).ofType("exception-request." + type)).stream()
              .map(record -> record.event().evidence().toJson())
              .toList();
    }

    private void submit(String id) {
      database.write(connection -> {
        ExceptionRequests.submitted(
            connection, List.of("roles", id), "draft-a", by("administrator"));
        return true;
      });
    }

    @Test
    @DisplayName("a double click asks once; three are open at most; an answer makes room")
    void bounded() throws InterruptedException {
      var became = new ConcurrentLinkedQueue<Asked>();
      AtOnce.run(2, () -> became.add(ask("linear")));
      assertThat(became).hasSize(2).contains(new Asked.Before());
      assertThat(requests.of(person, 10)).hasSize(1);
      assertThat(recorded("made")).hasSize(1);

      asked("payroll");
      var third = asked("ledger");
      assertThat(ask("notion")).isEqualTo(new Asked.TooMany());
      assertThat(requests.decline(third, "no need", by("administrator"))).isTrue();
      assertThat(ask("notion")).isInstanceOf(Asked.Made.class);
    }

    @Test
    @DisplayName("for many connectors at once three are made, on whatever nodes")
    void bounded_at_once() throws InterruptedException {
      AtOnce.run(6, () -> ask("connector-" + Thread.currentThread().threadId()));
      assertThat(requests.open(0, 10)).hasSize(ExceptionRequests.MOST_OPEN);
    }

    @Test
    @DisplayName("for a day that is over, or for more than a year, nobody asks")
    void days() {
      for (int days : List.of(-1, 367)) {
        var question = new ExceptionRequests.Question(person, "linear", "why", inDays(days));
        assertThat(requests.ask(question, by(person))).isEqualTo(new Asked.WrongDay());
      }
    }

    @Test
    @DisplayName("of two answers at once one counts, and one is recorded")
    void answered_once() throws InterruptedException {
      var id = asked("linear");
      var became = new ConcurrentLinkedQueue<Boolean>();
      AtOnce.run(2, () -> became.add(requests.decline(id, "no", by("administrator"))));
      assertThat(became).containsExactlyInAnyOrder(true, false);
      assertThat(recorded("declined")).hasSize(1);
      assertThatThrownBy(() -> submit(id)).isInstanceOf(OverException.class);
      assertThat(requests.find(id).orElseThrow())
          .returns(State.DECLINED, ExceptionRequest::state)
          .returns("no", ExceptionRequest::answer)
          .returns("administrator", ExceptionRequest::answeredBy);
      assertThat(recorded("submitted")).isEmpty();
    }

    @Test
    @DisplayName("handed in with a draft it is answered; handed in again, nothing happens to it")
    void submitted() {
      var id = asked("linear");
      submit(id);
      submit(id);
      assertThat(requests.find(id).orElseThrow())
          .returns(State.SUBMITTED, ExceptionRequest::state)
          .returns("draft-a", ExceptionRequest::submission);
      assertThat(recorded("submitted")).hasSize(1);
      assertThat(requests.decline(id, "too late", by("administrator"))).isFalse();
    }

    @Test
    @DisplayName("a crash in the middle has done nothing, and recorded nothing")
    void crash() {
      var id = asked("linear");
      assertThatThrownBy(() ->
              database.write(connection -> {
                ExceptionRequests.submitted(
                    connection, List.of(id), "draft-a", by("administrator"));
                throw new IllegalStateException("the process dies here");
              }))
          .isInstanceOf(IllegalStateException.class);
      assertThat(requests.find(id).orElseThrow().isOpen()).isTrue();
      assertThat(recorded("submitted")).isEmpty();
    }

    @Test
    @DisplayName("whoever was switched off has none open any more, also when they are back")
    void ends_with_the_person() {
      var id = asked("linear");
      asked("payroll");
      asked("ledger");
      clock.advance(Duration.ofSeconds(1));
      setActive(false);
      assertThat(requests.open(0, 10)).isEmpty();
      clock.advance(Duration.ofSeconds(1));
      setActive(true);

      assertThat(requests.open(0, 10)).isEmpty();
      assertThat(requests.find(id).orElseThrow().state()).isEqualTo(State.PERSON_OFF);
      assertThat(requests.decline(id, "no", by("administrator"))).isFalse();
      assertThat(requests.withdraw(id, by(person))).isFalse();
      assertThatThrownBy(() -> submit(id)).isInstanceOf(OverException.class);
      clock.advance(Duration.ofSeconds(1));
      assertThat(ask("linear")).as("they may ask anew").isInstanceOf(Asked.Made.class);
      assertThat(requests.open(0, 10)).hasSize(1);
    }

    @Test
    @DisplayName("only whoever asked takes it back")
    void withdrawn() {
      var id = asked("linear");
      assertThat(requests.withdraw(id, by("somebody else"))).isFalse();
      assertThat(requests.withdraw(id, by(person))).isTrue();
      assertThat(requests.find(id).orElseThrow().state()).isEqualTo(State.WITHDRAWN);
    }

    @Test
    @DisplayName("whoever is erased has asked for nothing, and the record says who erased them")
    void erased() {
      asked("linear");
      assertThat(
              new Erasure(database, clock)
                  .erase(person, Optional.of("acme"), "ops", "test", _ -> true))
          .isInstanceOf(Erasure.Verdict.Erased.class);
      assertThat(requests.of(person, 10)).isEmpty();
      var rows =
          database.read(connection ->
              new Statements(connection)
                  .list("SELECT id FROM exception_request", row -> row.getString(1)));
      assertThat(rows).isEmpty();
    }
  }
}
