package dev.lanyard.server.clients.authentication;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.database.ExpiringTable;
import dev.lanyard.server.database.GroupCommit;
import dev.lanyard.server.database.Outcome;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.RowKind;
import dev.lanyard.server.database.Unit;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Keeps used client assertions of one authorization server in the table `client_assertion`.
public final class JdbcAssertionStore implements AssertionStore {
  private static final RowKind USE =
      RowKind.claim(
          "client_assertion", List.of("server", "client", "assertion_id"), "forget_after");

  private final GroupCommit groupCommit;
  private final Issuer server;

  /// Where rows say from when on nobody needs them.
  public static ExpiringTable expiring() {
    return new ExpiringTable("client_assertion", "forget_after");
  }

  /// @param server whose clients they are: the same client id at another server is another client
  public JdbcAssertionStore(GroupCommit groupCommit, Issuer server) {
    this.groupCommit = groupCommit;
    this.server = server;
  }

  @Override
  public boolean recordFirst(ClientId client, String id, Instant forgetAfter) {
    var use = new Row(USE, server.value(), client.value(), id, forgetAfter);
    var outcome = groupCommit.commit(new Unit(Optional.of(use), List.of(), List.of()));
    return outcome == Outcome.FIRST;
  }
}
