package dev.lanyard.server.gateway;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.front.GatewayLimits;
import dev.lanyard.server.gateway.front.Recording;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
  /// @throws IllegalArgumentException if two connectors share an id or an address, or two servers a
  ///   secret, or an aggregate has a connector that is not here
  public GatewayConfig {
    fronts = List.copyOf(fronts);
    aggregates = List.copyOf(aggregates);
    var ids = fronts.stream().map(Front::connector).toList();
    for (var aggregate : aggregates) {
      for (var id : aggregate.of()) {
        if (!ids.contains(id)) {
          throw new IllegalArgumentException(
              "gateway.aggregates: '%s' has '%s' in 'of', which is none of gateway.connectors; these are %s"
                  .formatted(aggregate.front().connector(), id, ids));
        }
      }
    }
    var told = new HashMap<String, String>();
    fronts.forEach(front -> unshared("gateway.connectors", front, told));
    unsharedSecrets(fronts);
    aggregates.forEach(one -> unshared("gateway.aggregates", one.front(), told));
  }

  /// The connectors that it serves, by their ids.
  public Set<String> connectors() {
    return allFronts().map(Front::connector).collect(Collectors.toUnmodifiableSet());
  }

  /// The fronts of all of them.
  public Stream<Front> allFronts() {
    return Stream.concat(fronts.stream(), aggregates.stream().map(Aggregated::front));
  }

  /// @param told which property has an id or a path
  private static void unshared(String property, Front front, Map<String, String> told) {
    var here = "%s: '%s'".formatted(property, front.connector());
    var sameId = told.putIfAbsent("id " + front.connector(), here);
    if (sameId != null) {
      throw new IllegalArgumentException(here + " has the id of another one, of " + sameId);
    }
    var samePath = told.putIfAbsent("path " + front.path(), here);
    if (samePath != null) {
      throw new IllegalArgumentException(
          "%s has the path %s, which %s has".formatted(here, front.path(), samePath));
    }
  }

  /// A server can sign with the secret by which it verifies who calls.
  private static void unsharedSecrets(List<Front> fronts) {
    for (int i = 0; i < fronts.size(); i++) {
      for (var other : fronts.subList(0, i)) {
        var one = fronts.get(i);
        if (one.handling().identity().isPresent()
            && one.handling().identity().equals(other.handling().identity())
            && !one.serverName().equals(other.serverName())) {
          throw new IllegalArgumentException(
              "gateway.connectors: '%s' and '%s' have the same secret in 'identity': the server of one could tell that of the other who calls; give each its own"
                  .formatted(other.connector(), one.connector()));
        }
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
        throw new IllegalArgumentException(
            "gateway.aggregates.of of '%s' names no connector".formatted(front.connector()));
      }
      for (var one : of) {
        if (!PREFIX.matcher(one).matches()) {
          throw new IllegalArgumentException(
              "gateway.aggregates.of: '%s' is no name that tools can begin with; that has 1 to 40 letters, digits, '_' and '-'"
                  .formatted(one));
        }
        var others = new ArrayList<>(of);
        others.remove(one);
        for (var other : others) {
          if ((other + "__").startsWith(one + "__")) {
            throw new IllegalArgumentException(
                "gateway.aggregates.of: '%s' begins as '%s' does: nobody could tell their tools apart"
                    .formatted(other, one));
          }
        }
      }
    }
  }
}
