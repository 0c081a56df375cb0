package dev.lanyard.server.sessions;

import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The redemptions of ID-JAGs at one resource authorization server.
public final class RedemptionStore {
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

  public RedemptionStore(Database database) {
    this.database = database;
  }

  /// The claim on one use of an ID-JAG: of all who redeem it, on all nodes, exactly one is first
  /// (RAS-8).
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

  /// The fact of the grant that an ID-JAG gives.
  public Row granted(Redemption.Assertion assertion, Redemption.Grant grant) {
    return GrantRows.onAssertion(assertion.issuer(), assertion.id(), grant);
  }

  /// What must be the same when a client that lost our answer asks again.
  ///
  /// @param assertionHash of the assertion that was redeemed under this `jti`
  public record FirstUse(String assertionHash, Redemption.Grant grant, Instant at) {}

  /// The first use of an ID-JAG.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
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

  /// How many times an ID-JAG was used.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
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
