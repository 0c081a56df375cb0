package dev.lanyard.server.pair;

import dev.lanyard.server.delivery.DeliveryConfig;
import dev.lanyard.server.delivery.Dispatcher;
import dev.lanyard.server.delivery.EnforcementPoints;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.receipts.Receipt;
import dev.lanyard.server.receipts.ReceiptDesk;
import dev.lanyard.server.receipts.ReceiptRequests;
import dev.lanyard.server.receipts.Receipts;
import dev.lanyard.server.revocation.Denial;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What signs the receipts of a [Pair], as fast as it can.
public final class ReceiptWriter implements AutoCloseable {
  private static final DeliveryConfig QUICK =
      new DeliveryConfig(
          Duration.ofMillis(10),
          Duration.ofMillis(50),
          Duration.ofHours(1),
          10_000,
          Duration.ofSeconds(60),
          Duration.ofDays(1),
          Duration.ofMillis(20));

  private final Pair pair;
  private final Dispatcher dispatcher;

  private ReceiptWriter(Pair pair) {
    this.pair = pair;
    var points = new EnforcementPoints(pair.database, Denial.CHANGE, pair.clock);
    var outbox = new Outbox(pair.database, (_, _, _) -> {}, pair.clock);
    pair.revocation.tells(new ReceiptRequests(pair.database.changes(), outbox));
    var sources =
        new ReceiptDesk.Sources(
            pair.database, pair.ras().value(), points, outbox, pair.receiptKeys());
    var desk =
        new ReceiptDesk(
            sources,
            pair,
            (_, _) -> List.of(),
            pair.stragglers(),
            pair.revocation.denied(),
            pair.clock);
    this.dispatcher =
        Dispatcher.start(
            pair.database, Map.of(ReceiptDesk.KIND, desk), (_, _, _) -> {}, QUICK, pair.clock);
  }

  public static ReceiptWriter start(Pair pair) {
    return new ReceiptWriter(pair);
  }

  /// The newest receipt, as soon as it is signed; the clock of the pair goes on meanwhile.
  public Receipt signed() {
    return Soon.found(
        "a receipt",
        () -> {
          pair.clock.advance(Duration.ofMillis(10));
          return new Receipts(pair.database)
              .newest(Optional.empty(), 1).stream()
                  .filter(one -> one.signed().isPresent())
                  .findFirst();
        });
  }

  @Override
  public void close() {
    dispatcher.close();
  }
}
