package dev.lanyard.server.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds the route of a request. A path without parameters wins over one with; otherwise the order
/// of the table does not matter, for two routes may not claim the same requests. Immutable.
final class Router {
  private final Map<String, Place> exact = new HashMap<>();
  private final List<Place> patterns = new ArrayList<>();

  /// @throws IllegalArgumentException if two routes serve the same method at the same pattern
  Router(List<Route> routes) {
    var places = new LinkedHashMap<String, Place>();
    for (var route : routes) {
      places.computeIfAbsent(route.pattern(), Place::new).add(route);
    }
    for (var place : places.values()) {
      if (place.hasParameters()) {
        patterns.add(place);
      } else {
        exact.put(place.pattern, place);
      }
    }
  }

  sealed interface Match {
    /// The route, and the parameters of its pattern.
    record Found(Route route, Map<String, String> parameters) implements Match {}

    /// The path is ours, the method is not served there.
    record WrongMethod(Set<Method> allowed, CrossOrigin crossOrigin) implements Match {}

    record Unknown() implements Match {}
  }

  Match find(Optional<Method> method, String path) {
    var place = exact.get(path);
    if (place != null) {
      return place.match(method, Map.of());
    }
    var segments = path.split("/", -1);
    for (var candidate : patterns) {
      var parameters = candidate.parameters(segments);
      if (parameters.isPresent()) {
        return candidate.match(method, parameters.get());
      }
    }
    return new Match.Unknown();
  }

  /// All routes of one pattern.
  private static final class Place {
    private final String pattern;
    private final String[] segments;
    private final Map<Method, Route> routes = new EnumMap<>(Method.class);

    Place(String pattern) {
      this.pattern = pattern;
      this.segments = pattern.split("/", -1);
    }

    void add(Route route) {
      for (var method : route.methods()) {
        if (routes.put(method, route) != null) {
          throw new IllegalArgumentException("two routes serve " + method + " " + pattern);
        }
      }
    }

    boolean hasParameters() {
      return pattern.indexOf('{') >= 0;
    }

    Match match(Optional<Method> method, Map<String, String> parameters) {
      var route = method.map(routes::get);
      return route.isPresent()
          ? new Match.Found(route.get(), parameters)
          : new Match.WrongMethod(allowed(), crossOrigin(routes.values()));
    }

    private Set<Method> allowed() {
      return EnumSet.copyOf(routes.keySet());
    }

    private static CrossOrigin crossOrigin(Collection<Route> routes) {
      return routes.stream().anyMatch(route -> route.crossOrigin() == CrossOrigin.ALLOWED)
          ? CrossOrigin.ALLOWED
          : CrossOrigin.REFUSED;
    }

    Optional<Map<String, String>> parameters(String[] path) {
      if (path.length != segments.length) {
        return Optional.empty();
      }
      var parameters = new HashMap<String, String>();
      for (int i = 0; i < path.length; i++) {
        var segment = segments[i];
        if (segment.startsWith("{")) {
          if (path[i].isEmpty()) {
            return Optional.empty();
          }
          parameters.put(segment.substring(1, segment.length() - 1), decoded(path[i]));
        } else if (!segment.equals(path[i])) {
          return Optional.empty();
        }
      }
      return Optional.of(parameters);
    }

    /// The server has already refused broken escapes; a plus in a path is a plus.
    private static String decoded(String segment) {
      return segment.indexOf('%') < 0
          ? segment
          : URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
  }
}
