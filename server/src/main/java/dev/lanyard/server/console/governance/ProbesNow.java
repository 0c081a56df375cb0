package dev.lanyard.server.console.governance;

import dev.lanyard.server.catalog.KnownWorld;
import dev.lanyard.server.governance.probe.Probes;
import dev.lanyard.server.governance.probe.Probes.Probed;
import dev.lanyard.server.governance.probe.Probes.Target;
import dev.lanyard.server.library.Connector;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Probes a connector at once because an administrator asks for it. That sends requests to whoever
/// runs it and takes up to a minute and a half, so a node probes one at a time, and each at most
/// once a minute. Thread-safe.
public final class ProbesNow {
  private static final Duration APART = Duration.ofMinutes(1);

  private final Probes probes;
  private final Supplier<KnownWorld> known;
  private final ReentrantLock probing = new ReentrantLock();
  // Guarded by the lock; no larger than the role library.
  private final Map<String, Instant> probed = new HashMap<>();

  /// @param known the catalogue
  public ProbesNow(Probes probes, Supplier<KnownWorld> known) {
    this.probes = probes;
    this.known = known;
  }

  /// What became of it.
  sealed interface Probing {
    record Done(Probed probed) implements Probing {}

    /// It was not probed, because somebody probes too often.
    ///
    /// @param why for whoever asked
    record TooOften(String why) implements Probing {}
  }

  /// @param noted is run before anything is sent
  Probing probe(Connector connector, Instant now, Runnable noted) {
    if (!probing.tryLock()) {
      return new Probing.TooOften("This node is probing a connector just now; try again.");
    }
    try {
      probed.values().removeIf(at -> !at.plus(APART).isAfter(now));
      if (probed.containsKey(connector.id())) {
        return new Probing.TooOften("It was probed less than a minute ago; try again.");
      }
      probed.put(connector.id(), now);
      noted.run();
      var target = new Target(connector.id(), connector.resource(), known.get().of(connector));
      return new Probing.Done(probes.now(List.of(target)).getFirst());
    } finally {
      probing.unlock();
    }
  }
}
