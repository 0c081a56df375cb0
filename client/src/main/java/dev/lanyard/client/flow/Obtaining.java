package dev.lanyard.client.flow;

import dev.lanyard.client.Access;

/// One way to an access token. [HeldAccess] calls it when it has none in memory that would do, and
/// never twice at the same time for one server.

@FunctionalInterface
public interface Obtaining {
  /// Obtains a token anew.
  Access obtain(Wanted wanted);
}
