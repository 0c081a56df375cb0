package dev.lanyard.server.broker;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Secret;
import java.util.Optional;
import java.util.Set;

/// Knows the access tokens of the resource authorization server beside this broker, with which
/// people call resource servers that may ask here for ID-JAGs for them.
@FunctionalInterface
public interface CallerTokens {
  /// There is no such server beside.
  CallerTokens NONE = (_, _) -> Optional.empty();

  /// What a token says that counts now at one of these resources; empty if it counts at none.
  Optional<AccessToken> living(Secret token, Set<ResourceIndicator> resources);
}
