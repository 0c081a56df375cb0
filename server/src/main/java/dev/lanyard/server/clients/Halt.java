package dev.lanyard.server.clients;

import dev.lanyard.protocol.oauth.ClientId;

/// What an administrator has stopped at one server, until they let it go on. Answers from memory.
public interface Halt {
  /// Whether nothing at all is issued.
  boolean everything();

  /// Whether this client counts as none.
  boolean client(ClientId id);
}
