package dev.lanyard.server.http;

import dev.lanyard.protocol.evidence.Evidence;
import java.net.InetAddress;
import java.util.Optional;

/// Learns what this server itself refuses before any handler sees it: what is too large, too slow,
/// or no HTTP.
@FunctionalInterface
public interface Refusals {
  /// Nobody learns it.
  Refusals UNHEARD = _ -> {};

  /// Records a refusal. May block; what it throws is logged, and the peer is answered all the same.
  void refused(Refusal refusal);

  /// Counts an answer that this server gave for a reason of its own, before any handler saw the
  /// request. Never blocks.
  default void failed() {}

  /// What was refused.
  ///
  /// @param route the pattern of the route that it was for, if it came so far
  /// @param correlationId by which its sender knows it
  /// @param source from where it came
  /// @param failed the check that failed
  record Refusal(
      Optional<String> route, String correlationId, InetAddress source, Evidence failed) {}
}
