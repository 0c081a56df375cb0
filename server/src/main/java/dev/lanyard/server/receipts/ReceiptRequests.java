package dev.lanyard.server.receipts;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.database.ChangeFeed;
import dev.lanyard.server.database.Chunks;
import dev.lanyard.server.delivery.Delivery;
import dev.lanyard.server.delivery.Letter;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.revocation.Denial;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.Downstream;
import dev.lanyard.server.revocation.Incident;
import dev.lanyard.server.revocation.Loss;
import dev.lanyard.server.revocation.Source;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Asks for a receipt in the transaction of every kill, in whatever process it happens: of a
/// person, a client, a connector, a provider, everything, and of whatever an administrator ends by
/// hand.
///
/// Single grants and tokens that a client gives back, or that end because policy gives less, have
/// none of their own: the receipt of their cause counts for them.
public final class ReceiptRequests implements Downstream {
  /// How many receipts are made at once.
  private static final int TOGETHER = 100;

  /// Where so many are killed at once, the kills that follow come before the paper.
  private static final Duration AFTER_MANY = Duration.ofSeconds(10);

  private final ChangeFeed changes;
  private final Outbox outbox;

  public ReceiptRequests(ChangeFeed changes, Outbox outbox) {
    this.changes = changes;
    this.outbox = outbox;
  }

  @Override
  public void tell(Connection connection, List<Incident> incidents) throws SQLException {
    var kills = incidents.stream().filter(ReceiptRequests::isOfInterest).toList();
    if (!kills.isEmpty()) {
      // The last denial of all is this transaction's then: no other appends before it ends.
      var last = changes.told(connection, Denial.CHANGE).orElseThrow();
      changes.onceNumbered(connection, writes -> Receipts.ask(writes, kills, last.sequence()));
      outbox.appendAll(
          connection, requests(kills), kills.size() < Rush.MANY ? Duration.ZERO : AFTER_MANY);
    }
  }

  /// The receipts of the causes name what was lost, and wait until that is refused everywhere.
  @Override
  public void tellLost(Connection connection, List<Loss> losses, Instant at) throws SQLException {
    var ended = Receipts.lose(connection, losses, at);
    var incidents = losses.stream().map(loss -> loss.cause().incident()).distinct().toList();
    var last = changes.told(connection, Denial.CHANGE).orElseThrow();
    changes.onceNumbered(connection, writes -> Receipts.move(writes, incidents, last.sequence()));
    again(connection, ended);
  }

  /// Has the receipts made anew that say that a message does not arrive, in the transaction in
  /// which it is tried again.
  public void reopen(Connection connection, Letter revived) throws SQLException {
    again(connection, Receipts.reopen(connection, revived));
  }

  /// Asks for receipts again that were final.
  private void again(Connection connection, List<Asked> ended) throws SQLException {
    var byCause = new LinkedHashMap<String, List<String>>();
    for (var one : ended) {
      byCause.computeIfAbsent(one.correlationId(), _ -> new ArrayList<>()).add(one.incident());
    }
    var requests = new ArrayList<Delivery>();
    byCause.forEach((correlationId, incidents) ->
        Chunks.of(incidents, TOGETHER).forEach(some -> requests.add(request(some, correlationId))));
    outbox.appendAll(connection, requests);
  }

  private static boolean isOfInterest(Incident incident) {
    return !incident.denied().isEmpty()
        && (incident.person().isPresent()
            || incident.signal().source().kind() == Source.Kind.ADMIN
            || incident.denied().stream().anyMatch(Denied::isOfMany));
  }

  private static List<Delivery> requests(List<Incident> kills) {
    var byCause = new LinkedHashMap<String, List<Incident>>();
    for (var kill : kills) {
      byCause.computeIfAbsent(kill.signal().correlationId(), _ -> new ArrayList<>()).add(kill);
    }
    return byCause.values().stream()
        .flatMap(alike -> Chunks.of(alike, TOGETHER).stream())
        .map(ReceiptRequests::request)
        .toList();
  }

  /// @param kills of one cause
  private static Delivery request(List<Incident> kills) {
    var first = kills.getFirst();
    var asked = request(kills.stream().map(Incident::id).toList(), first.signal().correlationId());
    return kills.size() == 1
        ? first.person().map(person -> asked.withPerson(person.id().value())).orElse(asked)
        : asked;
  }

  private static Delivery request(List<String> incidents, String correlationId) {
    var body = JsonObject.builder().put("incidents", incidents).build();
    return Delivery.of(ReceiptDesk.KIND, "receipts", body, correlationId);
  }
}
