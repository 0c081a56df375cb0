package dev.lanyard.server.authorization.upstream;

import java.net.URI;

/// Where Microsoft Graph is, for people whose ID Tokens only say that they are in many groups.
///
/// @param endpoint its address with the version, such as `https://graph.microsoft.com/v1.0`
/// @param securityGroupsOnly whether distribution lists and the like are left out, as they are in
///   the claim of an application that lists security groups
public record MicrosoftGraphConfig(URI endpoint, boolean securityGroupsOnly) {

  /// @throws IllegalArgumentException if the address is none that a path can be put after
  public MicrosoftGraphConfig {
    var scheme = endpoint.getScheme();
    if (endpoint.getHost() == null
        || !("https".equals(scheme) || "http".equals(scheme))
        || endpoint.getRawQuery() != null
        || endpoint.getRawFragment() != null
        || endpoint.toString().endsWith("/")) {
      throw new IllegalArgumentException(
          "broker.sign_in.upstreams.group_overage must be an address such as"
              + " https://graph.microsoft.com/v1.0, not '"
              + endpoint
              + "'");
    }
  }
}
