package dev.lanyard.server.app.node;

import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.Configuration.Served;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.BrokerRecord;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.publication.PeopleRecord;
import dev.lanyard.server.ras.RasConfig;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Whose people the role library of this installation means: the configuration's word, or else the
/// broker's of this installation, or else those of the only organisation there is.
public final class LibraryPeople {
  private LibraryPeople() {}

  /// Whose they are at every time, in a process that goes on.
  public static Supplier<WhosePeople> of(Configuration config, Database database) {
    var said = config.roleLibrary().people();
    if (said.organisation().isPresent()) {
      return () -> said;
    }
    var record = BrokerRecord.followed(database);
    return () -> now(config, record.get());
  }

  /// Whose they are now, by the same rule.
  ///
  /// @param record what the record says of the broker now
  public static WhosePeople now(Configuration config, Optional<BrokerRecord> record) {
    return config
        .roleLibrary()
        .people()
        .or(record.map(BrokerRecord::organisation))
        .or(only(config));
  }

  /// Says in the record whose they are. To be called before anything is served.
  static void keep(Configuration config, Database database, InstantSource clock) {
    new PeopleRecord(database).keep(now(config, BrokerRecord.find(database)), clock.instant());
  }

  private static Optional<String> only(Configuration config) {
    var names = config.ras().map(Served::config).map(RasConfig::organisationNames).orElse(Set.of());
    return names.size() == 1 ? names.stream().findFirst() : Optional.empty();
  }
}
