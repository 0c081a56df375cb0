package dev.lanyard.server.ras;

import dev.lanyard.protocol.oauth.AuthorizationDetails;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import java.util.List;

/// What a token is for.
///
/// @param resources of one form
record Granted(Resources resources, Scopes scopes, AuthorizationDetails details) {
  List<ResourceIndicator> identifiers() {
    return resources.identifiers();
  }
}
