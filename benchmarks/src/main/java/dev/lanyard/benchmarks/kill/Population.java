package dev.lanyard.benchmarks.kill;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// People that a SCIM connection keeps, their sessions, and the grants of their live tokens,
/// written as rows by the database itself. Everything about a person or a token follows from its
/// number, so that its token can be signed when it is needed.
///
/// @param people how many
/// @param tokens how many live access tokens each of them has
/// @param begun when they signed in and the first token was issued
record Population(int people, int tokens, Instant begun) {
  /// As the resource authorization server has it by default.
  private static final int LIFE_MINUTES = 45;

  String id(int person) {
    return String.format(Locale.ROOT, "p%08d", person);
  }

  String session(int person) {
    return String.format(Locale.ROOT, "s%08d", person);
  }

  String grant(int person, int token) {
    return String.format(Locale.ROOT, "g%08d-%d", person, token);
  }

  /// The tokens of one person are a minute apart.
  Instant issuedAt(int token) {
    return begun.plusSeconds(60L * token);
  }

  Instant expiresAt(int token) {
    return issuedAt(token).plusSeconds(60L * LIFE_MINUTES);
  }

  void write(Connection connection, ClusterFiles files) throws SQLException {
    var broker = files.broker().toString();
    long at = begun.toEpochMilli();
    for (var sql :
        List.of(
            """
            INSERT INTO person (id, organisation, user_name, user_name_key, email, display_name,
              active, created_at, updated_at)
            SELECT %1$s, 'acme', %2$s, %2$s, %2$s, 'Person ' || n, 1, %3$d, %3$d FROM %4$s
            """,
            """
            INSERT INTO provisioned_person (person, source, external_id, active, attributes, version,
              created_at, modified_at)
            SELECT %1$s, 'corporate', 'ext-' || n, 1,
              '{"emails":[{"value":"' || %2$s || '","type":"work","primary":true}]}',
              1, %3$d, %3$d FROM %4$s
            """,
            "INSERT INTO provisioned_email (person, email_key) SELECT %1$s, %2$s FROM %4$s",
            """
            INSERT INTO provisioned_group (id, organisation, source, display_name, display_name_key,
              version, created_at, modified_at)
            VALUES ('engineering', 'acme', 'corporate', 'engineering', 'engineering', 1, %3$d, %3$d)
            """,
            """
            INSERT INTO provisioned_member (group_id, person)
            SELECT 'engineering', %1$s FROM %4$s
            """,
            """
            INSERT INTO person_link (organisation, issuer, subject, person, created_at)
            SELECT 'acme', '%5$s', %1$s, %1$s, %3$d FROM %4$s
            """,
            """
            INSERT INTO session (id, server, secret_hash, person, auth_time, created_at, expires_at)
            SELECT %6$s, '%5$s', 'hash-' || n, %1$s, %3$d, %3$d, %3$d + 43200000 FROM %4$s
            """,
            """
            INSERT INTO ras_grant (id, organisation, issuer, assertion_id, person, client, resources,
              scopes, issued_at, expires_at, session, issuer_client)
            SELECT 'g' || to_char(n, 'FM00000000') || '-' || t, 'acme', '%5$s', 'a' || n || '-' || t,
              %1$s, 'agent-there', '%7$s', 'read', %3$d + 60000 * t,
              %3$d + 60000 * t + 60000 * %8$d, %6$s, 'agent'
            FROM %4$s, generate_series(0, %9$d) AS t
            """)) {
      try (var statement = connection.createStatement()) {
        statement.executeUpdate(
            sql.formatted(
                "'p' || to_char(n, 'FM00000000')",
                "'person' || n || '@acme.example'",
                at,
                "generate_series(0, " + (people - 1) + ") AS n",
                broker,
                "'s' || to_char(n, 'FM00000000')",
                files.resource(),
                LIFE_MINUTES,
                tokens - 1));
      }
    }
    try (var statement = connection.createStatement()) {
      connection.setAutoCommit(true);
      statement.execute("VACUUM ANALYZE");
    }
  }
}
