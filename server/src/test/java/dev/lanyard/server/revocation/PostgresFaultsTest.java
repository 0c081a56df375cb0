package dev.lanyard.server.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.database.Freshness;
import dev.lanyard.server.database.PostgresProcess;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Soon;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("DPR-1: a kill survives what happens to the real process of PostgreSQL")
@Tag("thorough")
class PostgresFaultsTest {
  @TempDir Path folder;

  private PostgresProcess postgres;
  private RevocationNode near;
  private RevocationNode far;
  private Person alice;
  private Person bob;
  private Person carol;

  @BeforeEach
  void start() {
    postgres = PostgresProcess.start(folder.resolve("data"));
    var config =
        postgres.database("faults").withFreshness(Duration.ofMillis(100), Duration.ofMillis(800));
    near = new RevocationNode(config);
    far = new RevocationNode(config);
    alice = near.person("alice");
    bob = near.person("bob");
    carol = near.person("carol");
    Soon.until(() -> far.directory.person(carol.id()).isPresent());
  }

  @AfterEach
  void stop() throws IOException {
    far.close();
    near.close();
    postgres.close();
  }

  private static Reaction disabled(RevocationNode node, Person person) {
    return node.revocation.report(
        Source.of(Source.Kind.SCIM),
        new Subject.Person(person.id()),
        Happening.DISABLED,
        "left",
        "test");
  }

  private boolean isStale(RevocationNode node) {
    return node.database.changes().freshness() instanceof Freshness.Stale;
  }

  private void bothAreStale() {
    Soon.until(() -> isStale(near) && isStale(far));
  }

  /// By themselves.
  private void bothAreFresh() {
    Soon.until(() -> !isStale(near) && !isStale(far));
  }

  private void isDeadEverywhere(Person person) {
    for (var node : new RevocationNode[] {near, far}) {
      // The feed tells the directory and the deny set one after the other.
      Soon.until(() -> !node.isActive(person) && node.isDead(person, node.now()));
    }
  }

  private void livesEverywhere(Person person) {
    for (var node : new RevocationNode[] {near, far}) {
      assertThat(node.isActive(person)).isTrue();
      assertThat(node.isDead(person, node.now())).isFalse();
    }
  }

  private void nothingIsLost() {
    bothAreFresh();
    isDeadEverywhere(alice);
    livesEverywhere(carol);
    assertThat(disabled(far, bob)).isInstanceOf(Reaction.Done.class);
    isDeadEverywhere(bob);
    livesEverywhere(carol);
  }

  @Test
  void it_is_restarted() throws Exception {
    disabled(near, alice);
    postgres.stop();
    bothAreStale();
    assertThatThrownBy(() -> disabled(near, bob))
        .as("who cannot record a signal does not say that it has")
        .isInstanceOf(DatabaseException.class);

    postgres.startAgain();

    nothingIsLost();
  }

  @Test
  void it_is_killed_right_after_it_has_promised_a_kill() throws Exception {
    disabled(near, alice);
    postgres.kill();
    bothAreStale();

    postgres.startAgain();

    nothingIsLost();
  }

  @Test
  void it_stands_still_and_goes_on() throws Exception {
    disabled(near, alice);
    postgres.pause();
    CompletableFuture<Boolean> reported;
    try {
      bothAreStale();
      reported = CompletableFuture.supplyAsync(() -> isDone(bob));
    } finally {
      postgres.resume();
    }

    // Whoever was told that it is done may rely on it; whoever was not tries again.
    boolean told = reported.get();
    nothingIsLostOf(told);
  }

  private boolean isDone(Person person) {
    try {
      return disabled(near, person) instanceof Reaction.Done;
    } catch (DatabaseException e) {
      return false;
    }
  }

  private void nothingIsLostOf(boolean told) {
    bothAreFresh();
    isDeadEverywhere(alice);
    if (told) {
      isDeadEverywhere(bob);
    }
    assertThat(disabled(far, bob)).isInstanceOf(Reaction.Done.class);
    isDeadEverywhere(bob);
    livesEverywhere(carol);
  }
}
