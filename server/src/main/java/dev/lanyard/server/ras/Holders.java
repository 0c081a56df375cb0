package dev.lanyard.server.ras;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.revocation.Denied;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/// Who held a grant that something has killed.
final class Holders {
  private static final String SELECT =
      "SELECT person, client, issuer FROM ras_grant WHERE expires_at > ?"
          + " AND ' ' || resources || ' ' LIKE ? ESCAPE '!'";

  private final Database database;
  private final Issuer self;

  Holders(Database database, Issuer self) {
    this.database = database;
    this.self = self;
  }

  /// The grant's origins.
  record Holder(String person, String client, String issuer) {}

  /// Somebody whose grant for this resource lived at the kill, and is dead because of it.
  Optional<Holder> find(Denied dead, ResourceIndicator resource, Instant killedAt) {
    return switch (dead.kind()) {
      case PERSON -> find(" AND person = ?", dead.value(), resource, killedAt);
      case CLIENT ->
          dead.servedClient().server().equals(self)
              ? find(" AND client = ?", dead.servedClient().client().value(), resource, killedAt)
              : Optional.empty();
      case ISSUER -> find(" AND issuer = ?", dead.value(), resource, killedAt);
      case ORGANISATION -> find(" AND organisation = ?", dead.value(), resource, killedAt);
      case CONNECTOR ->
          dead.value().equals(resource.value())
              ? find("", "", resource, killedAt)
              : Optional.empty();
      case ALL -> find("", "", resource, killedAt);
      case SIGN_IN, ASSERTION, SESSION, GRANT, TOKEN -> Optional.empty();
    };
  }

  private Optional<Holder> find(
      String condition, String value, ResourceIndicator resource, Instant killedAt) {
    return database.read(connection -> {
      try (var query = connection.prepareStatement(SELECT + condition + " LIMIT 1")) {
        query.setLong(1, killedAt.toEpochMilli());
        query.setString(2, "% " + Statements.literal(resource.value()) + " %");
        if (!condition.isEmpty()) {
          query.setString(3, value);
        }
        return first(query);
      }
    });
  }

  private static Optional<Holder> first(PreparedStatement query) throws SQLException {
    try (var rows = query.executeQuery()) {
      return rows.next()
          ? Optional.of(new Holder(rows.getString(1), rows.getString(2), rows.getString(3)))
          : Optional.empty();
    }
  }
}
