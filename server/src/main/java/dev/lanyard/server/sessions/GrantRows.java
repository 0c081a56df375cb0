package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import java.sql.ResultSet;
import java.sql.SQLException;

/// What the resource authorization server has granted, as rows.
public final class GrantRows {
  private static final RowKind GRANT =
      RowKind.of(
          "ras_grant",
          "id",
          "organisation",
          "issuer",
          "assertion_id",
          "person",
          "client",
          "resources",
          "scopes",
          "key_thumbprint",
          "issued_at",
          "expires_at",
          "session",
          "issuer_client",
          "authorization_details",
          "asserted_at");

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return new ExpiringTable("ras_grant", "expires_at");
  }

  private GrantRows() {}

  /// What somebody was granted on the word of an issuer.
  ///
  /// @param assertion the `jti` of what it said
  static Row onAssertion(Issuer issuer, String assertion, Redemption.Grant grant) {
    return new Row(
        GRANT,
        grant.id(),
        grant.organisation(),
        issuer.value(),
        assertion,
        grant.person(),
        grant.client().value(),
        Columns.resources(grant.resources()),
        grant.scopes().toString(),
        grant.keyThumbprint(),
        grant.issuedAt(),
        grant.expiresAt(),
        grant.origin().session(),
        grant.origin().client(),
        Columns.details(grant.details()),
        grant.origin().assertedAt());
  }

  /// The grant of a row that has all its columns, but for the issuer and its assertion.
  static Redemption.Grant read(ResultSet row) throws SQLException {
    return new Redemption.Grant(
        row.getString("id"),
        row.getString("organisation"),
        row.getString("person"),
        new ClientId(row.getString("client")),
        Columns.resources(row),
        Columns.scopes(row),
        Columns.details(row),
        Columns.text(row, "key_thumbprint"),
        Columns.instant(row, "issued_at"),
        Columns.instant(row, "expires_at"),
        Columns.origin(row));
  }

  /// What somebody has granted by themselves, signed in at the server. It stands in the place of an
  /// issuer, and the session in that of an assertion: so it is found, shown and killed like any
  /// other grant.
  ///
  /// @param self the server
  /// @param session in which they were signed in
  public static Row onConsent(Issuer self, String session, Redemption.Grant grant) {
    return onAssertion(self, session, grant);
  }
}
