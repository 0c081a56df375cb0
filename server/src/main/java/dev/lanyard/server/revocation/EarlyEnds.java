package dev.lanyard.server.revocation;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.sessions.OpaqueToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The table `early_end`: what providers have ended before it was here.
///
/// A provider that ends a session or a person tells us at once, also while the browser is still on
/// its way back to us from signing in there. Then there is nothing here yet to be ended, and
/// afterwards nobody tells again. So the end is remembered as long as a sign-in may take, and
/// whoever begins a session looks here first. So does whoever takes the provider's word for a
/// person without a session here.
///
/// Both sides take the rows of the same names before they look at anything else: whichever comes
/// second waits for the other and sees what it did, on whatever node.
public final class EarlyEnds {
  /// Longer than any sign-in may take, and than an ID Token of a provider can be exchanged, which
  /// is an hour.
  static final Duration REMEMBERED = Duration.ofHours(2);

  private static final String NOTE =
      """
      INSERT INTO early_end (subject, ended_at, forget_after) VALUES (?, ?, ?)
      ON CONFLICT (subject) DO UPDATE SET
        ended_at = CASE WHEN early_end.ended_at > excluded.ended_at
          THEN early_end.ended_at ELSE excluded.ended_at END,
        forget_after = excluded.forget_after
      """;

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return new ExpiringTable("early_end", "forget_after");
  }

  private EarlyEnds() {}

  /// A sign-in that is about to become a session.
  ///
  /// @param person who was recognised
  /// @param began when they were asked to sign in, by our clock: before whatever proved them
  /// @param names by which a provider may have ended them or their session there
  public record SignIn(PersonId person, Instant began, List<Subject> names) {
    public SignIn {
      names = List.copyOf(names);
    }
  }

  /// What has ended a sign-in since it began, for the record; empty if nothing has. An end of the
  /// very millisecond of the beginning is older than what proved the person. To be asked first in
  /// the transaction that begins the session: whatever ends it later waits for that and finds the
  /// session.
  public static Optional<String> of(Connection connection, SignIn signIn, Instant now)
      throws SQLException {
    var named = ended(connection, signIn.names(), now);
    if (named.filter(signIn.began()::isBefore).isPresent()) {
      return Optional.of("ended by the provider");
    }
    var _ = Standings.lock(connection, Set.of(signIn.person()));
    return denied(connection, signIn.person(), now)
        .filter(signIn.began()::isBefore)
        .map(_ -> "the person was revoked");
  }

  /// When what has one of these names was last ended; empty if that was never or is forgotten.
  public static Optional<Instant> last(Connection connection, Collection<Subject> names)
      throws SQLException {
    if (names.isEmpty()) {
      return Optional.empty();
    }
    var keys = keys(names);
    var select = "SELECT ended_at FROM early_end WHERE ended_at IS NOT NULL AND subject IN ";
    return new Statements(connection)
            .list(
                select + Statements.inList(keys),
                row -> Instant.ofEpochMilli(row.getLong(1)),
                keys.toArray())
            .stream()
            .max(Instant::compareTo);
  }

  /// Whether there may be somebody who is signing in and whom a signal would end.
  static boolean mayBeEarly(Signal signal, Correlation.Match match) {
    return switch (signal.subject()) {
      // One of several sessions that stand on it may be here, and another be about to begin.
      case Subject.UpstreamSession _, Subject.UpstreamSubject _ ->
          signal.what().has(Effect.END_SESSIONS);
      case Subject.External _, Subject.Email _, Subject.Aliases _ ->
          match instanceof Correlation.Match.Nobody && signal.what().has(Effect.END_SESSIONS);
      default -> false;
    };
  }

  /// Remembers that what has this name has ended.
  ///
  /// @param ended up to which beginning of a sign-in
  static void note(Connection connection, Subject subject, Instant ended, Instant now)
      throws SQLException {
    var forgetAfter = now.plus(REMEMBERED);
    new Statements(connection)
        .each(
            NOTE,
            keys(names(subject)).stream()
                .map(key -> new Object[] {key, ended, forgetAfter})
                .toList());
  }

  private static List<Subject> names(Subject subject) {
    return subject instanceof Subject.Aliases(var names) ? names : List.of(subject);
  }

  /// In one order everywhere: two that share names must not wait for each other.
  private static SortedSet<String> keys(Collection<Subject> names) {
    return new TreeSet<>(names.stream().map(EarlyEnds::key).toList());
  }

  /// Takes the rows of these names, also where there were none, and says when the last of them
  /// ended.
  private static Optional<Instant> ended(
      Connection connection, Collection<Subject> names, Instant now) throws SQLException {
    if (names.isEmpty()) {
      return Optional.empty();
    }
    var keys = keys(names);
    var tuples = keys.stream().map(_ -> "(?, NULL, ?)").collect(Collectors.joining(","));
    var upsert =
        "INSERT INTO early_end (subject, ended_at, forget_after) VALUES "
            + tuples
            + " ON CONFLICT (subject) DO UPDATE SET forget_after = excluded.forget_after"
            + " RETURNING ended_at";
    try (var statement = connection.prepareStatement(upsert)) {
      int at = 0;
      for (var key : keys) {
        statement.setString(++at, key);
        statement.setLong(++at, now.plus(REMEMBERED).toEpochMilli());
      }
      var ends = new ArrayList<Instant>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          long ended = rows.getLong(1);
          if (!rows.wasNull()) {
            ends.add(Instant.ofEpochMilli(ended));
          }
        }
      }
      return ends.stream().max(Instant::compareTo);
    }
  }

  /// Up to when a person's sign-ins are dead, as the record has it. A kill that reaches dates which
  /// are still to come ([Reach]) ends no sign-in that began after it.
  private static Optional<Instant> denied(Connection connection, PersonId person, Instant now)
      throws SQLException {
    var select =
        """
        SELECT MAX(CASE WHEN before > ? THEN created_at ELSE before END) FROM deny
        WHERE kind IN ('PERSON', 'SIGN_IN') AND value = ?
        """;
    try (var query = connection.prepareStatement(select)) {
      query.setLong(1, now.toEpochMilli());
      query.setString(2, person.value());
      try (var rows = query.executeQuery()) {
        rows.next();
        long before = rows.getLong(1);
        return rows.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(before));
      }
    }
  }

  /// A hash: names are personal, and as long as a provider likes.
  private static String key(Subject subject) {
    var name = JsonObject.builder();
    switch (subject) {
      case Subject.UpstreamSession(var upstream, var sid, _) ->
          name.put("upstream", upstream).put("sid", sid);
      case Subject.UpstreamSubject(var upstream, var sub) ->
          name.put("upstream", upstream).put("sub", sub);
      case Subject.External(var external) ->
          name.put("organisation", external.organisation())
              .put("issuer", external.issuer().value())
              .put("subject", external.subject());
      case Subject.Email(var organisation, var email) ->
          name.put("organisation", organisation).put("email", email.toLowerCase(Locale.ROOT));
      default -> throw new IllegalArgumentException("nobody signs in as a " + subject.getClass());
    }
    return OpaqueToken.hash(new Secret(name.build().toJson()));
  }
}
