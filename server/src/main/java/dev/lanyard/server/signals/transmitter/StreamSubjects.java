package dev.lanyard.server.signals.transmitter;

import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Whom the receivers have added to their streams or removed from them. What is said of somebody
/// whom nobody knows is kept as well, so that the answer tells nothing (SSF-13).
final class StreamSubjects {
  /// More than that many are refused: ten times the people of a large installation, and a bound for
  /// a receiver that invents them without end.
  static final int MOST = 1_000_000;

  private StreamSubjects() {}

  /// Only what differs from the default is kept. To be called while the stream is locked.
  ///
  /// @param otherwise whether the stream tells of those about whom its receiver said nothing
  /// @return whether there was room
  static boolean put(
      Connection connection,
      Stream stream,
      SubjectIdentifier subject,
      boolean included,
      boolean otherwise)
      throws SQLException {
    var statements = new Statements(connection);
    int removed =
        statements.update(
            "DELETE FROM ssf_stream_subject WHERE stream = ? AND subject = ?",
            stream.id(),
            key(subject));
    if (included == otherwise) {
      count(statements, stream, -removed);
      return true;
    }
    if (removed == 0 && isFull(statements, stream)) {
      return false;
    }
    statements.update(
        "INSERT INTO ssf_stream_subject (stream, subject, included) VALUES (?, ?, ?)",
        stream.id(),
        key(subject),
        included);
    count(statements, stream, 1 - removed);
    return true;
  }

  private static boolean isFull(Statements statements, Stream stream) throws SQLException {
    return statements.finds(
        "SELECT id FROM ssf_stream WHERE id = ? AND subjects >= ?", stream.id(), MOST);
  }

  /// Counting the rows each time would take a million looks for each of a million.
  private static void count(Statements statements, Stream stream, int more) throws SQLException {
    if (more != 0) {
      statements.update(
          "UPDATE ssf_stream SET subjects = subjects + ? WHERE id = ?", more, stream.id());
    }
  }

  /// What a receiver has said of some people, by their names.
  record Said(Map<String, Boolean> included) {
    Said {
      included = Map.copyOf(included);
    }

    /// Whether the stream tells of somebody.
    ///
    /// @param names every name we have for them
    /// @param otherwise whether it does if its receiver said nothing about them
    boolean includes(List<SubjectIdentifier> names, boolean otherwise) {
      return names.stream()
              .anyMatch(name -> included.getOrDefault(key(name), otherwise) != otherwise)
          != otherwise;
    }
  }

  static Said said(Connection connection, Stream stream, Collection<SubjectIdentifier> names)
      throws SQLException {
    var keys = names.stream().map(StreamSubjects::key).distinct().toList();
    var said = new HashMap<String, Boolean>();
    new Statements(connection)
        .among(
            "SELECT subject, included FROM ssf_stream_subject WHERE stream = ? AND subject IN",
            keys,
            row -> said.put(row.getString(1), row.getInt(2) == 1),
            stream.id());
    return new Said(said);
  }

  private static String key(SubjectIdentifier subject) {
    return switch (subject) {
      case SubjectIdentifier.Email(var email) ->
          new SubjectIdentifier.Email(email.toLowerCase(Locale.ROOT)).toJson().toJson();
      case SubjectIdentifier.Complex complex when complex.member("user").isPresent() ->
          key(complex.member("user").get());
      default -> subject.toJson().toJson();
    };
  }
}
