package dev.lanyard.server.stdio;

import java.util.HashMap;
import java.util.Map;

/// How many processes there are, and whose. Thread-safe.
final class Places {
  private final StdioConfig.Limits limits;
  private final Map<String, Integer> taken = new HashMap<>();
  private int all;

  Places(StdioConfig.Limits limits) {
    this.limits = limits;
  }

  /// @return whether there was one left
  synchronized boolean take(String name) {
    int theirs = taken.getOrDefault(name, 0);
    if (all >= limits.atOnce() || theirs >= limits.ofOnePerson()) {
      return false;
    }
    all++;
    taken.put(name, theirs + 1);
    return true;
  }

  synchronized void leave(String name) {
    all--;
    taken.computeIfPresent(name, (_, theirs) -> theirs == 1 ? null : theirs - 1);
  }
}
