package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.audit.Revealing;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.database.TestDatabases;
import dev.lanyard.server.delivery.DeliveryConfig;
import dev.lanyard.server.delivery.Dispatcher;
import dev.lanyard.server.export.ExportConfig;
import dev.lanyard.server.export.ExportConfig.Place;
import dev.lanyard.server.export.ExportConfig.Target;
import dev.lanyard.server.export.Exports;
import dev.lanyard.server.export.Format;
import dev.lanyard.server.pair.TestClock;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The health of a node names the threads that have ended")
class EndedThreadsTest {
  @Test
  void by_their_names_and_none_while_all_run(@TempDir Path folder) {
    var clock = new TestClock();
    var database = Database.open(TestDatabases.sqlite(folder), clock);
    var deliveries =
        Dispatcher.start(database, Map.of(), (_, _, _) -> {}, DeliveryConfig.DEFAULT, clock);
    var place = new Place("siem", Format.JSON, new Target.File(folder.resolve("out")));
    var exports =
        Exports.start(
            new ExportConfig(List.of(place)),
            new Issuer("https://broker.example"),
            database,
            Revealing.NOTHING,
            EgressPolicy.strict(),
            clock);
    assertThat(Health.endedThreads(database, deliveries, exports)).isEmpty();
    exports.close();
    deliveries.close();
    database.close();
    assertThat(Health.endedThreads(database, deliveries, exports))
        .containsExactly("changes", "group-commit", "deliveries", "export-siem");
  }
}
