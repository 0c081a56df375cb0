package dev.lanyard.server.app.node;

import dev.lanyard.server.database.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// Removes rows that can no longer decide anything, so that the record does not grow without end:
/// what has expired, and replay records of tokens that have. The audit record is never touched.
final class Expired {
  /// Longer than any clock may be wrong: removing late costs space, removing early costs replay
  /// protection.
  private static final Duration MARGIN = Duration.ofHours(1);

  /// Where rows say, in milliseconds, from when on they are no longer needed.
  private static final Map<String, String> TABLES =
      Map.ofEntries(
          Map.entry("authorization_code", "expires_at"),
          Map.entry("code_redemption", "forget_after"),
          Map.entry("refresh_token", "expires_at"),
          Map.entry("upstream_sign_in", "expires_at"),
          Map.entry("upstream_errand", "expires_at"),
          Map.entry("pushed_request", "expires_at"),
          Map.entry("console_session", "expires_at"),
          Map.entry("api_repeat", "expires_at"),
          Map.entry("ras_grant", "expires_at"),
          Map.entry("access_token", "expires_at"),
          Map.entry("status_entry", "expires_at"),
          Map.entry("redemption", "forget_after"),
          Map.entry("client_assertion", "forget_after"),
          Map.entry("dpop_proof", "forget_after"),
          Map.entry("saml_assertion", "forget_after"),
          Map.entry("deny", "forget_after"),
          Map.entry("early_end", "forget_after"),
          Map.entry("scim_access_token", "expires_at"),
          Map.entry("delivery", "forget_after"),
          Map.entry("signal_access_token", "expires_at"),
          Map.entry("signal_token", "forget_after"),
          Map.entry("signal_told", "forget_after"),
          Map.entry("ssf_transaction", "forget_after"),
          Map.entry("ssf_event", "expires_at"),
          Map.entry("session_client", "expires_at"),
          Map.entry("organisation_access", "expires_at"),
          Map.entry("client_document", "forget_after"),
          Map.entry("signal", "forget_after"),
          Map.entry("event_feed", "expires_at"),
          Map.entry("enforcement_point", "forget_after"),
          Map.entry("mcp_session", "forget_after"),
          Map.entry("exception_request", "forget_after"),
          Map.entry("console_motion", "forget_after"),
          Map.entry("mcp_asked", "forget_after"),
          Map.entry("mcp_subscription", "forget_after"),
          Map.entry("mcp_task", "forget_after"),
          Map.entry("mcp_task_end", "forget_after"),
          Map.entry("acknowledgement", "forget_after"));

  /// A node that has heard nothing for so long refuses everybody, and loads everything anew when it
  /// comes back: see [dev.lanyard.server.database.ChangeFeed].
  private static final Duration CHANGES_KEPT = Duration.ofHours(24);

  private final Database database;
  private final Duration longestLife;

  /// @param longestLife how long anything that was issued can live
  Expired(Database database, Duration longestLife) {
    this.database = database;
    this.longestLife = longestLife;
  }

  /// Removes, table by table. The clock of one node that is ahead takes nothing from the others.
  ///
  /// @param now by this node's clock
  /// @return how many rows went, by table
  /// @throws dev.lanyard.server.database.DatabaseException if the database cannot; try again later
  Map<String, Integer> remove(Instant now) {
    var removed = new LinkedHashMap<String, Integer>();
    var cautious = database.cautious(now);
    var before = cautious.minus(MARGIN);
    TABLES.forEach((table, column) -> removed.put(table, remove(table, column, before)));
    // A kill by the session of an upstream provider finds ours here, as long as anything lives
    // that was issued in it: also in its last moment.
    removed.put("session", remove("session", "expires_at", before.minus(longestLife)));
    removed.put("change", database.changes().forget(cautious.minus(CHANGES_KEPT)));
    return removed;
  }

  private int remove(String table, String column, Instant before) {
    return database.removeAll(table, column + " < ?", before);
  }
}
