package dev.lanyard.server.library;

import dev.lanyard.protocol.oauth.Scopes;
import java.util.Map;

/// Which scopes of a connector stand for which narrower ones too (RS-4). What is not written here
/// implies nothing: no pattern in a scope's name means anything.
///
/// @param implied from a broad scope to the narrower ones; looked up once, so every pair is written
public record ScopeImplications(Map<String, Scopes> implied) {
  /// Every scope stands for itself alone.
  public static final ScopeImplications NONE = new ScopeImplications(Map.of());

  public ScopeImplications {
    implied = Map.copyOf(implied);
  }

  /// Whether a scope is this one, or stands for it.
  public boolean covers(String scope, String narrow) {
    return scope.equals(narrow) || implied.getOrDefault(scope, Scopes.NONE).contains(narrow);
  }

  /// These scopes, and those that they stand for.
  public Scopes withImplied(Scopes granted) {
    if (implied.isEmpty()) {
      return granted;
    }
    var all = granted;
    for (var scope : granted.values()) {
      all = all.union(implied.getOrDefault(scope, Scopes.NONE));
    }
    return all;
  }

  /// These scopes, and those that stand for one of them.
  public Scopes withImplying(Scopes narrow) {
    var all = narrow;
    for (var one : implied.entrySet()) {
      if (!one.getValue().intersect(narrow).isEmpty()) {
        all = all.union(Scopes.of(one.getKey()));
      }
    }
    return all;
  }
}
