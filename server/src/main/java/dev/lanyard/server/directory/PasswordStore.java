package dev.lanyard.server.directory;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The passwords of local people, for sign-in only: a check takes some 50 milliseconds and 19 MiB
/// on purpose, so it has no place on the way of a token. Few run at once, and the others wait a
/// moment or are told that we are busy. Thread-safe.
public final class PasswordStore {
  /// The fewest characters of a new password.
  public static final int SHORTEST = 12;

  /// The most characters: hashing longer ones would cost us more than the sender.
  public static final int LONGEST = 256;

  /// Of a password that is made here.
  private static final String READABLE = "abcdefghjkmnpqrstuvwxyz23456789";

  private static final int MADE_OF = 20;
  private static final int GROUP = 5;

  /// Nobody has this id; whoever is not found is looked for under it, so that this takes as long.
  private static final PersonId NOBODY = new PersonId("nobody");

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

  private final Database database;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final Semaphore running;
  private final Duration longestWait;
  private final PasswordCost cost;

  /// What is compared with when there is nothing to compare with, so that this takes as long.
  private final Argon2Hash nobodys;

  PasswordStore(
      Database database, InstantSource clock, int atOnce, Duration longestWait, PasswordCost cost) {
    this.cost = cost;
    this.nobodys = Argon2Hash.unknown(cost);
    this.database = database;
    this.clock = clock;
    this.running = new Semaphore(atOnce, true);
    this.longestWait = longestWait;
  }

  /// A store that uses at most half of the processors.
  public static PasswordStore open(Database database, InstantSource clock) {
    return open(database, clock, PasswordCost.USUAL);
  }

  /// The same with hashes of another cost.
  public static PasswordStore open(Database database, InstantSource clock, PasswordCost cost) {
    int atOnce = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    return new PasswordStore(database, clock, atOnce, LONGEST_WAIT, cost);
  }

  /// Checks a password; takes as long for nobody, and for somebody who has none, as for a wrong
  /// one. **Does not check** whether the person is active.
  ///
  /// @param person who was found under the name that was typed, if anybody
  public PasswordCheck verify(Optional<PersonId> person, Secret password) {
    if (password.reveal().length() > LONGEST) {
      return PasswordCheck.WRONG;
    }
    var hash = find(person.orElse(NOBODY));
    if (!begin()) {
      return PasswordCheck.BUSY;
    }
    try {
      boolean matches = hash.orElse(nobodys).isOf(password);
      return matches && hash.isPresent() ? PasswordCheck.CORRECT : PasswordCheck.WRONG;
    } finally {
      running.release();
    }
  }

  /// Gives a person a password, in place of the one they may have.
  public PasswordChange set(PersonId person, Secret password) {
    int length = password.reveal().length();
    if (length < SHORTEST || length > LONGEST) {
      return length < SHORTEST ? PasswordChange.TOO_SHORT : PasswordChange.TOO_LONG;
    }
    var made = made(password);
    boolean known = database.write(connection -> give(connection, person, made, _ -> true));
    return known ? PasswordChange.SET : PasswordChange.UNKNOWN_PERSON;
  }

  /// A password that can be given.
  public static final class Made {
    private final Secret password;
    private final Argon2Hash hash;

    private Made(Secret password, Argon2Hash hash) {
      this.password = password;
      this.hash = hash;
    }

    /// To be told once.
    public Secret password() {
      return password;
    }
  }

  /// Makes one of nearly 100 bits, which can be read out: without letters that look like others. It
  /// is nobody's before it is given, and this takes as long as every hash of a password.
  public Made made() {
    var letters = new StringBuilder();
    for (int i = 0; i < MADE_OF; i++) {
      letters.append(i > 0 && i % GROUP == 0 ? "-" : "");
      letters.append(READABLE.charAt(random.nextInt(READABLE.length())));
    }
    return made(new Secret(letters.toString()));
  }

  /// The same of one that somebody has chosen. **Does not check** its length.
  public Made made(Secret chosen) {
    return new Made(chosen, Argon2Hash.of(chosen, cost, random));
  }

  /// What must be so in the transaction that gives a password; whoever judges it may write what
  /// belongs to it once it is.
  public interface Condition {
    boolean isMet(Connection connection) throws SQLException;
  }

  /// Gives a person what was made, in place of the password they may have, inside a transaction of
  /// the caller's, if this holds there. Whoever gives the same person another one at once waits.
  public boolean give(Connection connection, PersonId person, Made made, Condition condition)
      throws SQLException {
    return new PersonTables(connection).touch(person, clock.instant())
        && condition.isMet(connection)
        && upsert(connection, person, made.hash);
  }

  /// When a person got the password that they have; empty if they have none.
  public Optional<Instant> since(PersonId person) {
    return database.read(connection -> since(connection, person));
  }

  /// The same inside a transaction of the caller's.
  public Optional<Instant> since(Connection connection, PersonId person) throws SQLException {
    return new Statements(connection)
        .first(
            "SELECT changed_at FROM password WHERE person = ?",
            row -> Instant.ofEpochMilli(row.getLong(1)),
            person.value());
  }

  private boolean begin() {
    try {
      return running.tryAcquire(longestWait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Optional<Argon2Hash> find(PersonId person) {
    var text = database.read(connection -> select(connection, person));
    try {
      return text.isPresent() ? Optional.of(Argon2Hash.parse(text.get())) : Optional.empty();
    } catch (MalformedException e) {
      throw new IllegalStateException("the password hash of " + person + " cannot be read", e);
    }
  }

  private static Optional<String> select(Connection connection, PersonId person)
      throws SQLException {
    return new Statements(connection)
        .first(
            "SELECT hash FROM password WHERE person = ?", row -> row.getString(1), person.value());
  }

  private boolean upsert(Connection connection, PersonId person, Argon2Hash hash)
      throws SQLException {
    var sql =
        """
        INSERT INTO password (person, hash, changed_at) VALUES (?, ?, ?)
        ON CONFLICT (person) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at
        """;
    return new Statements(connection).update(sql, person.value(), hash.phc(), clock.instant()) > 0;
  }
}
