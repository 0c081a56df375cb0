package dev.lanyard.server.app.node;

import dev.lanyard.server.administration.Repeats;
import dev.lanyard.server.clients.authentication.JdbcAssertionStore;
import dev.lanyard.server.console.desk.Desks;
import dev.lanyard.server.console.gate.ConsoleSessions;
import dev.lanyard.server.credentials.Credentials;
import dev.lanyard.server.database.Database;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Removes rows that can no longer decide anything, so that the record does not grow without end:
/// what has expired, and replay records of tokens that have. The audit record is never touched.
final class Expired {
  /// Longer than any clock may be wrong: removing late costs space, removing early costs replay
  /// protection.
  private static final Duration MARGIN = Duration.ofHours(1);

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
    tables().forEach(one -> removed.put(one.table(), one.remove(database, before)));
    // A kill by the session of an upstream provider finds ours here, as long as anything lives
    // that was issued in it: also in its last moment.
    var sessions = SessionStore.expiring();
    removed.put(sessions.table(), sessions.remove(database, before.minus(longestLife)));
    removed.put("change", database.changes().forget(cautious.minus(CHANGES_KEPT)));
    return removed;
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
