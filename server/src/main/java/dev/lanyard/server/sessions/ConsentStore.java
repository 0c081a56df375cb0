package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.database.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// What people have agreed to at one server.
public interface ConsentStore {
  /// The fact that somebody has agreed, to be written with what comes of it.
  Row agreed(Consent consent);

  /// Everything that a person has agreed to, the oldest first.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  List<Consent> of(String person);

  /// What a person has agreed that this client may do, the oldest first.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  List<Consent> of(String person, ClientId client);

  /// Forgets what a person has agreed that this client may do.
  ///
  /// @return whether there was anything
  boolean withdraw(Connection connection, String person, ClientId client) throws SQLException;
}
