package dev.lanyard.server.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.authorization.upstream.Introduction;
import dev.lanyard.server.authorization.upstream.UpstreamPeople;
import dev.lanyard.server.authorization.upstream.UpstreamPeople.Match;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.ToldAddress;
import dev.lanyard.server.directory.ToldProfile;
import dev.lanyard.server.sessions.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("IDP-43: somebody signs in for the first time in several browsers at once")
class FirstSignInsTest {
  private static final Issuer PROVIDER = new Issuer("https://idp.example");

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

  abstract static class Contract {
    private final DatabaseConfig config;

    Contract(DatabaseConfig config) {
      this.config = config;
    }

    private static Introduction introduction(RevocationNode node, String subject, String name) {
      return new Introduction(
          PROVIDER,
          subject,
          new ToldProfile(
              Optional.of(name),
              new ToldAddress.Named(name + "@acme.example", true),
              Optional.of("Zoe")),
          Optional.of(Set.of("engineering")),
          node.now(),
          new AuthenticationContext(Optional.of(node.now()), Optional.empty(), List.of()),
          new Session.Upstream("idp", Optional.empty(), Optional.of(subject)));
    }

    private static UpstreamPeople people(RevocationNode node) {
      return new UpstreamPeople(
          "acme",
          node.directory,
          new ProfileChanges(node.database, node.directory, node.revocation, node.clock),
          new GroupChanges(node.database, node.directory, node.revocation, node.clock));
    }

    private static void gone(RevocationNode node, Person person) {
      node.revocation.report(
          Source.of(Source.Kind.ADMIN),
          new Subject.Person(person.id()),
          Happening.DELETED,
          "gone",
          "request");
      node.database.write(connection -> node.directory.erase(connection, person.id()));
      node.directory.refresh(List.of(person.id()));
    }

    private static Person signedIn(RevocationNode node, String subject, String name) {
      var introduction = introduction(node, subject, name);
      return ((Match.Found) people(node).of(introduction, "request")).person();
    }

    @Test
    @DisplayName("SEC-9: who is given a former colleague's user name does not have it here, ever")
    void the_name_of_somebody_who_left() {
      try (var node = new RevocationNode(config)) {
        var anna = signedIn(node, "s-1", "anna");
        gone(node, anna);
        var heir = signedIn(node, "s-2", "Anna");
        assertThat(heir.userName()).isEqualTo("idp/s-2");
        assertThat(heir.id()).isNotEqualTo(anna.id());
        assertThat(node.directory.findByUserName("acme", "anna")).isEmpty();
        assertThat(signedIn(node, "s-2", "anna").userName()).as("later").isEqualTo("idp/s-2");
        assertThat(people(node).of(introduction(node, "s-1", "anna"), "request"))
            .as("the subject of who left means who left")
            .isInstanceOfSatisfying(
                Match.Found.class, found -> assertThat(found.person().active()).isFalse());
      }
    }

    @Test
    @DisplayName("SEC-9: nor the name that somebody had before they were renamed, who gets it back")
    void the_name_of_somebody_who_is_called_otherwise() {
      try (var node = new RevocationNode(config)) {
        signedIn(node, "s-1", "anna");
        node.clock.advance(Duration.ofSeconds(2));
        signedIn(node, "s-1", "anna.b");
        var bob = signedIn(node, "s-2", "bob");
        node.clock.advance(Duration.ofSeconds(2));
        assertThat(signedIn(node, "s-2", "anna").id()).isEqualTo(bob.id());
        assertThat(node.directory.person(bob.id()).orElseThrow().userName()).isEqualTo("bob");
        assertThat(signedIn(node, "s-3", "anna").userName()).isEqualTo("idp/s-3");
        assertThat(signedIn(node, "s-1", "anna").userName()).isEqualTo("anna");
      }
    }

    @Test
    @DisplayName("SEC-9: who is known here without the provider may be the same: nobody comes in")
    void the_name_of_somebody_whom_an_administrator_has_entered() {
      try (var node = new RevocationNode(config)) {
        node.person("ceo");
        assertThat(people(node).of(introduction(node, "s-1", "ceo"), "request"))
            .isInstanceOf(Match.Refused.class);
      }
    }

    @Test
    @DisplayName("on two nodes: it is one person, and nobody is turned away")
    void one_person() throws Exception {
      try (var one = new RevocationNode(config);
          var other = new RevocationNode(config, one.clock);
          var browsers = Executors.newFixedThreadPool(4)) {
        for (int round = 0; round < 10; round++) {
          var subject = "s-" + round;
          var number = new AtomicInteger();
          var sameName = round % 2 == 0;
          Callable<Match> signIn =
              () -> {
                int turn = number.getAndIncrement();
                var node = turn % 2 == 0 ? one : other;
                // The provider may have renamed them at this moment.
                var name = "zoe-" + subject + (sameName ? "" : "-" + turn);
                return people(node).of(introduction(node, subject, name), "request");
              };
          var found = new ArrayList<Future<Match>>();
          for (int i = 0; i < 4; i++) {
            found.add(browsers.submit(signIn));
          }
          var matches = new ArrayList<Match>();
          for (var match : found) {
            matches.add(match.get(30, TimeUnit.SECONDS));
          }
          assertThat(
                  matches.stream()
                      .map(match -> ((Match.Found) match).person().id())
                      .collect(Collectors.toSet()))
              .hasSize(1);
        }
        other.database.changes().awaitApplied(one.lastChange(), Duration.ofSeconds(10));
        assertThat(one.directory.all()).hasSize(10);
      }
    }
  }
}
