package dev.lanyard.server.console.desk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.administration.Duties;
import dev.lanyard.server.administration.Duty;
import dev.lanyard.server.administration.SecondFactor;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.console.desk.MotionDesk.Answer;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.World;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What two administrators let go on is the stop about which they were asked")
class ResumptionDeskTest {
  private static final Denied CONNECTOR = Denied.connector(World.LINEAR);

  @TempDir Path folder;
  private Pair one;
  private Pair two;
  private Actor agreer;
  private MotionDesk motions;
  private Motion motion;

  /// What happens on the other node while the claim waits.
  private Runnable meanwhile = () -> {};

  @BeforeEach
  void start() {
    var setup = Setup.on(TestDatabases.postgres(), folder);
    one = Pair.start(setup, folder);
    two = Pair.start(setup.beside(one), folder);
    var asker = administrator("ada");
    agreer = administrator("bob");
    var desk = new ResumptionDesk(parts());
    motions = new MotionDesk(parts(), List.of(new Slow(desk)));
    on(one, Happening.DISABLED);
    var resuming = desk.resume(asker, CONNECTOR, "it is over", motions);
    var asked = (ResumptionDesk.Resuming.ForTwo) resuming;
    motion = ((MotionDesk.Asking.Made) asked.asking()).motion();
  }

  @AfterEach
  void stop() {
    two.close();
    one.close();
  }

  private Actor administrator(String name) {
    var person = one.person(name, "admins");
    return new Actor(person, Actor.CONSOLE, one.clock.instant(), "request-" + name);
  }

  /// Without what resumptions do not ask for.
  @SuppressWarnings("NullAway")
  private Parts parts() {
    return new Parts(
        new Duties(Map.of(Duty.ADMINISTRATOR, Set.of("admins")), SecondFactor.NOT_DEMANDED),
        new Issuer("https://idp.example"),
        World.ORGANISATION,
        one.platform(),
        null,
        one.directory,
        one.revocation,
        null,
        one.library::current,
        null,
        new AuditLog(one.database),
        Optional.empty());
  }

  private static void on(Pair node, Happening what) {
    var _ =
        node.revocation.report(
            Source.of(Source.Kind.ADMIN),
            new Subject.Connector(World.LINEAR),
            what,
            "a test",
            "test");
  }

  /// Something happens once a motion is taken, in the same transaction.
  private final class Slow implements Matter {
    private final ResumptionDesk desk;

    Slow(ResumptionDesk desk) {
      this.desk = desk;
    }

    @Override
    public Motion.Kind kind() {
      return desk.kind();
    }

    @Override
    public String title(Motion asked) {
      return desk.title(asked);
    }

    @Override
    public Optional<Person> person(Motion asked) {
      return desk.person(asked);
    }

    @Override
    public Carried carryOut(Motion asked, Actor by, Claim claim) {
      return desk.carryOut(
          asked,
          by,
          connection -> {
            boolean taken = claim.take(connection);
            var happens = meanwhile;
            meanwhile = () -> {};
            happens.run();
            return taken;
          });
    }
  }

  private boolean isStopped(Pair node) {
    node.database.changes().awaitCurrent(Duration.ofSeconds(10));
    return node.revocation.denied().isUntilLifted(CONNECTOR);
  }

  @Test
  void what_was_asked_for_goes_on() {
    assertThat(motions.agree(agreer, motion.id())).isInstanceOf(Answer.Done.class);
    assertThat(isStopped(one)).isFalse();
    assertThat(isStopped(two)).isFalse();
  }

  @Test
  @DisplayName("A stop that took the place of it while the two were waited for stays")
  void stopped_anew_meanwhile() {
    meanwhile =
        () -> {
          on(two, Happening.ENABLED);
          on(two, Happening.DISABLED);
        };
    assertThat(motions.agree(agreer, motion.id()))
        .isInstanceOfSatisfying(
            Answer.Refused.class, refused -> assertThat(refused.why()).contains("stopped anew"));
    assertThat(isStopped(one)).isTrue();
    assertThat(isStopped(two)).isTrue();
    assertThat(motions.find(motion.id()).orElseThrow().state()).isEqualTo(Motion.State.OPEN);
  }
}
