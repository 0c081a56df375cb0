package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/// The sessions of one server.
public interface SessionStore {
  /// The fact that a session has begun.
  ///
  /// @param cookie the secret that the browser holds
  Row begun(Secret cookie, Session session);

  /// The session of a browser, also one that is over; never one that was ended.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  Optional<Session> find(Secret cookie);

  /// Ends one session, within the caller's transaction. Ending it twice changes nothing.
  void end(Connection connection, String id, Instant at) throws SQLException;

  /// Ends every session of a person, within the caller's transaction.
  void endAll(Connection connection, String person, Instant at) throws SQLException;
}
