package dev.lanyard.server.library;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// An entry of `exceptions:`: what somebody is given besides their roles, for a while. It works
/// through every approved client.
///
/// @param name unique in the library
/// @param justification who answers for it, and why it is there
/// @param people whom it is for: verified addresses, ids, or user names that were given, whatever
///   the case of their letters
/// @param groups the groups it is for; people and groups are not both empty
/// @param until the first instant at which it gives nothing more
/// @param clearance up to which data class its tools may go; empty for the lowest only
/// @param connectors what it gives, by connector
public record Exemption(
    String name,
    Justification justification,
    Set<String> people,
    Set<String> groups,
    Instant until,
    Optional<DataClass> clearance,
    Map<String, Given> connectors) {

  public Exemption {
    people = Set.copyOf(people);
    groups = Set.copyOf(groups);
    connectors = Map.copyOf(connectors);
  }

  /// Whether it still gives something.
  public boolean isInForce(Instant now) {
    return now.isBefore(until);
  }
}
