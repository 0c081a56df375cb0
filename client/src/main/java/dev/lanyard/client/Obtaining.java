package dev.lanyard.client;

/// One way to a grant. [HeldAccess] calls it when it has none in memory that would do, and never
/// twice at the same time for one server.
@FunctionalInterface
public interface Obtaining {
  /// Obtains a grant anew.
  Access obtain(Wanted wanted);
}
