package dev.lanyard.server.app.node;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.delivery.Journal;
import dev.lanyard.server.delivery.Letter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/// Records how messages to endpoints outside end. `delivery.dead` is an alarm: somebody who must
/// know something does not.
public final class DeliveryAudit implements Journal {
  @Override
  public void note(Connection connection, Letter letter, Instant at) throws SQLException {
    var delivery = letter.delivery();
    var evidence =
        JsonObject.builder()
            .put("delivery", letter.id())
            .put("kind", delivery.kind())
            .put("destination", delivery.destination())
            .put("attempts", letter.attempts())
            .put("written_at", letter.createdAt().toString())
            .putIfPresent("answer", letter.answer())
            .build();
    var event =
        AuditEvent.of(type(letter), outcome(letter), at, delivery.correlationId(), evidence);
    if (delivery.organisation().isPresent()) {
      event = event.withOrganisation(delivery.organisation().get());
    }
    if (delivery.person().isPresent()) {
      event = event.withPerson(delivery.person().get());
    }
    AuditLog.append(connection, event);
  }

  private static String type(Letter letter) {
    return switch (letter.state()) {
      case DELIVERED, GONE -> "delivery." + letter.state().value();
      case DEAD -> "delivery.dead";
      case WAITING -> "delivery.retried";
    };
  }

  private static Outcome outcome(Letter letter) {
    return letter.state() == Letter.State.DEAD ? Outcome.FAULT : Outcome.SUCCESS;
  }
}
