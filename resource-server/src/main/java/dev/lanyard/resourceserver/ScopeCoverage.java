package dev.lanyard.resourceserver;

import dev.lanyard.protocol.oauth.Scopes;
import java.util.Map;

/// Which scope implies which others (RS-4). What is not written here implies nothing: no pattern in
/// a scope's name is ever interpreted.
///
/// @param implied from a broad scope to the narrower ones; looked up once, so write every one
public record ScopeCoverage(Map<String, Scopes> implied) {
  /// Every scope stands for itself alone.
  public static final ScopeCoverage EXACT = new ScopeCoverage(Map.of());

  public ScopeCoverage {
    implied = Map.copyOf(implied);
  }

  boolean covers(Scopes granted, Scopes needed) {
    if (implied.isEmpty()) {
      return granted.containsAll(needed);
    }
    var effective = granted;
    for (var scope : granted.values()) {
      effective = effective.union(implied.getOrDefault(scope, Scopes.NONE));
    }
    return effective.containsAll(needed);
  }
}
