package dev.lanyard.server.app.node;

import dev.lanyard.server.administration.Repeats;
import dev.lanyard.server.clients.authentication.JdbcAssertionStore;
import dev.lanyard.server.console.desk.Desks;
import dev.lanyard.server.console.gate.ConsoleSessions;
import dev.lanyard.server.credentials.Credentials;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseException;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.delivery.EnforcementPoints;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.feed.EventFeed;
import dev.lanyard.server.gateway.session.AskedStore;
import dev.lanyard.server.gateway.session.McpSessionStore;
import dev.lanyard.server.gateway.task.EndedTasks;
import dev.lanyard.server.gateway.task.TaskStore;
import dev.lanyard.server.ras.organisations.Organisations;
import dev.lanyard.server.requests.ExceptionRequests;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.saml.SamlReplay;
import dev.lanyard.server.schedule.Turns;
import dev.lanyard.server.scim.Scim;
import dev.lanyard.server.sessions.AuthorizationCodeStore;
import dev.lanyard.server.sessions.GrantRows;
import dev.lanyard.server.sessions.OpaqueTokenStore;
import dev.lanyard.server.sessions.PushedRequestStore;
import dev.lanyard.server.sessions.RedemptionStore;
import dev.lanyard.server.sessions.RefreshTokenStore;
import dev.lanyard.server.sessions.SessionClients;
import dev.lanyard.server.sessions.SessionStore;
import dev.lanyard.server.sessions.StatusEntryStore;
import dev.lanyard.server.sessions.UpstreamSignInStore;
import dev.lanyard.server.signals.Signals;
import dev.lanyard.server.token.JdbcDocumentLedger;
import dev.lanyard.server.token.JdbcDpopReplay;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes rows that can no longer decide anything, so that the record does not grow without end:
/// what has expired, and replay records of tokens that have. The audit record is never touched.
final class Expired {
  private static final Logger LOG = LoggerFactory.getLogger(Expired.class);

  /// Longer than any clock may be wrong: removing late costs space, removing early costs replay
  /// protection.
  private static final Duration MARGIN = Duration.ofHours(1);

  /// A node that has heard nothing for so long refuses everybody, and loads everything anew when it
  /// comes back: see [dev.lanyard.server.database.ChangeFeed].
  private static final Duration CHANGES_KEPT = Duration.ofHours(24);

  /// Less than an hour: each node looks every hour at a time of its own.
  private static final Duration TURN = Duration.ofMinutes(50);

  private final Database database;
  private final Duration longestLife;

  /// @param longestLife how long anything that was issued can live
  Expired(Database database, Duration longestLife) {
    this.database = database;
    this.longestLife = longestLife;
  }

  /// Whether this node is to remove now, and no other for a while.
  ///
  /// @param now by this node's clock
  boolean isOurTurn(Instant now) {
    return Turns.take(database, "expired", TURN, now);
  }

  /// Removes, table by table. The clock of one node that is ahead takes nothing from the others.
  ///
  /// @param now by this node's clock
  /// @return how many rows went, by table
  /// @throws DatabaseException when every table was tried, if the database could not with one; try
  ///   again later
  Map<String, Integer> remove(Instant now) {
    var removed = new LinkedHashMap<String, Integer>();
    var cautious = database.cautious(now);
    var before = cautious.minus(MARGIN);
    var failed = new ArrayList<DatabaseException>();
    var sessions = SessionStore.expiring();
    tables().forEach(one -> remove(one, before, removed, failed));
    // A kill by the session of an upstream provider finds ours here, as long as anything lives
    // that was issued in it: also in its last moment.
    remove(sessions, before.minus(longestLife), removed, failed);
    removed.put("change", database.changes().forget(cautious.minus(CHANGES_KEPT)));
    if (!failed.isEmpty()) {
      throw failed.getFirst();
    }
    return removed;
  }

  /// One table that cannot be shortened keeps no other from it.
  private void remove(
      ExpiringTable table,
      Instant before,
      Map<String, Integer> removed,
      List<DatabaseException> failed) {
    try {
      removed.put(table.table(), table.remove(database, before));
    } catch (DatabaseException e) {
      LOG.warn("what has expired in {} could not be removed", table.table(), e);
      failed.add(e);
    }
  }

  /// What its owners declare, but for sessions, which stay longer.
  static List<ExpiringTable> tables() {
    return Stream.of(
            broker(),
            ras(),
            kills(),
            gateway(),
            AuthorizationCodeStore.expiring(),
            Signals.expiring(),
            List.of(
                JdbcAssertionStore.expiring(),
                JdbcDpopReplay.expiring(),
                JdbcDocumentLedger.expiring(),
                Outbox.expiring(),
                EventFeed.expiring(),
                Scim.expiring(),
                ExceptionRequests.expiring(),
                Repeats.expiring(),
                ConsoleSessions.expiring(),
                Desks.expiring()))
        .flatMap(List::stream)
        .toList();
  }

  private static List<ExpiringTable> broker() {
    return List.of(
        RefreshTokenStore.expiring(),
        UpstreamSignInStore.expiring(),
        PushedRequestStore.expiring(),
        SamlReplay.expiring(),
        SessionClients.expiring());
  }

  private static List<ExpiringTable> ras() {
    return List.of(
        GrantRows.expiring(),
        OpaqueTokenStore.expiring(),
        StatusEntryStore.expiring(),
        RedemptionStore.expiring(),
        Organisations.expiring());
  }

  private static List<ExpiringTable> kills() {
    return Stream.concat(Revocation.expiring().stream(), EnforcementPoints.expiring().stream())
        .toList();
  }

  private static List<ExpiringTable> gateway() {
    return Stream.concat(
            McpSessionStore.expiring().stream(),
            Stream.of(
                AskedStore.expiring(),
                TaskStore.expiring(),
                EndedTasks.expiring(),
                Credentials.expiring()))
        .toList();
  }
}
