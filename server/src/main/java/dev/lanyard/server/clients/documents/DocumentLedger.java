package dev.lanyard.server.clients.documents;

import dev.lanyard.server.clients.Client;

/// Remembers what clients said of themselves last, so that a change is seen, also by a node that
/// has just started (REG-5).
public interface DocumentLedger {
  /// Somebody's document was fetched. If it is the first of this client, or redirect URIs, keys,
  /// name, grants or the way of authentication have changed, that is recorded: once, whichever
  /// nodes see it.
  ///
  /// @throws java.io.UncheckedIOException if it could not be recorded; the document must not serve
  void seen(Client client);
}
