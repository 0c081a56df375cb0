package dev.lanyard.server.app.node;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.keys.KeyEntry;
import dev.lanyard.server.keys.KeyJournal;
import java.sql.Connection;
import java.sql.SQLException;

/// Records what becomes of signing keys: `key.next`, `key.active`, `key.retired`, `key.revoked`.
public final class KeyAudit implements KeyJournal {
  @Override
  public void note(Connection connection, KeyEntry key, String correlationId) throws SQLException {
    var evidence =
        JsonObject.builder()
            .put("kid", key.keyId())
            .put("server", key.server())
            .put("purpose", key.purpose().value())
            .put("algorithm", key.algorithm().value())
            .put("requirement", "KEY-2")
            .build();
    AuditLog.append(
        connection,
        AuditEvent.of(
            "key." + key.state().value(), Outcome.SUCCESS, key.since(), correlationId, evidence));
  }
}
