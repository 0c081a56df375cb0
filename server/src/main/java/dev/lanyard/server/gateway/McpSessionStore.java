package dev.lanyard.server.gateway;

import java.time.Instant;
import java.util.Optional;

/// Whose the sessions are that servers upstream have opened (RS-17).
interface McpSessionStore {
  /// Whose a session is.
  ///
  /// @param subject `sub`
  /// @param client at the resource authorization server
  record Owner(String subject, String client) {
    static Owner of(Caller caller) {
      return new Owner(caller.subject(), caller.client().value());
    }
  }

  /// Gives a session to somebody, unless it is somebody's. Check and record are one step: of two
  /// that come at once, on whatever node, one gets it.
  ///
  /// @param session as the server upstream calls it
  /// @param forgetAfter when nobody can use it any more
  /// @return whose it is now
  /// @throws java.io.UncheckedIOException if the store cannot answer; the session must not be used
  Owner claim(String connector, String session, Owner owner, Instant forgetAfter);

  /// Whose a session is; empty if it is nobody's. What another node has ended is nobody's a few
  /// seconds later.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  Optional<Owner> owner(String connector, String session);

  /// Keeps from which level on the client of a session wants to hear what servers log. The last one
  /// counts; of a session that nobody has nothing is kept.
  ///
  /// @throws java.io.UncheckedIOException if it is not kept
  void setLogLevel(String connector, String session, String level);

  /// The level that was kept last; empty if the client has not said.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  Optional<String> logLevel(String connector, String session);

  /// Forgets a session that its owner has ended.
  void end(String connector, String session);
}
