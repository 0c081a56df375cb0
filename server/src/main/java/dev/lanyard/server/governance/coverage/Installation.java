package dev.lanyard.server.governance.coverage;

import dev.lanyard.protocol.oauth.Issuer;
import java.util.Optional;
import java.util.Set;

/// What the coverage depends on of how this installation is set up now.
///
/// @param ours our own resource authorization server, if there is one
/// @param bridged connectors at which the gateway keeps what people have consented to
public record Installation(Optional<Issuer> ours, Set<String> bridged) {
  /// One of which nothing is known.
  public static final Installation UNKNOWN = new Installation(Optional.empty(), Set.of());

  public Installation {
    bridged = Set.copyOf(bridged);
  }
}
