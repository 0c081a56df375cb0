package dev.lanyard.server.token;

import dev.lanyard.server.keys.MasterKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// Nonces for DPoP proofs, which no node keeps: each is what this installation alone can make of a
/// stretch of time, the same for everybody. So a proof cannot have been made long before it is
/// sent, by whoever had a client's key for a moment. That a proof is used once is for its `jti`.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9449.html#section-8 RFC 9449 §8 (DPOP-2)
public final class DpopNonces {
  private static final Duration STRETCH = Duration.ofMinutes(2);

  private final MasterKey key;
  private final InstantSource clock;

  /// @param master the same on all nodes, or one that succeeds it
  public DpopNonces(MasterKey master, InstantSource clock) {
    this.key = master.forPurpose("nonces of DPoP proofs");
    this.clock = clock;
  }

  /// The one to be used from now on.
  String latest() {
    return key.code(String.valueOf(stretch()));
  }

  /// Those that are good now: also the one before, which a client has until it is told another, and
  /// the one after, which it may have from a node whose clock is ahead. While a new master key
  /// takes over, those of nodes that have the former one still are good as well.
  Set<String> good() {
    long now = stretch();
    return LongStream.rangeClosed(now - 1, now + 1)
        .mapToObj(String::valueOf)
        .flatMap(stretch -> key.codes(stretch).stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  private long stretch() {
    return clock.instant().getEpochSecond() / STRETCH.toSeconds();
  }
}
