package dev.lanyard.server.publication;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.library.LibrarySource;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;

/// The drafts of administrators, and how they are handed in. Thread-safe.
public final class Drafts {
  private final Database database;

  public Drafts(Database database) {
    this.database = database;
  }

  /// What somebody is writing.
  ///
  /// @param author our own id of the person
  public Draft of(String author) {
    return database.read(connection -> find(connection, author)).orElseGet(Draft::none);
  }

  private static Optional<Draft> find(Connection connection, String author) throws SQLException {
    return new Statements(connection)
        .first("SELECT revision, files FROM library_draft WHERE author = ?", Drafts::draft, author);
  }

  private static Draft draft(ResultSet rows) throws SQLException {
    try {
      var edits = new TreeMap<String, Draft.Edit>();
      var files = JsonObject.parseLarge(rows.getString("files").getBytes(StandardCharsets.UTF_8));
      for (var name : files.names()) {
        var edit = files.object(name).orElseThrow();
        edits.put(
            name, new Draft.Edit(edit.string("base").orElse(""), edit.string("text").orElse("")));
      }
      return new Draft(rows.getLong("revision"), edits);
    } catch (MalformedException e) {
      throw new IllegalStateException("a draft of the role library cannot be read", e);
    }
  }

  /// Keeps what was written, if the draft is still the one it was made from. Of two windows at once
  /// one is told.
  ///
  /// @param next with the revision that it was made from
  public boolean save(String author, Draft next, Instant at) {
    return database.write(connection -> save(connection, author, next, at));
  }

  /// The same in a transaction of the caller's.
  public static boolean save(Connection connection, String author, Draft next, Instant at)
      throws SQLException {
    var statements = new Statements(connection);
    var files = JsonObject.builder();
    next.edits()
        .forEach((name, edit) ->
            files.put(
                name,
                JsonObject.builder().put("base", edit.base()).put("text", edit.text()).build()));
    var text = files.build().toJson();
    return next.revision() == 0
        ? statements.update(
                """
                INSERT INTO library_draft (author, revision, files, changed_at)
                VALUES (?, 1, ?, ?) ON CONFLICT DO NOTHING
                """,
                author,
                text,
                at)
            > 0
        : statements.update(
                """
                UPDATE library_draft SET revision = revision + 1, files = ?, changed_at = ?
                WHERE author = ? AND revision = ?
                """,
                text,
                at,
                author,
                next.revision())
            > 0;
  }

  /// What came of an attempt to hand a draft in.
  public sealed interface HandedIn {
    record Done() implements HandedIn {}

    /// The draft is not the one that was looked at: it was handed in before, or changed.
    record Changed() implements HandedIn {}

    /// Something else is in force than what its effect was computed against.
    record Overtaken() implements HandedIn {}
  }

  /// Hands a draft in: it is empty from then on, and its version is kept. In a transaction of the
  /// caller's, which also holds the record of it.
  ///
  /// @param draft as it was looked at
  /// @param files what the library would be
  public static HandedIn handIn(
      Connection connection, Draft draft, LibrarySource files, Submission submission)
      throws SQLException {
    // Whatever is refused is refused before anything is written.
    var last = new PublicationTables(connection).last();
    if (!last.map(Publication::version).orElse(VersionTables.NOTHING).equals(submission.base())) {
      return new HandedIn.Overtaken();
    }
    if (draft.isNothing()
        || !save(connection, submission.author(), draft.emptied(), submission.at())) {
      return new HandedIn.Changed();
    }
    new VersionTables(connection).keep(files, submission.at());
    new SubmissionTables(connection).insert(submission);
    Records.submitted(connection, submission);
    return new HandedIn.Done();
  }

  /// Takes back what one has handed in oneself, before anybody has proposed it. In a transaction of
  /// the caller's, which also holds the record of it.
  ///
  /// @param author our own id of the person
  /// @return whether it was theirs, and waited still
  public static boolean withdraw(
      Connection connection, Submission submission, String author, Instant at) throws SQLException {
    boolean mine = new SubmissionTables(connection).withdraw(submission.id(), author, at);
    if (mine) {
      Records.withdrawn(connection, submission, at);
    }
    return mine;
  }
}
