package dev.lanyard.server.clients;

import dev.lanyard.protocol.jose.PublicKeySet;
import java.net.URI;

/// Where the public keys of a client are.
public sealed interface ClientKeys {
  /// It has none.
  record None() implements ClientKeys {}

  /// In the clients file.
  record Inline(PublicKeySet keys) implements ClientKeys {}

  /// At a URL of the client's.
  record Remote(URI jwksUri) implements ClientKeys {}
}
