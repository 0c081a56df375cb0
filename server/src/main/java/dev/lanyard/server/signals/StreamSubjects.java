package dev.lanyard.server.signals;

import dev.lanyard.protocol.securityevent.SubjectIdentifier;
import dev.lanyard.server.database.Chunks;
import dev.lanyard.server.database.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Whom the receivers have added to their streams or removed from them. What is said of somebody
/// whom nobody knows is kept as well, so that the answer tells nothing (SSF-13).
final class StreamSubjects {
  /// More than that many are refused.
  static final int MOST = 10_000;

  private StreamSubjects() {}

  /// @return whether there was room
  static boolean put(
      Connection connection, Stream stream, SubjectIdentifier subject, boolean included)
      throws SQLException {
    if (count(connection, stream) >= MOST) {
      return false;
    }
    var upsert =
        """
        INSERT INTO ssf_stream_subject (stream, subject, included) VALUES (?, ?, ?)
        ON CONFLICT (stream, subject) DO UPDATE SET included = excluded.included
        """;
    try (var statement = connection.prepareStatement(upsert)) {
      statement.setString(1, stream.id());
      statement.setString(2, key(subject));
      statement.setLong(3, included ? 1 : 0);
      statement.executeUpdate();
      return true;
    }
  }

  private static int count(Connection connection, Stream stream) throws SQLException {
    try (var statement =
        connection.prepareStatement("SELECT COUNT(*) FROM ssf_stream_subject WHERE stream = ?")) {
      statement.setString(1, stream.id());
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
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
    for (var some : Chunks.of(keys, Statements.MOST_IN_LIST)) {
      var select =
          "SELECT subject, included FROM ssf_stream_subject WHERE stream = ? AND subject IN "
              + Statements.inList(some);
      var values = new ArrayList<Object>(List.of(stream.id()));
      values.addAll(some);
      new Statements(connection)
          .list(select, row -> said.put(row.getString(1), row.getInt(2) == 1), values.toArray());
    }
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
