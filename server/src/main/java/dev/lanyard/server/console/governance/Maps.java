package dev.lanyard.server.console.governance;

import dev.lanyard.server.governance.coverage.Coverage;
import dev.lanyard.server.governance.coverage.CoverageMap;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// The coverage maps of this node, prepared: the one of now is kept ready. Thread-safe.
public final class Maps {
  private static final Duration READY = Duration.ofMinutes(30);

  private final Prepared<Optional<Instant>, Coverage> prepared;

  public Maps(CoverageMap map, InstantSource clock) {
    this.prepared = new Prepared<>(asked -> asked.map(map::at).orElseGet(map::now), clock);
  }

  /// Counts the map of now, if nobody has for a while: to be called now and then.
  public void keepReady() {
    prepared.warm(Optional.empty(), READY);
  }

  /// The map of now, as it was counted last; empty while it is counted for the first time.
  Optional<Coverage> now() {
    return prepared.of(Optional.empty());
  }

  /// The same, waited for: for work that needs it.
  Coverage nowWhenDone() {
    return prepared.whenDone(Optional.empty());
  }

  /// The map that is asked for; empty while it is counted, and for a time that is none.
  Optional<Coverage> of(When when) {
    return switch (when) {
      case When.Now() -> now();
      case When.At(var instant, _) -> prepared.of(Optional.of(instant));
      case When.Never _ -> Optional.empty();
    };
  }
}
