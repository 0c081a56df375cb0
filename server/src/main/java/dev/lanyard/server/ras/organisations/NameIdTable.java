package dev.lanyard.server.ras.organisations;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.database.Statements;
import java.sql.SQLException;
import java.util.Optional;

/// The table of the NameID rules that outlive a claim of their issuer, in one transaction of the
/// caller's. They are the operator's: an organisation that removes its issuer and names it anew
/// does not get rid of them.
public final class NameIdTable {
  private final Statements statements;

  NameIdTable(Statements statements) {
    this.statements = statements;
  }

  /// Remembers the rule of an issuer that is removed.
  void leave(String organisation, Issuer issuer, NameIdRule rule) throws SQLException {
    statements.update(
        """
        INSERT INTO organisation_name_id (organisation, issuer, rule) VALUES (?, ?, ?)
        ON CONFLICT (organisation, issuer) DO UPDATE SET rule = excluded.rule
        """,
        organisation,
        issuer.value(),
        rule.toJson().toJson());
  }

  /// Takes the rule that an issuer had when it was removed: from now on its rules have it.
  public Optional<NameIdRule> takeLeft(String organisation, Issuer issuer) throws SQLException {
    var left =
        statements.first(
            "SELECT rule FROM organisation_name_id WHERE organisation = ? AND issuer = ?",
            rows -> rule(rows.getString(1)),
            organisation,
            issuer.value());
    statements.update(
        "DELETE FROM organisation_name_id WHERE organisation = ? AND issuer = ?",
        organisation,
        issuer.value());
    return left;
  }

  private static NameIdRule rule(String json) {
    try {
      return NameIdRule.parse(JsonObject.parse(json));
    } catch (MalformedException e) {
      throw new IllegalStateException("the NameID rule of an issuer cannot be read", e);
    }
  }

  /// Forgets those of an organisation.
  public void forget(String organisation) throws SQLException {
    statements.update("DELETE FROM organisation_name_id WHERE organisation = ?", organisation);
  }
}
