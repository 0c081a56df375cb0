package dev.lanyard.server.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.authorization.upstream.Introduction;
import dev.lanyard.server.authorization.upstream.UpstreamPeople;
import dev.lanyard.server.authorization.upstream.UpstreamPeople.Match;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
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
          new Introduction.There(
              new Session.Upstream("idp", Optional.empty(), Optional.of(subject)),
              Optional.empty()));
    }

    private static UpstreamPeople people(RevocationNode node) {
      return new UpstreamPeople(
          "acme",
          node.directory,
          new ProfileChanges(node.database, node.directory, node.revocation, node.clock),
          new GroupChanges(node.database, node.directory, node.revocation, node.clock));
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
