package dev.lanyard.server.publication;

import dev.lanyard.server.database.Statements;
import dev.lanyard.server.library.LibrarySource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The versions of the role library with their files.
final class VersionTables {
  /// What comes before the first publication.
  static final String NOTHING = "none";

  private final Statements statements;

  VersionTables(Connection connection) {
    this.statements = new Statements(connection);
  }

  /// Keeps a version, unless it is kept already.
  void keep(LibrarySource files, Instant at) throws SQLException {
    var version = files.version();
    if (statements.update(
            "INSERT INTO library_version (version, created_at) VALUES (?, ?) ON CONFLICT DO"
                + " NOTHING",
            version,
            at)
        == 0) {
      return;
    }
    for (var file : files.files().entrySet()) {
      statements.update(
          "INSERT INTO library_file (version, name, content) VALUES (?, ?, ?)",
          version,
          file.getKey(),
          file.getValue());
    }
  }

  /// The files of a version, if they are still what its name says.
  Optional<LibrarySource> intact(String version) throws SQLException {
    return files(version).filter(files -> files.version().equals(version));
  }

  Optional<LibrarySource> files(String version) throws SQLException {
    if (version.equals(NOTHING)) {
      return Optional.of(source(new TreeMap<>()));
    }
    // Of a version without files there is one row, without a name.
    var rows =
        statements.list(
            "SELECT f.name, f.content FROM library_version v"
                + " LEFT JOIN library_file f ON f.version = v.version WHERE v.version = ?",
            VersionTables::file,
            version);
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    var texts = new TreeMap<String, String>();
    rows.stream().flatMap(Optional::stream).forEach(file -> texts.put(file.name(), file.text()));
    return Optional.of(source(texts));
  }

  private record Kept(String name, String text) {}

  private static Optional<Kept> file(ResultSet row) throws SQLException {
    var name = row.getString("name");
    return name == null
        ? Optional.empty()
        : Optional.of(new Kept(plain(name), row.getString("content")));
  }

  /// The versions whose name begins so.
  ///
  /// @param prefix hexadecimal digits
  List<String> versionsLike(String prefix) throws SQLException {
    return statements.list(
        "SELECT version FROM library_version WHERE version LIKE ? LIMIT 3",
        rows -> rows.getString(1),
        prefix + "%");
  }

  /// A name out of the database never leads out of the folder that it is written into.
  private static String plain(String name) {
    if (name.startsWith(".") || name.contains("/") || name.contains("\\")) {
      throw new IllegalStateException("a stored library has a file called " + name);
    }
    return name;
  }

  private static LibrarySource source(SortedMap<String, String> texts) {
    return new LibrarySource(Path.of("published role library"), texts);
  }
}
