package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.Alarm;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.delivery.Courier.Result;
import dev.lanyard.server.delivery.Delivery;
import dev.lanyard.server.delivery.DeliveryConfig;
import dev.lanyard.server.delivery.Dispatcher;
import dev.lanyard.server.delivery.Letter;
import dev.lanyard.server.delivery.Outbox;
import dev.lanyard.server.pair.Soon;
import dev.lanyard.server.pair.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("DPR-5: whoever looks at the alarms hears of a message that was given up")
class DeliveryAuditTest {
  @Nested
  class OnSqlite extends Contract {
    OnSqlite(@TempDir Path folder) {
      super(TestDatabases.sqlite(folder));
    }
  }

  @Nested
  class OnPostgres extends Contract {
    OnPostgres() {
      super(TestDatabases.postgres());
    }
  }

  abstract static class Contract {
    private static final DeliveryConfig CONFIG =
        new DeliveryConfig(
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            Duration.ofHours(1),
            100,
            Duration.ofSeconds(30),
            Duration.ofDays(1),
            Duration.ofMillis(20));

    private final DatabaseConfig config;
    private final TestClock clock = new TestClock();
    private final DeliveryAudit audit = new DeliveryAudit();
    private final Set<String> refusing = ConcurrentHashMap.newKeySet();
    private final Set<String> silent = ConcurrentHashMap.newKeySet();
    private Database database;
    private Outbox outbox;
    private Dispatcher dispatcher;

    Contract(DatabaseConfig config) {
      this.config = config;
    }

    @BeforeEach
    void open() {
      database = Database.open(config, clock);
      outbox = new Outbox(database, audit, clock);
      dispatcher =
          Dispatcher.start(
              database,
              Map.of(
                  "note",
                  parcel -> {
                    var destination = parcel.delivery().destination();
                    if (silent.contains(destination)) {
                      return new Result.RetryLater("no answer");
                    }
                    return refusing.contains(destination)
                        ? new Result.Refused("<b>401</b>")
                        : new Result.Delivered("200");
                  }),
              audit,
              CONFIG,
              clock);
    }

    @AfterEach
    void close() {
      dispatcher.close();
      database.close();
    }

    private String write(String destination, String cause) {
      var message = Delivery.of("note", destination, JsonObject.EMPTY, cause);
      return database.write(connection -> outbox.append(connection, message));
    }

    private void ends(String cause, Letter.State as) {
      Soon.until(() -> outbox.causedBy(cause).getFirst().state() == as);
    }

    private List<Alarm> alarms() {
      return new Alarms(database).standing().stream().map(Alarms.Standing::alarm).toList();
    }

    @Test
    void an_alarm_stands_from_the_moment_at_which_a_message_is_given_up() throws Exception {
      refusing.add("vendor");
      write("vendor", "a");
      ends("a", Letter.State.DEAD);

      assertThat(alarms())
          .singleElement()
          .satisfies(alarm -> {
            assertThat(alarm.kind()).isEqualTo("delivery-dead");
            assertThat(alarm.subject()).isEqualTo("vendor");
            assertThat(alarm.detail())
                .contains("lanyard delivery list", "lanyard delivery retry")
                .doesNotContain("401");
          });
    }

    @Test
    void it_stands_while_the_message_is_tried_again_and_ends_when_it_has_arrived()
        throws Exception {
      refusing.add("vendor");
      var id = write("vendor", "a");
      ends("a", Letter.State.DEAD);

      silent.add("vendor");
      assertThat(outbox.retry(id)).isPresent();
      Soon.until(() -> outbox.causedBy("a").getFirst().attempts() > 0);
      assertThat(alarms()).hasSize(1);

      silent.remove("vendor");
      refusing.remove("vendor");
      clock.advance(Duration.ofMinutes(2));
      ends("a", Letter.State.DELIVERED);
      assertThat(alarms()).isEmpty();
    }

    @Test
    void as_long_as_another_message_to_the_same_destination_is_given_up_it_stands()
        throws Exception {
      refusing.add("vendor");
      write("vendor", "a");
      ends("a", Letter.State.DEAD);
      refusing.remove("vendor");
      write("vendor", "b");
      ends("b", Letter.State.DELIVERED);

      assertThat(alarms()).extracting(Alarm::subject).containsExactly("vendor");
    }

    @Test
    void what_arrives_elsewhere_ends_nothing() throws Exception {
      refusing.add("vendor");
      var id = write("vendor", "a");
      ends("a", Letter.State.DEAD);
      silent.add("vendor");
      assertThat(outbox.retry(id)).isPresent();
      write("other", "b");
      ends("b", Letter.State.DELIVERED);

      assertThat(alarms()).extracting(Alarm::subject).containsExactly("vendor");
    }
  }
}
