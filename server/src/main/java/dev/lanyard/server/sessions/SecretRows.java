package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/// The rows of a table that one server finds by the hash of a secret that somebody presents.
///
/// @param query one row by the hash and the server
/// @param meaning what a row stands for
record SecretRows<T>(Database database, String query, Issuer server, Meaning<T> meaning) {
  interface Meaning<T> {
    T of(ResultSet row) throws SQLException;
  }

  /// @throws java.io.UncheckedIOException if the store cannot answer
  Optional<T> find(Secret secret) {
    if (!OpaqueToken.isPossible(secret)) {
      return Optional.empty();
    }
    return database.read(connection -> {
      try (var statement = connection.prepareStatement(query)) {
        statement.setString(1, OpaqueToken.hash(secret));
        statement.setString(2, server.value());
        try (var rows = statement.executeQuery()) {
          return rows.next() ? Optional.of(meaning.of(rows)) : Optional.empty();
        }
      }
    });
  }
}
