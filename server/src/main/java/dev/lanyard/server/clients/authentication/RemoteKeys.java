package dev.lanyard.server.clients.authentication;

import dev.lanyard.protocol.jose.KeySource;
import java.net.URI;

/// Makes a source of the keys that a client publishes. Asked once for each URL.
public interface RemoteKeys {
  KeySource at(URI jwksUri);
}
