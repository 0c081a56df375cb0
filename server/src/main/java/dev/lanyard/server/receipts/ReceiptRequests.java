package dev.lanyard.server.receipts;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.delivery.Delivery;
import dev.lanyard.server.delivery.EnforcementPoints;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.revocation.Downstream;
import dev.lanyard.server.revocation.Incident;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// Asks for a receipt in the transaction of every kill of a person, in whatever process it happens.
public final class ReceiptRequests implements Downstream {
  private final EnforcementPoints points;
  private final Outbox outbox;

  public ReceiptRequests(EnforcementPoints points, Outbox outbox) {
    this.points = points;
    this.outbox = outbox;
  }

  @Override
  public void tell(Connection connection, List<Incident> incidents) throws SQLException {
    var kills =
        incidents.stream()
            .filter(incident -> incident.person().isPresent() && !incident.denied().isEmpty())
            .toList();
    if (!kills.isEmpty()) {
      // The denials are in this transaction already, and no other appends before it ends.
      Receipts.ask(connection, kills, points.head(connection));
      outbox.appendAll(connection, kills.stream().map(ReceiptRequests::request).toList());
    }
  }

  private static Delivery request(Incident incident) {
    var body = JsonObject.builder().put("incident", incident.id()).build();
    return Delivery.of(ReceiptDesk.KIND, "receipts", body, incident.signal().correlationId())
        .withPerson(Receipts.person(incident));
  }
}
