package dev.lanyard.server.gateway;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.front.GatewayLimits;
import dev.lanyard.server.gateway.front.Recording;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the gateway is told. Nothing listed means nothing served.
///
/// @param issuer whose tokens it takes: the resource authorization server of this installation
/// @param fronts the connectors behind it
/// @param aggregates endpoints that show several of them as one
/// @param contact a sentence that says whom to ask for what is missing; empty if nobody said one
/// @param recording when a call is recorded, and what happens to one that cannot be
public record GatewayConfig(
    Issuer issuer,
    List<Front> fronts,
    List<Aggregated> aggregates,
    GatewayLimits limits,
    Optional<String> contact,
    Recording recording) {
  /// @throws IllegalArgumentException if two connectors share an id or an address, or an aggregate
  ///   has a connector that is not here
  public GatewayConfig {
    fronts = List.copyOf(fronts);
    aggregates = List.copyOf(aggregates);
    var ids = fronts.stream().map(Front::connector).toList();
    for (var aggregate : aggregates) {
      if (!ids.containsAll(aggregate.of())) {
        throw new IllegalArgumentException(
            "gateway.aggregates: %s has some of %s that are none of gateway.connectors"
                .formatted(aggregate.front().connector(), aggregate.of()));
      }
    }
    var seen = new HashSet<String>();
    for (var front :
        Stream.concat(fronts.stream(), aggregates.stream().map(Aggregated::front)).toList()) {
      if (!seen.add("id " + front.connector()) || !seen.add("path " + front.path())) {
        throw new IllegalArgumentException(
            "gateway.connectors: two share the id or the path of " + front.connector());
      }
    }
  }

  /// An endpoint that shows several connectors as one.
  ///
  /// @param front the protected resource that it is, with a connector of the role library of its
  ///   own
  /// @param of the ids of the connectors
  public record Aggregated(Front front, List<String> of) {
    /// What begins the names of its tools, and leaves room for them.
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_-]{1,40}");

    /// @throws IllegalArgumentException if an id cannot begin names, or begins as another does
    public Aggregated {
      of = List.copyOf(of);
      if (of.isEmpty()) {
        throw new IllegalArgumentException("gateway.aggregates.of names no connector");
      }
      for (var one : of) {
        if (!PREFIX.matcher(one).matches()) {
          throw new IllegalArgumentException(
              "gateway.aggregates.of: '" + one + "' is no name that tools can begin with");
        }
        if (of.stream().filter(other -> (other + "__").startsWith(one + "__")).count() > 1) {
          throw new IllegalArgumentException(
              "gateway.aggregates.of: another one begins as '" + one + "' does");
        }
      }
    }
  }
}
