package dev.lanyard.server.signals.inbound;

import dev.lanyard.server.database.Database;
import java.time.Instant;
import java.util.Optional;

/// When a transmitter of security events was heard of last.
public final class LastHeard {
  private final Database database;

  public LastHeard(Database database) {
    this.database = database;
  }

  /// @param source its name in the configuration
  public Optional<Instant> of(String source) {
    return database
        .read(connection -> Listening.state(connection, source))
        .flatMap(Listening.State::heard);
  }
}
