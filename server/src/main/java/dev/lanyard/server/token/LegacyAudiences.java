package dev.lanyard.server.token;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.database.GroupCommit;
import dev.lanyard.server.database.Unit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Warns of clients that address their assertions to the token endpoint (D-4): once an hour for
/// each client that does, by each node. Only clients that may do so come here, so that they are
/// few. Thread-safe.
final class LegacyAudiences implements Consumer<ClientId> {
  static final String EVENT = "client.assertion.legacy-audience";

  private static final Duration AGAIN_AFTER = Duration.ofHours(1);

  private final Map<ClientId, Instant> warned = new ConcurrentHashMap<>();
  private final GroupCommit commits;
  private final InstantSource clock;

  LegacyAudiences(GroupCommit commits, InstantSource clock) {
    this.commits = commits;
    this.clock = clock;
  }

  @Override
  public void accept(ClientId client) {
    var now = clock.instant();
    var last = warned.get(client);
    if (last != null && now.isBefore(last.plus(AGAIN_AFTER))) {
      return;
    }
    var evidence =
        JsonObject.builder()
            .put("aud", "the token endpoint")
            .put("better", "the issuer alone")
            .build();
    var event =
        AuditEvent.of(EVENT, Outcome.SUCCESS, now, "client-assertion", evidence)
            .withClient(client.value());
    var _ = commits.commit(Unit.of(List.of(AuditLog.row(event))));
    // Only now: until it is on record nobody is let in. Two at once make two records.
    warned.put(client, now);
  }
}
