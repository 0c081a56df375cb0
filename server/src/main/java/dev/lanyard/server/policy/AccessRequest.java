package dev.lanyard.server.policy;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import java.util.List;
import java.util.Set;

/// Whether somebody in these groups may reach something through a client. The person's standing
/// (known, active) is not the policy's to judge.
///
/// @param groups the groups of the person, as they are *now* (IDP-17)
/// @param client the authenticated client at the broker
/// @param audience the registered issuer of the resource authorization server
/// @param resources what shall be reached; empty if the client did not say
/// @param scopes what was asked for; [Scopes#NONE] if the client did not say, which asks for
///   everything that policy gives
public record AccessRequest(
    Set<String> groups,
    ClientId client,
    Issuer audience,
    List<ResourceIndicator> resources,
    Scopes scopes) {

  public AccessRequest {
    groups = Set.copyOf(groups);
    resources = resources.stream().distinct().toList();
  }
}
