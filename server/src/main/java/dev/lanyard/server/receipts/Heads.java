package dev.lanyard.server.receipts;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How far the record was when this node first saw it, for each request for receipts that are about
/// more than their kills. Whoever is silent counts as having refused so much after that moment: it
/// must not be a later one at each attempt, or it never comes. Thread-safe.
final class Heads {
  private static final int MOST = 1000;

  private final Map<List<String>, Head> seen =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, Head> eldest) {
          return size() > MOST;
        }
      };

  /// @param sequence of the last denial
  /// @param at when that was committed already
  record Head(long sequence, Instant at) {}

  /// The one that was seen first, unless something later has to be waited for.
  ///
  /// @param incidents of the request
  /// @param last of all that the receipts name
  synchronized Optional<Head> seen(List<String> incidents, long last) {
    return Optional.ofNullable(seen.get(incidents)).filter(head -> head.sequence() >= last);
  }

  synchronized void see(List<String> incidents, Head head) {
    seen.put(incidents, head);
  }

  synchronized void forget(List<String> incidents) {
    seen.remove(incidents);
  }
}
