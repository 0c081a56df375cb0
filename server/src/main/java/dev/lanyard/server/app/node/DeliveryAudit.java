package dev.lanyard.server.app.node;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.delivery.Journal;
import dev.lanyard.server.delivery.Letter;
import dev.lanyard.server.delivery.Outbox;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/// Records how messages to endpoints outside end. One that is given up raises the alarm
/// `delivery-dead` of its destination: somebody who must know something does not. The alarm ends
/// when a message arrives there and none is given up any more.
public final class DeliveryAudit implements Journal {
  static final String ALARM = "delivery-dead";

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
    switch (letter.state()) {
      case DEAD -> Alarms.raise(connection, List.of(alarm(letter, at)));
      case DELIVERED, GONE -> end(connection, delivery.destination(), at);
      case WAITING -> {
        // Nobody has learned anything yet.
      }
    }
  }

  /// What the other side answered stays in the list: its words are a stranger's.
  private static Alarm alarm(Letter letter, Instant at) {
    var delivery = letter.delivery();
    return new Alarm(
        ALARM,
        delivery.destination(),
        "gave up telling %s (%s): what was ended here may live on there. `lanyard delivery list`"
                .formatted(delivery.destination(), delivery.kind())
            + " shows the messages and the last answers, `lanyard delivery retry --all` sends them again but for those that ask to look there first",
        at);
  }

  private static void end(Connection connection, String destination, Instant at)
      throws SQLException {
    var seen = Alarms.standing(connection, ALARM, destination);
    // In this order: a message that another node gives up meanwhile raises the alarm anew, and then
    // it is not the one that was seen.
    if (seen.isPresent() && !Outbox.hasGivenUp(connection, destination)) {
      var _ = Alarms.resolve(connection, seen.get(), at);
    }
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
