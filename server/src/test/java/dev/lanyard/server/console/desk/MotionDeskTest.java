package dev.lanyard.server.console.desk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.administration.Duties;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.administration.SecondFactor;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.console.desk.Motion.Kind;
import dev.lanyard.server.console.desk.Motion.State;
import dev.lanyard.server.console.desk.MotionDesk.Answer;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.SqlFunction;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.StrangerLimits;
import dev.lanyard.server.http.Strangers;
import dev.lanyard.server.metrics.Metrics;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.sessions.SessionStore;
import dev.lanyard.server.token.Platform;
import dev.lanyard.server.token.Tally;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Two who want it are administrators in the transaction that carries it out")
class MotionDeskTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);

  abstract static class Contract {
    private final DatabaseConfig config;
    private Database here;
    private Database there;
    private Directory directory;
    private Directory elsewhere;
    private Actor asker;
    private Actor agreer;
    private MotionDesk desk;

    /// What happens before the claim, and after it in the same transaction.
    private Runnable before = () -> {};

    private Runnable after = () -> {};

    Contract(DatabaseConfig config) {
      this.config = config;
    }

    @BeforeEach
    void open() {
      here = Database.open(config, CLOCK);
      there = Database.open(config, CLOCK);
      directory = Directory.open(here, CLOCK);
      asker = administrator("ada");
      agreer = administrator("bob");
      elsewhere = Directory.open(there, CLOCK);
      desk = new MotionDesk(parts(), List.of(new Something()));
    }

    @AfterEach
    void close() {
      there.close();
      here.close();
    }

    private Actor administrator(String name) {
      var created =
          (Linking.Created)
              directory.create(
                  new NewPerson("example", name, Optional.empty(), name, Set.of("admins", "all")));
      return new Actor(created.person(), Actor.CONSOLE, NOW, "request-" + name);
    }

    /// Without what motions do not ask for.
    @SuppressWarnings("NullAway")
    private Parts parts() {
      var platform =
          new Platform(
              here,
              new EgressClient(EgressPolicy.strict()),
              ClockSkew.DEFAULT,
              new Strangers(StrangerLimits.DEFAULT, CLOCK),
              new Tally(new Metrics()),
              CLOCK);
      return new Parts(
          new Duties(Map.of(Duty.ADMINISTRATOR, Set.of("admins")), SecondFactor.NOT_DEMANDED),
          new Issuer("https://idp.example"),
          "example",
          platform,
          null,
          directory,
          null,
          null,
          null,
          null,
          new AuditLog(here),
          Optional.empty());
    }

    private final class Something implements Matter {
      @Override
      public Kind kind() {
        return Kind.HOLD;
      }

      @Override
      public String title(Motion motion) {
        return "Something";
      }

      @Override
      public Optional<Person> person(Motion motion) {
        return Optional.empty();
      }

      @Override
      public Carried carryOut(Motion motion, Actor by, Claim claim) {
        before.run();
        boolean mine =
            here.write(connection -> {
              boolean taken = claim.take(connection);
              after.run();
              return taken;
            });
        return mine ? Carried.done() : new Carried.Not("somebody else was faster");
      }
    }

    private Motion asked() {
      var wish = new Motions.Wish("stands", "gone");
      return ((MotionDesk.Asking.Made) desk.ask(asker, Kind.HOLD, "this", wish, "why")).motion();
    }

    /// On the other node.
    private void demoted(Actor who) {
      var _ =
          there.write(connection ->
              elsewhere.putGroups(connection, who.person().id(), Set.of("all"), Optional.empty()));
    }

    private void switchedOff(Actor who) {
      SqlFunction<Integer> off =
          (Connection connection) -> {
            try (var update =
                connection.prepareStatement("UPDATE person SET active = 0 WHERE id = ?")) {
              update.setString(1, who.id());
              return update.executeUpdate();
            }
          };
      var _ = there.write(off);
    }

    private void nothingIsDone(Motion motion, String why) {
      assertThat(desk.agree(agreer, motion.id()))
          .isInstanceOfSatisfying(
              Answer.Refused.class, refused -> assertThat(refused.why()).contains(why));
      assertThat(desk.find(motion.id()).orElseThrow().state()).isEqualTo(State.OPEN);
    }

    @Test
    void who_are_administrators_carry_it_out() {
      var motion = asked();
      assertThat(desk.agree(agreer, motion.id())).isInstanceOf(Answer.Done.class);
      assertThat(desk.find(motion.id()).orElseThrow().state()).isEqualTo(State.DONE);
    }

    @Test
    @DisplayName("not if whoever asked has lost the duty a moment before it would be carried out")
    void asker_demoted() {
      before = () -> demoted(asker);
      nothingIsDone(asked(), "whoever asked is no administrator any more");
    }

    @Test
    @DisplayName("not if whoever asked has been switched off a moment before")
    void asker_off() {
      before = () -> switchedOff(asker);
      nothingIsDone(asked(), "whoever asked is no administrator any more");
    }

    @Test
    @DisplayName("not if whoever agrees has lost the duty since the page let them in")
    void agreer_demoted() {
      before = () -> demoted(agreer);
      nothingIsDone(asked(), "you are no administrator any more");
    }

    @Test
    @DisplayName("not if this node has not been told yet that the right is gone")
    void untold() {
      var motion = asked();
      demoted(asker);
      nothingIsDone(motion, "whoever asked is no administrator any more");
    }

    /// At the other node; this one has not been told.
    private void happened(Subject subject, Happening what) {
      var sessions = new SessionStore(there, new Issuer("https://idp.example"));
      var revocation =
          new Revocation(
              there,
              elsewhere,
              sessions,
              DenySet.following(there),
              Optional.empty(),
              Duration.ofDays(30),
              CLOCK);
      var _ = revocation.report(Source.of(Source.Kind.ADMIN), subject, what, "a test", "test");
    }

    @Test
    @DisplayName("not if what whoever asked had then was taken back: a thief may have asked")
    void asker_killed() {
      var motion = asked();
      happened(new Subject.Person(asker.person().id()), Happening.CREDENTIAL_COMPROMISED);
      nothingIsDone(motion, "was ended since then");

      var _ = desk.decline(agreer, motion.id(), "a thief's");
      asker = new Actor(asker.person(), Actor.CONSOLE, NOW.plusSeconds(2), "request-anew");
      assertThat(desk.agree(agreer, asked().id())).isInstanceOf(Answer.Done.class);
    }

    @Test
    @DisplayName("not if they have another password since, a moment before it would be carried out")
    void asker_has_another_password() {
      before =
          () -> happened(new Subject.Person(asker.person().id()), Happening.CREDENTIAL_CHANGED);
      nothingIsDone(asked(), "was ended since then");
    }

    @Test
    void not_if_everything_was_taken_back() {
      var motion = asked();
      happened(new Subject.Everything(), Happening.TOKENS_REVOKED);
      nothingIsDone(motion, "was ended since then");
    }

    @Test
    @DisplayName("yet while everything is stopped: two lift that")
    void while_everything_is_stopped() {
      happened(new Subject.Everything(), Happening.DISABLED);
      assertThat(desk.agree(agreer, asked().id())).isInstanceOf(Answer.Done.class);
    }

    @Test
    @DisplayName("yet when only groups of theirs have changed, or somebody else was killed")
    void others_killed() {
      var motion = asked();
      happened(new Subject.Person(asker.person().id()), Happening.GROUPS_CHANGED);
      happened(new Subject.Person(agreer.person().id()), Happening.SESSIONS_REVOKED);
      assertThat(desk.agree(agreer, motion.id())).isInstanceOf(Answer.Done.class);
    }

    @Test
    @DisplayName(
        "who takes the right away is told so only once what was agreed has been carried out")
    void waits() {
      var motion = asked();
      var demotion = new CompletableFuture<Void>();
      after =
          () -> {
            var _ =
                Thread.startVirtualThread(() -> {
                  demoted(asker);
                  demotion.complete(null);
                });
            try {
              Thread.sleep(Duration.ofMillis(300));
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            assertThat(demotion).isNotDone();
          };
      assertThat(desk.agree(agreer, motion.id())).isInstanceOf(Answer.Done.class);
      demotion.join();
    }
  }

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
}
