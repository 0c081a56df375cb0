package dev.lanyard.server.credentials;

import dev.lanyard.server.directory.Person;

/// Knows whom the role library may give a connector at all, through whatever client.
@FunctionalInterface
public interface Entitlement {
  /// Whether the person may ever have it, as the library and their groups are now.
  boolean has(Person person, String connector);
}
