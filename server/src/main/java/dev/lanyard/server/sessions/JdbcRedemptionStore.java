package dev.lanyard.server.sessions;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Redemptions in the database.
public final class JdbcRedemptionStore implements RedemptionStore {
  private static final RowKind CLAIM =
      RowKind.claim(
          "redemption",
          List.of("issuer", "assertion_id", "use_number"),
          "client",
          "assertion_hash",
          "grant_id",
          "redeemed_at",
          "forget_after");

  private final Database database;

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return new ExpiringTable("redemption", "forget_after");
  }

  public JdbcRedemptionStore(Database database) {
    this.database = database;
  }

  @Override
  public Row claim(Redemption redemption) {
    return new Row(
        CLAIM,
        redemption.assertion().issuer().value(),
        redemption.assertion().id(),
        Integer.toString(redemption.use()),
        redemption.grant().client().value(),
        redemption.assertion().hash(),
        redemption.grant().id(),
        redemption.grant().issuedAt(),
        redemption.forgetAfter());
  }

  @Override
  public Row granted(Redemption.Assertion assertion, Redemption.Grant grant) {
    return GrantRows.onAssertion(assertion.issuer(), assertion.id(), grant);
  }

  @Override
  public Optional<FirstUse> firstUse(Redemption.Assertion assertion) {
    return database.read(connection -> {
      try (var query =
          connection.prepareStatement(
              "SELECT g.*, r.assertion_hash, r.redeemed_at FROM redemption r"
                  + " JOIN ras_grant g ON g.id = r.grant_id"
                  + " WHERE r.issuer = ? AND r.assertion_id = ? AND r.use_number = '0'")) {
        query.setString(1, assertion.issuer().value());
        query.setString(2, assertion.id());
        try (var rows = query.executeQuery()) {
          return rows.next() ? Optional.of(firstUse(rows)) : Optional.empty();
        }
      }
    });
  }

  @Override
  public int uses(Redemption.Assertion assertion) {
    return database.read(connection -> {
      try (var query =
          connection.prepareStatement(
              "SELECT COUNT(*) FROM redemption WHERE issuer = ? AND assertion_id = ?")) {
        query.setString(1, assertion.issuer().value());
        query.setString(2, assertion.id());
        try (var rows = query.executeQuery()) {
          rows.next();
          return rows.getInt(1);
        }
      }
    });
  }

  private static FirstUse firstUse(ResultSet row) throws SQLException {
    return new FirstUse(
        row.getString("assertion_hash"), GrantRows.read(row), Columns.instant(row, "redeemed_at"));
  }
}
