package dev.lanyard.server.sessions;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.database.Writing;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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

  /// A session with whose it is.
  ///
  /// @param upstreamSubject the `sub` of the person at the provider upstream
  record Found(String id, String person, Optional<String> upstreamSubject) {}

  /// A session by its name, also one that is over or was ended; within the caller's transaction.
  Optional<Found> find(Connection connection, String id) throws SQLException;

  /// The sessions that stand on a session at a provider upstream, also those that are over.
  ///
  /// @param upstream the configured name of the provider
  /// @param session its `sid`
  List<Found> standingOn(Connection connection, String upstream, String session)
      throws SQLException;

  /// The sessions of somebody whom a provider upstream calls so, also those that are over.
  ///
  /// @param upstream the configured name of the provider
  /// @param subject its `sub`
  List<Found> standingOnSubject(Connection connection, String upstream, String subject)
      throws SQLException;

  /// Ends sessions, within the caller's transaction. Ending one twice changes nothing.
  void end(Writing writes, Collection<String> ids, Instant at) throws SQLException;

  /// Ends the sessions of people, within the caller's transaction.
  ///
  /// @param begunBy of each person, up to which beginning
  void endAll(Writing writes, Map<String, Instant> begunBy, Instant at) throws SQLException;

  /// The same of an end that lies in the past of this call. A session that was ended in between,
  /// for whatever lesser cause, is among those.
  ///
  /// @param begunBy of each person, up to which beginning: when their sessions should have ended
  /// @return the sessions that went on after that, with whose they are
  Map<String, String> endLate(Connection connection, Map<String, Instant> begunBy, Instant at)
      throws SQLException;
}
