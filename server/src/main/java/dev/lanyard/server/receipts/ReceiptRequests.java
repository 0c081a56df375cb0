package dev.lanyard.server.receipts;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.delivery.Delivery;
import dev.lanyard.server.delivery.EnforcementPoints;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.Downstream;
import dev.lanyard.server.revocation.Incident;
import dev.lanyard.server.revocation.Source;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// Asks for a receipt in the transaction of every kill, in whatever process it happens: of a
/// person, a client, a connector, a provider, everything, and of whatever an administrator ends by
/// hand.
///
/// Single grants and tokens that a client gives back, or that end because policy gives less, have
/// none of their own: the receipt of their cause counts for them.
public final class ReceiptRequests implements Downstream {
  private final EnforcementPoints points;
  private final Outbox outbox;

  public ReceiptRequests(EnforcementPoints points, Outbox outbox) {
    this.points = points;
    this.outbox = outbox;
  }

  @Override
  public void tell(Connection connection, List<Incident> incidents) throws SQLException {
    var kills = incidents.stream().filter(ReceiptRequests::isOfInterest).toList();
    if (!kills.isEmpty()) {
      // The denials are in this transaction already, and no other appends before it ends.
      Receipts.ask(connection, kills, points.head(connection));
      outbox.appendAll(connection, kills.stream().map(ReceiptRequests::request).toList());
    }
  }

  private static boolean isOfInterest(Incident incident) {
    return !incident.denied().isEmpty()
        && (incident.person().isPresent()
            || incident.signal().source().kind() == Source.Kind.ADMIN
            || incident.denied().stream().anyMatch(Denied::isOfMany));
  }

  private static Delivery request(Incident incident) {
    var body = JsonObject.builder().put("incident", incident.id()).build();
    var asked = Delivery.of(ReceiptDesk.KIND, "receipts", body, incident.signal().correlationId());
    return incident.person().map(person -> asked.withPerson(person.id().value())).orElse(asked);
  }
}
