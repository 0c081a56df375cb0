package dev.lanyard.server.clients.documents;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.server.clients.Client;
import java.time.Duration;

/// What fetching a document brought.
sealed interface Fetched {
  /// @param life for how long it may serve
  record Good(Client client, Duration life) implements Fetched {}

  /// There is an answer, and it is no document of a client's.
  record Bad(Evidence evidence) implements Fetched {}

  /// There is no answer, or one that says that it is not the last.
  record Outage(String reason) implements Fetched {}
}
