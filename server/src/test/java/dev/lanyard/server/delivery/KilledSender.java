package dev.lanyard.server.delivery;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/// The process that [OutboxKillTest] kills: writes messages, takes some to send, and never ends.
final class KilledSender {
  static final String KIND = "note";
  static final int MESSAGES = 20;

  private KilledSender() {}

  /// @param args the URL of the database
  public static void main(String[] args) throws InterruptedException {
    var database = Database.open(DatabaseConfig.of(args[0]), Clock.systemUTC());
    var outbox = new Outbox(database, (_, _, _) -> {}, Clock.systemUTC());
    for (int i = 0; i < MESSAGES; i++) {
      var delivery = Delivery.of(KIND, "there" + i, JsonObject.EMPTY, "m" + i);
      database.write(connection -> outbox.append(connection, delivery));
    }
    Dispatcher.start(
        database,
        Map.of(KIND, KilledSender::hold),
        (_, _, _) -> {},
        DeliveryConfig.DEFAULT,
        Clock.systemUTC());
    // Everything else here runs on daemon threads.
    Thread.currentThread().join();
  }

  private static Courier.Result hold(Courier.Parcel parcel) {
    System.out.println("taken " + parcel.id());
    System.out.flush();
    try {
      Thread.sleep(Duration.ofHours(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new Courier.Result.RetryLater("never");
  }
}
