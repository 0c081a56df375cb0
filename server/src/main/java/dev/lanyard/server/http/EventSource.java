package dev.lanyard.server.http;

import java.util.Optional;

/// What a response that goes on consists of: server-sent events, made when the peer has taken
/// everything before. Nothing queues up for a peer that reads slowly.
///
/// @spec https://html.spec.whatwg.org/multipage/server-sent-events.html HTML: Server-sent events
public interface EventSource {
  /// Called once, before anything else.
  void opened(Listener listener);

  /// The next events as they go over the wire, or empty if there is nothing to say now. Called by
  /// one thread at a time; answers from memory.
  Optional<String> next();

  /// Called once, when the stream has ended, whoever ended it.
  void closed();

  /// Who listens.
  interface Listener {
    /// There is something to say. A peer that has not taken the events before for too long is cut
    /// off here.
    void wake();

    /// Ends the stream in order.
    void end();
  }
}
