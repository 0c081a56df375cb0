package dev.lanyard.server.gateway.session;

import dev.lanyard.server.gateway.front.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Whose the sessions are that servers upstream have opened (RS-17), and what their clients have
/// said in them that a server is told of whose session is opened anew.
interface McpSessionStore {
  /// Subscriptions that are kept of one session at one server. As many as come in the same moment
  /// may be a few more.
  int MOST_SUBSCRIPTIONS = 50;

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

  /// The same as the database has it now, whatever this node remembers.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  Optional<Owner> ownerNow(String connector, String session);

  /// Keeps from which level on the client of a session wants to hear what servers log. The last one
  /// counts; of a session that nobody has nothing is kept.
  ///
  /// @throws java.io.UncheckedIOException if it is not kept
  void setLogLevel(String connector, String session, String level);

  /// The level that was kept last; empty if the client has not said.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  Optional<String> logLevel(String connector, String session);

  /// Keeps that the client of a session wants to hear of a resource; of a session that nobody has
  /// nothing is kept, and nothing beyond [#MOST_SUBSCRIPTIONS].
  ///
  /// @param part whose resource it is
  /// @param uri as its server has it
  /// @return whether it is kept now and was not before
  /// @throws java.io.UncheckedIOException if it is not kept
  boolean subscribe(String connector, String session, String part, String uri);

  /// Keeps that no more.
  ///
  /// @throws java.io.UncheckedIOException if it is still kept
  void unsubscribe(String connector, String session, String part, String uri);

  /// The URIs of which the client of a session wants to hear of one server.
  ///
  /// @throws java.io.UncheckedIOException if the store cannot answer
  List<String> subscriptions(String connector, String session, String part);

  /// Forgets a session that its owner has ended, and what they have said in it.
  void end(String connector, String session);
}
