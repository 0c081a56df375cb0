package dev.lanyard.server.signals.transmitter;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.securityevent.StreamEvent;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/// Pauses, disables and enables streams (SSF-12), each within the caller's transaction.
final class StreamStatus {
  private final EventQueue queue;

  StreamStatus(EventQueue queue) {
    this.queue = queue;
  }

  /// @param byAdministrator whether an administrator says so, and not its receiver
  Stream change(
      Connection connection,
      Stream stream,
      StreamEvent.StreamUpdated wanted,
      boolean byAdministrator,
      String correlationId,
      Instant now)
      throws SQLException {
    var changed = stream.with(wanted, byAdministrator);
    changed.update(connection);
    audit(connection, "stream.changed", changed, correlationId, now);
    switch (wanted.status()) {
      case ENABLED -> queue.resume(connection, changed, correlationId);
      case PAUSED -> queue.hold(connection, changed);
      case DISABLED -> queue.drop(connection, changed);
    }
    return changed;
  }

  static void audit(
      Connection connection, String type, Stream stream, String correlationId, Instant now)
      throws SQLException {
    var evidence =
        JsonObject.builder()
            .put("stream", stream.id())
            .put("receiver", stream.receiver())
            .put("status", stream.status().value())
            .put("by_administrator", stream.stopped())
            .putIfPresent("endpoint", stream.endpoint())
            .put("events_requested", stream.requested())
            .build();
    AuditLog.append(connection, AuditEvent.of(type, Outcome.SUCCESS, now, correlationId, evidence));
  }
}
