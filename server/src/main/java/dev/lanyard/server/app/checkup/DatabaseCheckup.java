package dev.lanyard.server.app.checkup;

import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.database.Database;
import java.util.List;
import java.util.stream.Stream;

/// Looks at what the database has: the alarms that stand, and organisations that the configuration
/// names otherwise.
public final class DatabaseCheckup {
  private DatabaseCheckup() {}

  public static List<Finding> examine(Configuration config, Database database) {
    var alarms =
        new Alarms(database)
            .standing().stream()
                .map(one -> Finding.bad("alarm " + one.alarm().kind(), one.alarm().detail()));
    return Stream.of(
            alarms,
            OwnBrokerCheckup.examine(config, database).stream(),
            RetentionCheckup.examine(config, database).stream())
        .flatMap(one -> one)
        .toList();
  }
}
