package dev.lanyard.benchmarks.kill;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.Origins;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.sessions.JdbcSessionStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One node: its own connections, its own directory, deny set and change feed.
final class KillNode implements AutoCloseable {
  final Database database;
  final Directory directory;
  final Revocation revocation;

  KillNode(DatabaseConfig config) {
    var clock = Clock.systemUTC();
    this.database = Database.open(config, clock);
    this.directory = Directory.open(database, clock);
    this.revocation =
        new Revocation(
            database,
            directory,
            new JdbcSessionStore(database, new Issuer("https://broker.example")),
            DenySet.following(database),
            Optional.empty(),
            Duration.ofDays(1),
            clock);
  }

  /// Whether a call with a token of that moment is refused, and nothing new is issued.
  boolean refuses(PersonId person, Instant issuedAt) {
    var token = Origins.accessToken(person.value(), issuedAt);
    return revocation.denied().denial(token).isPresent()
        && !directory.person(person).orElseThrow().active();
  }

  @Override
  public void close() {
    database.close();
  }
}
