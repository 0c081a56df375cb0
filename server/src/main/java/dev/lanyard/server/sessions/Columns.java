package dev.lanyard.server.sessions;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.AuthorizationDetails;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// How values lie in columns. A list is text with a space between; nothing that we keep in lists
/// (scopes, resources, authentication methods) can hold one.
final class Columns {
  private Columns() {}

  static Optional<String> text(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getString(column));
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return Instant.ofEpochMilli(row.getLong(column));
  }

  /// Of a column that may be empty.
  static Optional<Instant> instantIfAny(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(value));
  }

  static String joined(Collection<String> values) {
    return String.join(" ", values);
  }

  static List<String> split(ResultSet row, String column) throws SQLException {
    var text = row.getString(column);
    return text == null || text.isEmpty() ? List.of() : Arrays.asList(text.split(" "));
  }

  /// The three columns `auth_time`, `acr` and `amr`.
  static AuthenticationContext authentication(ResultSet row) throws SQLException {
    return new AuthenticationContext(
        Optional.ofNullable(row.getString("auth_time"))
            .map(Long::parseLong)
            .map(Instant::ofEpochMilli),
        text(row, "acr"),
        split(row, "amr"));
  }

  /// The columns of a grant that say where it comes from.
  static Redemption.Origin origin(ResultSet row) throws SQLException {
    long asserted = row.getLong("asserted_at");
    return new Redemption.Origin(
        text(row, "session"),
        text(row, "issuer_client"),
        asserted == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(asserted)));
  }

  static Scopes scopes(ResultSet row) throws SQLException {
    return Scopes.of(split(row, "scopes"));
  }

  static RequestedClaims claims(ResultSet row) throws SQLException {
    return RequestedClaims.ofWords(split(row, "claims"));
  }

  /// NULL where there are none, as nearly everywhere.
  static Optional<String> details(AuthorizationDetails details) {
    return details.isEmpty() ? Optional.empty() : Optional.of(details.toString());
  }

  static AuthorizationDetails details(ResultSet row) throws SQLException {
    var text = row.getString("authorization_details");
    try {
      return text == null ? AuthorizationDetails.NONE : AuthorizationDetails.parse(text);
    } catch (MalformedException e) {
      throw new SQLException("the authorization details of a grant are not readable", e);
    }
  }

  static List<ResourceIndicator> resources(ResultSet row) throws SQLException {
    return split(row, "resources").stream().map(ResourceIndicator::new).toList();
  }

  static String resources(Collection<ResourceIndicator> resources) {
    return resources.stream().map(ResourceIndicator::value).collect(Collectors.joining(" "));
  }
}
