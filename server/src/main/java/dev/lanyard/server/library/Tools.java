package dev.lanyard.server.library;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The tools of a connector, with the judgement that their grades rest on.
///
/// @param byName in the order of their names
/// @param review who judged the grades; empty as long as nobody has
public record Tools(Map<String, Tool> byName, Optional<Review> review) {
  /// None is known.
  public static final Tools NONE = new Tools(Map.of(), Optional.empty());

  public Tools {
    byName = java.util.Collections.unmodifiableMap(new TreeMap<>(byName));
  }

  /// The tool with this name.
  public Optional<Tool> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /// Every tool, in the order of the names.
  public Collection<Tool> all() {
    return byName.values();
  }
}
