package dev.lanyard.server.transparency;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.keys.InstallationSecret;
import dev.lanyard.server.keys.KeyException;
import dev.lanyard.server.keys.MasterKey;
import dev.lanyard.server.tlog.NoteSigner;
import java.time.InstantSource;

/// The key that signs checkpoints. It is made once and never changes, as it is usual for logs: an
/// auditor who keeps it can compare checkpoints of ten years.
final class LogKey {
  private static final String NAME = "audit log";

  private LogKey() {}

  /// The key, made at the first call.
  ///
  /// @param origin names the log
  /// @throws KeyException if the master key does not open it
  static NoteSigner of(Database database, MasterKey masterKey, String origin, InstantSource clock) {
    var named = database.read(connection -> new LogTables(connection).state());
    var kept = InstallationSecret.of(database, masterKey, NAME, clock, NoteSigner::generate);
    try {
      // The name stays what it was when the tree began, whatever is configured since.
      return NoteSigner.log(named.map(LogState::origin).orElse(origin), kept);
    } catch (MalformedException e) {
      throw new IllegalArgumentException("no log can be called " + origin, e);
    }
  }
}
