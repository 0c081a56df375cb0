package dev.lanyard.server.clients;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.ClientId;
import java.util.Collection;
import java.util.Optional;

/// Where clients come from that are in no clients file. Thread-safe.
public interface ClientSource {
  /// What came of looking for a client.
  sealed interface Lookup {
    /// @param client as it is now
    record Found(Client client) implements Lookup {}

    /// Nobody is called so here.
    record Unknown() implements Lookup {}

    /// Somebody is called so, and does not count as a client.
    record Rejected(Evidence evidence) implements Lookup {}

    /// Whether there is one cannot be said now: an outage, never a refusal.
    ///
    /// @param reason for an operator
    record Unavailable(String reason) implements Lookup {}
  }

  /// Looks for a client. May block to ask somebody outside.
  Lookup look(ClientId id);

  /// The client, if it can be told from memory.
  Optional<Client> known(ClientId id);

  /// Every client that can be told from memory.
  Collection<Client> all();

  /// Whether its clients are called by the URLs of their metadata documents.
  boolean takesUrls();

  /// Whether clients may register themselves.
  default boolean takesRegistrations() {
    return false;
  }
}
