package dev.lanyard.server.governance.routing;

import dev.lanyard.protocol.oauth.ClientId;
import java.time.Duration;
import java.util.Optional;

/// Work that somebody declares before it is done.
///
/// @param name unique in the file
/// @param needs what it is to get at: a connector, or any of a category
/// @param dataClass how sensitive the data is, as the role library names it
/// @param freshness how old the data may be; empty if age does not matter
/// @param callsPerDay how many calls it makes
/// @param writes whether it changes anything
/// @param agent the client that does it without a person; empty if people do it
public record Workload(
    String name,
    Needs needs,
    String dataClass,
    Optional<Duration> freshness,
    long callsPerDay,
    boolean writes,
    Optional<ClientId> agent) {

  /// What a workload is to get at.
  public sealed interface Needs {
    record OfConnector(String id) implements Needs {}

    record OfCategory(String category) implements Needs {}
  }
}
