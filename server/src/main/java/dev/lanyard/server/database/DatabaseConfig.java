package dev.lanyard.server.database;

import dev.lanyard.protocol.oauth.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where the record is.
///
/// @param url `jdbc:sqlite:<file>` or `jdbc:postgresql://<host>/<database>`
/// @param user the PostgreSQL user
/// @param password its password
/// @param connections how many connections read and write besides the group commit's own
/// @param poll how often the change feed looks for what it was not told
/// @param staleAfter how old the knowledge of changes may be before nothing is granted on it
public record DatabaseConfig(
    String url,
    Optional<String> user,
    Optional<Secret> password,
    int connections,
    Duration poll,
    Duration staleAfter) {
  private static final String SQLITE = "jdbc:sqlite:";
  private static final String POSTGRESQL = "jdbc:postgresql:";
  private static final Pattern SECRET = Pattern.compile("[?&](password|sslpassword)=");

  public DatabaseConfig {
    if (!url.startsWith(SQLITE) && !url.startsWith(POSTGRESQL)) {
      throw new IllegalArgumentException(
          "database.url must start with " + SQLITE + " or " + POSTGRESQL);
    }
    var secret = SECRET.matcher(url);
    if (secret.find()) {
      throw new IllegalArgumentException(
          secret.group(1).equals("password")
              ? "database.url must not hold the password: write it to a file, and name that in"
                  + " database.password_file"
              : "database.url must not hold 'sslpassword': use a key file without a password that"
                  + " its owner alone can read");
    }
    if (connections < 1) {
      throw new IllegalArgumentException("database.connections must be at least 1");
    }
    if (!poll.isPositive() || staleAfter.compareTo(poll.multipliedBy(2)) < 0) {
      throw new IllegalArgumentException(
          "database.stale_after must be at least twice database.poll, which must be positive");
    }
  }

  /// The defaults for one URL.
  public static DatabaseConfig of(String url) {
    return new DatabaseConfig(
        url, Optional.empty(), Optional.empty(), 4, Duration.ofMillis(250), Duration.ofSeconds(10));
  }

  /// So long after a change something may still be decided as if it had not been made: a node that
  /// has heard nothing for `staleAfter` grants nothing, and a request that began before may end a
  /// little later.
  public Duration lateness() {
    return staleAfter.plusSeconds(5);
  }

  /// A SQLite database in this file, with the defaults.
  public static DatabaseConfig sqlite(Path file) {
    return of(SQLITE + file);
  }

  public DatabaseConfig withCredentials(String user, Secret password) {
    return new DatabaseConfig(
        url, Optional.of(user), Optional.of(password), connections, poll, staleAfter);
  }

  public DatabaseConfig withFreshness(Duration poll, Duration staleAfter) {
    return new DatabaseConfig(url, user, password, connections, poll, staleAfter);
  }

  /// Where it is, for messages: the URL without its parameters, which may be secret.
  public String place() {
    return isSqlite() ? url : url.replaceFirst("\\?.*", "");
  }

  /// The file of an embedded database.
  public Optional<Path> file() {
    return isSqlite() ? Optional.of(sqliteFile()) : Optional.empty();
  }

  boolean isSqlite() {
    return url.startsWith(SQLITE);
  }

  Path sqliteFile() {
    return Path.of(url.substring(SQLITE.length()));
  }
}
