package dev.lanyard.server.credentials;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.directory.Person;

/// Knows what the role library may give whom at all, as it and their groups are now.
public interface Entitlement {
  /// Whether the person may ever have the connector, through whatever client.
  boolean has(Person person, String connector);

  /// Whether the person may ever have the connector of this resource, which may be another's,
  /// through this client.
  boolean reaches(Person person, ClientId client, ResourceIndicator resource);
}
