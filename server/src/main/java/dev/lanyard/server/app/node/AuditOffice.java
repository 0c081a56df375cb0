package dev.lanyard.server.app.node;

import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.transparency.TransparencyLog;
import java.time.InstantSource;

/// What the commands of the audit log work with, beside a server that may be running on the same
/// record.
public record AuditOffice(Database database, TransparencyLog log) implements AutoCloseable {

  public static AuditOffice open(Configuration config, InstantSource clock) {
    var database = Database.open(config.database(), clock);
    try {
      return new AuditOffice(
          database,
          TransparencyLog.open(database, config.masterKey().open(), origin(config), clock));
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /// The name of the log: the issuer without its scheme, and what it is.
  ///
  /// @spec https://c2sp.org/tlog-tiles#parameters tlog-tiles, Parameters
  static String origin(Configuration config) {
    var issuer = Lanyard.issuer(config).value();
    return issuer.replaceFirst("^[a-z]+://", "").replaceFirst("/+$", "") + "/audit-log";
  }

  @Override
  public void close() {
    log.close();
    database.close();
  }
}
