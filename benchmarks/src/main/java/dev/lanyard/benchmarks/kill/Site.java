package dev.lanyard.benchmarks.kill;

import dev.lanyard.benchmarks.postgres.DurablePostgres;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.IntStream;

/// An installation with people in it, and what they hold.
final class Site implements AutoCloseable {
  final ClusterFiles files;
  final Population population;
  final Signatures signatures;
  final String[] accessTokens;
  private final Connection connection;

  private Site(
      ClusterFiles files,
      Population population,
      Signatures signatures,
      String[] accessTokens,
      Connection connection) {
    this.files = files;
    this.population = population;
    this.signatures = signatures;
    this.accessTokens = accessTokens;
    this.connection = connection;
  }

  /// Makes the tables and keys as a node would, and fills them.
  static Site prepare(ClusterFiles files, DurablePostgres postgres, int people, int tokens)
      throws IOException, SQLException {
    long began = System.nanoTime();
    var issued = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(60L * tokens);
    var population = new Population(people, tokens, issued);
    var url = postgres.url("kill");
    var config = DatabaseConfig.of(url).withCredentials(DurablePostgres.USER, new Secret(""));
    var connection = DriverManager.getConnection(url, DurablePostgres.USER, "");
    try (var database = Database.open(config, Clock.systemUTC())) {
      var signatures = new Signatures(database, files, population);
      population.write(connection, files);
      var accessTokens = new String[people];
      IntStream.range(0, people)
          .parallel()
          .forEach(person -> accessTokens[person] = signatures.accessToken(person, tokens - 1));
      System.out.printf(
          "%d people with %d live tokens, made in %d s%n",
          people, (long) people * tokens, (System.nanoTime() - began) / 1_000_000_000);
      return new Site(files, population, signatures, accessTokens, connection);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  String accessToken(int person) {
    return accessTokens[person];
  }

  String assertion(int person) {
    return signatures.assertion(person, Instant.now());
  }

  Connection connection() {
    return connection;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
