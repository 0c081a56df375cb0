package dev.lanyard.server.publication;

import dev.lanyard.server.library.LibrarySource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The versions of the role library with their files.
final class VersionTables {
  /// What comes before the first publication.
  static final String NOTHING = "none";

  private final Sql sql;

  VersionTables(Connection connection) {
    this.sql = new Sql(connection);
  }

  /// Keeps a version, unless it is kept already.
  void keep(LibrarySource files, Instant at) throws SQLException {
    var version = files.version();
    if (sql.update(
            "INSERT INTO library_version (version, created_at) VALUES (?, ?) ON CONFLICT DO"
                + " NOTHING",
            version,
            at)
        == 0) {
      return;
    }
    for (var file : files.files().entrySet()) {
      sql.update(
          "INSERT INTO library_file (version, name, content) VALUES (?, ?, ?)",
          version,
          file.getKey(),
          file.getValue());
    }
  }

  Optional<LibrarySource> files(String version) throws SQLException {
    if (version.equals(NOTHING)) {
      return Optional.of(source(new TreeMap<>()));
    }
    try (var statement =
            sql.prepare(
                "SELECT v.version, f.name, f.content FROM library_version v"
                    + " LEFT JOIN library_file f ON f.version = v.version WHERE v.version = ?",
                version);
        var rows = statement.executeQuery()) {
      var texts = new TreeMap<String, String>();
      boolean known = false;
      while (rows.next()) {
        known = true;
        var name = rows.getString("name");
        if (name != null) {
          texts.put(plain(name), rows.getString("content"));
        }
      }
      return known ? Optional.of(source(texts)) : Optional.empty();
    }
  }

  /// The versions whose name begins so.
  ///
  /// @param prefix hexadecimal digits
  List<String> versionsLike(String prefix) throws SQLException {
    try (var statement =
            sql.prepare(
                "SELECT version FROM library_version WHERE version LIKE ? LIMIT 3", prefix + "%");
        var rows = statement.executeQuery()) {
      var versions = new ArrayList<String>();
      while (rows.next()) {
        versions.add(rows.getString(1));
      }
      return versions;
    }
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
