package dev.lanyard.server.ras;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.Statements;
import dev.lanyard.server.revocation.Denied;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/// Who held a grant that something has killed.
final class Holders {
  private static final String SELECT =
      "SELECT person, client, issuer, resources, expires_at FROM ras_grant WHERE expires_at > ?";

  private static final String OF_RESOURCE = " AND ' ' || resources || ' ' LIKE ? ESCAPE '!'";

  private final Database database;
  private final Issuer self;

  Holders(Database database, Issuer self) {
    this.database = database;
    this.self = self;
  }

  /// The grant's origins.
  ///
  /// @param issuer empty if there is no grant
  record Holder(String person, String client, Optional<String> issuer) {}

  /// For a resource, of the grants for it that lived at the kill and are dead because of it the one
  /// that would have lived longest.
  interface Held {
    Optional<Grant> of(ResourceIndicator resource);
  }

  Held held(Denied dead, Instant killedAt) {
    return switch (dead.kind()) {
      case PERSON -> held("person", dead.value(), killedAt);
      case GRANT -> held("id", dead.value(), killedAt);
      case SESSION -> held("session", dead.value(), killedAt);
      case CLIENT, CONNECTOR, ISSUER, ORGANISATION, ALL ->
          resource -> find(dead, resource, killedAt);
      case SIGN_IN, ASSERTION, TOKEN -> _ -> Optional.empty();
    };
  }

  /// @param expiresAt the end of the last token that it can give
  record Grant(Holder holder, Set<String> resources, Instant expiresAt) {}

  /// One question for all resources: of ten thousand people the receipt of each asks it.
  private Held held(String column, String value, Instant killedAt) {
    var grants =
        database.read(connection ->
            new Statements(connection)
                .list(SELECT + " AND " + column + " = ?", Holders::grant, killedAt, value));
    return resource ->
        grants.stream()
            .filter(grant -> grant.resources().contains(resource.value()))
            .max(Comparator.comparing(Grant::expiresAt));
  }

  private static Grant grant(ResultSet row) throws SQLException {
    return new Grant(
        new Holder(
            row.getString("person"), row.getString("client"), Optional.of(row.getString("issuer"))),
        Set.copyOf(Arrays.asList(row.getString("resources").split(" "))),
        Instant.ofEpochMilli(row.getLong("expires_at")));
  }

  private Optional<Grant> find(Denied dead, ResourceIndicator resource, Instant killedAt) {
    return switch (dead.kind()) {
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
      case PERSON, SIGN_IN, ASSERTION, SESSION, GRANT, TOKEN -> Optional.empty();
    };
  }

  private Optional<Grant> find(
      String condition, String value, ResourceIndicator resource, Instant killedAt) {
    var values = new ArrayList<Object>();
    values.add(killedAt);
    values.add("% " + Statements.literal(resource.value()) + " %");
    if (!condition.isEmpty()) {
      values.add(value);
    }
    return database.read(connection ->
        new Statements(connection)
            .first(
                SELECT + OF_RESOURCE + condition + " ORDER BY expires_at DESC LIMIT 1",
                Holders::grant,
                values.toArray()));
  }
}
