package dev.lanyard.server.clients.authentication;

import dev.lanyard.protocol.oauth.ClientId;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Remembers used assertions for one test.
final class MemoryAssertionStore implements AssertionStore {
  private record Use(ClientId client, String id) {}

  private final Set<Use> used = ConcurrentHashMap.newKeySet();

  @Override
  public boolean recordFirst(ClientId client, String id, Instant forgetAfter) {
    return used.add(new Use(client, id));
  }
}
