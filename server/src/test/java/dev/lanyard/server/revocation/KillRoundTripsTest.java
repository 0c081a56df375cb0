package dev.lanyard.server.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.database.Proxy;
import dev.lanyard.server.database.TestDatabases;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A kill waits for PostgreSQL a few times, and not for each of its statements")
class KillRoundTripsTest {
  private static final Source SCIM = Source.of(Source.Kind.SCIM, "idp");

  private Proxy network;
  private RevocationNode node;

  @BeforeEach
  void start() {
    var config = TestDatabases.postgres();
    network = Proxy.to(config);
    node = new RevocationNode(network.through(config));
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
    network.close();
  }

  @Test
  void who_is_disabled() {
    var alice = new Subject.Person(node.person("alice").id());
    assertThat(node.revocation.report(SCIM, alice, Happening.DISABLED, "left", "test"))
        .isInstanceOf(Reaction.Done.class);
    assertThat(kill()).as("the claim, the line, what is written, the end").hasSize(4);
  }

  @Test
  void who_is_disabled_with_a_receipt() {
    node.revocation.tells((connection, incidents) -> {
      var last = node.database.changes().told(connection, Denial.CHANGE).orElseThrow();
      node.database
          .changes()
          .onceNumbered(
              connection,
              writes ->
                  writes.write(
                      "UPDATE deny SET reason = ? WHERE value = ?",
                      "change " + last.sequence(),
                      incidents.getFirst().denied().getFirst().value()));
    });
    var alice = new Subject.Person(node.person("alice").id());
    assertThat(node.revocation.report(SCIM, alice, Happening.DISABLED, "left", "test"))
        .isInstanceOf(Reaction.Done.class);
    assertThat(kill()).as("one more, for what needs the number").hasSize(5);
  }

  @Test
  void whose_sessions_are_ended_late() {
    var person = node.person("alice");
    var session = node.session(person, "idp", "1");
    var happened = node.now();
    node.clock.advance(Duration.ofHours(1));
    var source = Source.of(Source.Kind.SHARED_SIGNALS, "idp");
    var subject = new Subject.Person(person.id());
    node.revocation.accept(
        new Signal(source, "1", subject, Happening.SESSIONS_REVOKED, happened, "out", "test"));
    assertThat(node.isSessionOver(session)).isTrue();
    assertThat(kill()).as("one more, to know the sessions").hasSize(5);
  }

  /// The round trips of the transaction that claims a signal.
  private List<List<String>> kill() {
    for (var conversation : network.conversations()) {
      var trips = conversation.trips();
      for (int first = 0; first < trips.size(); first++) {
        if (says(trips.get(first), "INSERT INTO signal ")) {
          int last = first;
          while (!says(trips.get(last), "COMMIT")) {
            last++;
          }
          return List.copyOf(trips.subList(first, last + 1));
        }
      }
    }
    throw new AssertionError("no kill was heard");
  }

  private static boolean says(List<String> texts, String what) {
    return texts.stream().anyMatch(text -> text.startsWith(what));
  }
}
