package dev.lanyard.resourceserver;

import dev.lanyard.protocol.dpop.DpopReplay;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;

/// Remembers used proofs in the memory of one process. Several processes behind one URL need a
/// shared memory instead. When full, it takes no new proof for the first: better a refused call
/// than a replayed one. Thread-safe.
public final class MemoryDpopReplay implements DpopReplay {
  private static final int MAX_ENTRIES = 200_000;

  private final InstantSource clock;
  private final int maxEntries;
  private final ConcurrentHashMap<Use, Instant> forgetAfter = new ConcurrentHashMap<>();

  public MemoryDpopReplay(InstantSource clock) {
    this(clock, MAX_ENTRIES);
  }

  MemoryDpopReplay(InstantSource clock, int maxEntries) {
    this.clock = clock;
    this.maxEntries = maxEntries;
  }

  @Override
  public boolean recordFirst(String thumbprint, URI url, String id, Instant forget) {
    if (forgetAfter.size() >= maxEntries) {
      var now = clock.instant();
      forgetAfter.values().removeIf(after -> after.isBefore(now));
      if (forgetAfter.size() >= maxEntries) {
        return false;
      }
    }
    return forgetAfter.putIfAbsent(new Use(thumbprint, url, id), forget) == null;
  }

  private record Use(String thumbprint, URI url, String id) {}
}
